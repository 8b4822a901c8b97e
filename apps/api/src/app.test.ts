import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { VERSION } from "@islet/pipeline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createKey, revokeKey } from "./auth/keys.ts";
import { createClient } from "./client.ts";
import { createApp, type App } from "./app.ts";
import { openParts, type Parts } from "./parts.ts";

let folder: string;
let parts: Parts;
let app: App;
let guarded: App;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-api-"));
  parts = await openParts({
    data: folder,
    jobs: 1,
    logLevel: process.env["ISLET_TEST_LOG"] ?? "silent",
    limits: { bodyBytes: 4_000_000, jsonBytes: 100_000, voxels: 50_000 },
  });
  const rooms = { ...parts, isStopping: () => false };
  app = createApp({ ...rooms, needsKey: false });
  guarded = createApp({ ...rooms, needsKey: true });
  await parts.work();
});

afterAll(async () => {
  await parts.close(0);
  await rm(folder, { recursive: true });
});

/** A synthetic image of 16 x 20 x 24 voxels of 1 mm: a bright ball on noise; and the ball's mask. */
function ball(): { image: Blob; mask: Blob } {
  const [nz, ny, nx] = [16, 20, 24];
  const [image, mask] = [new Int16Array(nz * ny * nx), new Uint8Array(nz * ny * nx)];
  for (let i = 0; i < image.length; i++) {
    const [z, y, x] = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
    const inside = Math.hypot(z - 8, y - 10, x - 12) < 6;
    image[i] = ((i * 2654435761) % 97) + (inside ? 100 : 0);
    mask[i] = inside ? 1 : 0;
  }
  const header = (type: string) =>
    `ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 0 0 0\nElementSpacing = 1 1 1\nDimSize = ${nx} ${ny} ${nz}\nElementType = ${type}\nElementDataFile = LOCAL\n`;
  return { image: new Blob([header("MET_SHORT"), image]), mask: new Blob([header("MET_UCHAR"), mask]) };
}

const ROUGH = JSON.stringify({
  format: "islet-rough-roi/1",
  image: "Doe^Jane",
  annotator: "Dr. Roe",
  coordinateSystem: "LPS",
  unit: "mm",
  slices: [
    ["top", 13],
    ["largest", 8],
    ["bottom", 3],
  ].map(([role, z]) => ({ role, corners: [[6, 4, z], [18, 4, z], [18, 16, z], [6, 16, z]] })), // prettier-ignore
});

const form = (fields: Record<string, Blob | string>) => {
  const data = new FormData();
  for (const [name, value] of Object.entries(fields)) {
    if (typeof value === "string") data.set(name, value);
    else data.set(name, value, "Doe^Jane.mha");
  }
  return data;
};
const ask = (body: object, headers: Record<string, string> = {}) =>
  app.request("/v1/jobs", { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } });
const sendBall = async () => {
  const answer = await app.request("/v1/cases", { method: "POST", body: form({ ...ball(), rough: new Blob([ROUGH]), phase: "arterial" }) });
  return { status: answer.status, body: (await answer.json()) as { id: string; facts: { shape: number[] } } };
};
const detail = async (answer: Response) => ((await answer.json()) as { detail: string }).detail;

describe("the service about itself", () => {
  test("it says that it lives, and its version", async () => {
    expect(await (await app.request("/healthz")).json()).toEqual({ status: "ok", version: VERSION });
    expect((await app.request("/readyz")).status).toBe(200);
  });

  test("its numbers are Prometheus text and name routes, not ids", async () => {
    await app.request("/v1/cases/0f8fad5b-d9cb-469f-a165-70867728950e");
    const text = await (await app.request("/metrics")).text();
    expect(text).toContain('route="/v1/cases/:id",status="404"');
    expect(text).not.toContain("0f8fad5b");
  });

  test("it describes every route in OpenAPI 3.1, and its page needs nothing from elsewhere", async () => {
    const document = (await (await app.request("/openapi.json")).json()) as { openapi: string; paths: Record<string, object> };
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths)).toEqual(
      expect.arrayContaining([
        "/v1/models",
        "/v1/models/{id}",
        "/v1/cases",
        "/v1/jobs",
        "/v1/jobs/{id}/result",
        "/v1/jobs/{id}/events",
        "/healthz",
      ]),
    );
    const page = await app.request("/docs");
    expect(await page.text()).not.toMatch(/https?:/);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect((await app.request("/docs/swagger-ui-bundle.js")).status).toBe(200);
  });
});

describe("keys", () => {
  const get = (headers: Record<string, string>, of = guarded) => of.request("/v1/cases", { headers });

  test("without one only loopback is let in, and only when addressed as such", async () => {
    expect((await get({})).status).toBe(401);
    expect((await get({}, app)).status).toBe(200);
    expect((await get({ host: "attacker.example" }, app)).status).toBe(403);
    expect((await get({ host: "127.0.0.1:8080", origin: "http://attacker.example" }, app)).status).toBe(403);
    expect((await get({ host: "127.0.0.1:8080", origin: "http://127.0.0.1:8080" }, app)).status).toBe(200);
  });

  test("a key opens what its scopes say, until it is revoked; its secret is nowhere in the database", async () => {
    const { db } = parts.database;
    const { token, key } = await createKey(db, "reader", ["read"]);
    const headers = { authorization: `Bearer ${token}` };
    expect((await get(headers)).status).toBe(200);
    const sent = await guarded.request("/v1/jobs", {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: "{}",
    });
    expect([sent.status, await detail(sent)]).toEqual([
      403,
      'the key "reader" has the scopes read, and this needs "jobs"; use another key',
    ]);
    expect(JSON.stringify((await db.execute("select * from api_key")) as object)).not.toContain(token.slice(15));
    await revokeKey(db, key.id);
    const refused = await get(headers);
    expect([refused.status, refused.headers.get("www-authenticate")]).toEqual([401, 'Bearer realm="islet"']);
  });

  test("a wrong key is refused, on loopback too", async () => {
    for (const wrong of ["Bearer x", "Basic eDp5", `Bearer islet_00000000_${"a".repeat(43)}`, "Bearer "])
      expect((await get({ authorization: wrong }, app)).status).toBe(401);
  });
});

describe("cases", () => {
  test("an image with mask and annotation is read and kept without any name", async () => {
    const { status, body } = await sendBall();
    expect([status, body.facts.shape]).toEqual([201, [16, 20, 24]]);
    const kept = await readdir(join(folder, "cases", body.id));
    expect(kept.toSorted()).toEqual(["image.mha", "mask.mha", "rough.json"]);
    for (const name of kept) expect(await readFile(join(folder, "cases", body.id, name), "latin1")).not.toMatch(/Doe|Roe/);
    expect(JSON.stringify(body)).not.toMatch(/Doe|Roe/);
    expect((await app.request(`/v1/cases/${body.id}`)).status).toBe(200);
    expect((await app.request(`/v1/cases/${body.id}`, { method: "DELETE" })).status).toBe(204);
    expect((await app.request(`/v1/cases/${body.id}`)).status).toBe(404);
    expect(await readdir(join(folder, "cases"))).not.toContain(body.id);
  });

  const { image, mask } = ball();
  const photo = new Blob([new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3])]);
  const bad: [what: string, fields: Record<string, Blob | string>, status: number, sentence: string][] = [
    ["a photo", { image: photo }, 422, "image: is a JPEG picture, expected a scan"],
    ["a truncated file", { image: image.slice(0, 5000) }, 422, "image/000001: is cut short"],
    ["a photo as mask", { image, mask: photo }, 422, "mask: is a JPEG picture, expected a mask"],
    ["a mask elsewhere", { image, mask: new Blob([mask.slice(0, 158), "9000 0 0".padEnd(0)]) }, 422, "mask"],
    ["no image", { phase: "arterial" }, 400, 'the form has no "image"'],
    ["an unknown field", { image, name: "Jane" }, 400, 'the form has a field "name"'],
    ["a phase that is a path", { image, phase: "../x" }, 400, "phase: expected a short name"],
    ["more bytes than allowed", { image: new Blob([new Uint8Array(5_000_000)]) }, 413, "the upload is larger than 4000000 bytes"],
    ["an empty file", { image: new Blob([]) }, 422, "image: is an empty file"],
    ["an annotation that is none", { image, rough: new Blob(["{}"]) }, 422, "rough: is not a rough annotation"],
  ];
  test.each(bad)("%s is refused with what to do, and nothing is left behind", async (_, fields, status, sentence) => {
    const before = await readdir(join(folder, "cases"));
    const answer = await app.request("/v1/cases", { method: "POST", body: form(fields) });
    expect([answer.status, answer.headers.get("content-type")]).toEqual([status, "application/problem+json"]);
    expect(await detail(answer)).toContain(sentence);
    expect(await readdir(join(folder, "cases"))).toEqual(before);
    expect(await readdir(parts.store.incomingFolder).catch(() => [])).toEqual([]);
  });

  test("a body that is no form is refused", async () => {
    const answer = await app.request("/v1/cases", { method: "POST", body: "x", headers: { "content-type": "text/plain" } });
    expect(answer.status).toBe(415);
  });
});

describe("the client", () => {
  const clientOf = () =>
    createClient("http://localhost", { fetch: async (input, init) => app.request(input instanceof Request ? input : String(input), init) });

  test("it sends a case, runs a job on it and gives its result; its routes are typed", async () => {
    const client = clientOf();
    const { image, mask } = ball();
    const id = await client.sendCase({ image: [image], mask: [mask], phase: "venous" });
    const { features } = await client.run({ kind: "radiomics", case: id, preset: "ibsi-a" });
    expect(Object.keys(features as object).length).toBeGreaterThan(100);
    const kept = await (await client.routes.v1.cases[":id"].$get({ param: { id } })).json();
    expect(kept).toMatchObject({ id, phase: "venous", hasMask: true });
  });

  test("a refusal is thrown with the service's sentence", async () => {
    await expect(clientOf().sendModel(new Blob(["x"]))).rejects.toThrow("model: is neither a bundle (model.islet of a study) nor weights");
  });
});

describe("jobs", () => {
  test("radiomics gives the features of the command, and a repeated question the same numbers", async () => {
    const { body } = await sendBall();
    const request = { kind: "radiomics", case: body.id, preset: "song-2021" };
    const answers = [await ask(request, { Prefer: "wait=50" }), await ask(request, { Prefer: "wait=50" })];
    const results = (await Promise.all(answers.map((answer) => answer.json()))) as { result: { features: Record<string, number> } }[];
    expect(answers[0]!.status).toBe(200);
    expect(Object.keys(results[0]!.result.features)).toHaveLength(143);
    expect(results[1]!.result.features).toEqual(results[0]!.result.features);
    expect(JSON.stringify(results[0])).not.toContain(folder);
  });

  test("a job without a wait is told of, watched, and then has its result", async () => {
    const { body } = await sendBall();
    const asked = await ask({ kind: "radiomics", case: body.id, preset: "ibsi-a" });
    const { id, state } = (await asked.json()) as { id: string; state: string };
    expect([asked.status, asked.headers.get("location"), state]).toEqual([202, `/v1/jobs/${id}`, "queued"]);
    const events = await (await app.request(`/v1/jobs/${id}/events`)).text();
    expect(events).toContain('data: {"type":"end","state":"done"}');
    expect((await app.request(`/v1/jobs/${id}/result`)).status).toBe(200);
    expect((await app.request(`/v1/jobs/${id}`, { method: "DELETE" })).status).toBe(204);
    expect((await app.request(`/v1/jobs/${id}/result`)).status).toBe(404);
  });

  test("a job that fails keeps the pipeline's sentence", async () => {
    const sent = await app.request("/v1/cases", { method: "POST", body: form({ image: ball().image }) });
    const { id } = (await sent.json()) as { id: string };
    const answer = await ask({ kind: "radiomics", case: id }, { Prefer: "wait=50" });
    expect([answer.status, await detail(answer)]).toEqual([400, `case ${id}: was sent without a mask; send it again with one`]);
  });

  test("characters that no database takes are no fault", async () => {
    const { body } = await sendBall();
    const answer = await ask({ kind: "radiomics", case: body.id, config: "\u0000: \ud800" }, { Prefer: "wait=50" });
    expect([answer.status, await detail(answer)]).toEqual([400, expect.stringContaining("config")]);
  });

  test("a cancelled job has no result", async () => {
    const { body } = await sendBall();
    const asked = (await (await ask({ kind: "radiomics", case: body.id })).json()) as { id: string };
    const cancelled = await app.request(`/v1/jobs/${asked.id}/cancel`, { method: "POST" });
    expect(((await cancelled.json()) as { state: string }).state).toMatch(/cancelled|done/);
    const other = (await (await ask({ kind: "segment", case: body.id, weights: "shipped:sarcoma-ct-16" })).json()) as { id: string };
    await app.request(`/v1/jobs/${other.id}/cancel`, { method: "POST" });
    const result = await app.request(`/v1/jobs/${other.id}/result`);
    expect([result.status, await detail(result)]).toEqual([409, "the job was cancelled and has no result; ask again"]);
  });

  test.each([
    ["no such case", { kind: "radiomics", case: "0f8fad5b-d9cb-469f-a165-70867728950e" }, 404, "there is no case"],
    ["an unknown kind", { kind: "xray" }, 400, "kind"],
    ["an unknown preset", { kind: "radiomics", case: "0f8fad5b-d9cb-469f-a165-70867728950e", preset: "x" }, 400, "preset"],
    ["a study that is none", { kind: "study", study: "a: [", tables: {} }, 400, "study"],
  ])("%s is refused", async (_, body, status, sentence) => {
    const answer = await ask(body);
    expect(answer.status).toBe(status);
    expect(await detail(answer)).toContain(sentence);
  });
});
