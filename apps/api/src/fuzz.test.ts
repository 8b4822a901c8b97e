// Requests and files that no sane program sends: each gets an answer that is no fault, and the service lives. ISLET_FUZZ sets how many (default 2000).
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { randomFor } from "@islet/pipeline";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp, type App } from "./app.ts";
import { openParts, type Parts } from "./parts.ts";

const COUNT = Number(process.env["ISLET_FUZZ"] ?? 2000);
const SEED = Number(process.env["ISLET_FUZZ_SEED"] ?? 1);
/** Requests under way at a time. */
const AT_ONCE = 4;

let folder: string;
let parts: Parts;
let app: App;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-api-fuzz-"));
  const limits = {
    bodyBytes: 3_000_000,
    jsonBytes: 200_000,
    unpackedBytes: 20_000_000,
    voxels: 100_000,
    intakeSeconds: 30,
    uploads: AT_ONCE,
  };
  parts = await openParts({ data: folder, jobs: 1, logLevel: "silent", limits });
  app = createApp({ ...parts, needsKey: false, isStopping: () => false });
});
afterAll(async () => {
  await parts.close(0);
  await rm(folder, { recursive: true });
});

/** Draws from a seeded generator. */
function dice(i: number) {
  const random = randomFor(SEED, "fuzz", String(i));
  const below = (n: number) => Math.floor(random() * n);
  const one = <T>(of: readonly T[]): T => of[below(of.length)]!;
  const bytes = (n: number) => Uint8Array.from({ length: n }, () => below(256));
  return { random, below, one, bytes };
}
type Dice = ReturnType<typeof dice>;

const encode = (text: string) => new TextEncoder().encode(text);
const metaImage = (size: string, type: string, data: Uint8Array) =>
  new Uint8Array([
    ...encode(
      `ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\nTransformMatrix = 1 0 0 0 1 0 0 0 1\nOffset = 0 0 0\nElementSpacing = 1 1 1\nDimSize = ${size}\nElementType = ${type}\nElementDataFile = LOCAL\n`,
    ),
    ...data,
  ]);

/** A NIfTI-1 header of 8 x 8 x 4 voxels of 16 bits, with its voxels. */
function nifti(): Uint8Array {
  const bytes = new Uint8Array(352 + 512);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, 348, true);
  for (const [i, n] of [3, 8, 8, 4, 1, 1, 1, 1].entries()) view.setInt16(40 + 2 * i, n, true);
  view.setInt16(70, 4, true);
  view.setInt16(72, 16, true);
  for (let i = 0; i < 8; i++) view.setFloat32(76 + 4 * i, 1, true);
  view.setFloat32(108, 352, true);
  view.setFloat32(112, 1, true);
  view.setInt16(254, 1, true);
  for (const [row, at] of [280, 296, 312].entries()) view.setFloat32(at + 4 * row, 1, true);
  bytes.set(encode("n+1\0"), 344);
  for (let i = 352; i < bytes.length; i += 2) view.setInt16(i, i % 200, true);
  return bytes;
}

const voxels = Uint8Array.from({ length: 512 }, (_, i) => (i * 37) % 251);
/** A part 10 file of one slice of 4 x 4, explicit VR, little endian. */
function dicom(): Uint8Array {
  const element = (group: number, number: number, vr: string, value: Uint8Array) => {
    const long = ["OB", "OW"].includes(vr);
    const head = new DataView(new ArrayBuffer(long ? 12 : 8));
    head.setUint16(0, group, true);
    head.setUint16(2, number, true);
    for (let i = 0; i < 2; i++) head.setUint8(4 + i, vr.charCodeAt(i));
    if (long) head.setUint32(8, value.length, true);
    else head.setUint16(6, value.length, true);
    return [...new Uint8Array(head.buffer), ...value];
  };
  const text = (value: string) => encode(value.length % 2 ? `${value} ` : value);
  const u16 = (value: number) => new Uint8Array(Uint16Array.of(value).buffer);
  const meta = element(2, 0x10, "UI", encode("1.2.840.10008.1.2.1\0"));
  const size = element(2, 0, "UL", new Uint8Array(Uint32Array.of(meta.length).buffer));
  const rest = [
    element(8, 0x16, "UI", encode("1.2.840.10008.5.1.4.1.1.2\0")),
    element(8, 0x18, "UI", text("1.2.3.4")),
    element(8, 0x60, "CS", text("CT")),
    element(0x10, 0x10, "PN", text("Doe^Jane")),
    element(0x18, 0x50, "DS", text("1")),
    element(0x20, 0x0d, "UI", text("1.2")),
    element(0x20, 0x0e, "UI", text("1.2.3")),
    element(0x20, 0x32, "DS", text("0\\0\\0")),
    element(0x20, 0x37, "DS", text("1\\0\\0\\0\\1\\0")),
    element(0x28, 2, "US", u16(1)),
    element(0x28, 0x10, "US", u16(4)),
    element(0x28, 0x11, "US", u16(4)),
    element(0x28, 0x30, "DS", text("1\\1")),
    element(0x28, 0x100, "US", u16(16)),
    element(0x28, 0x101, "US", u16(16)),
    element(0x28, 0x102, "US", u16(15)),
    element(0x28, 0x103, "US", u16(1)),
    element(0x28, 0x1052, "DS", text("0")),
    element(0x28, 0x1053, "DS", text("1")),
    element(0x7fe0, 0x10, "OW", voxels.slice(0, 32)),
  ];
  return new Uint8Array([...new Uint8Array(128), ...encode("DICM"), ...size, ...meta, ...rest.flat()]);
}

const rough = JSON.stringify({
  format: "islet-rough-roi/1",
  image: "Doe^Jane",
  coordinateSystem: "LPS",
  unit: "mm",
  slices: ["top", "largest", "bottom"].map((role, i) => ({ role, corners: [[0, 0, 3 - i], [4, 0, 3 - i], [4, 4, 3 - i], [0, 4, 3 - i]] })), // prettier-ignore
});
const SOUND: readonly Uint8Array[] = [
  metaImage("8 8 4", "MET_SHORT", voxels),
  metaImage("8 8 8", "MET_UCHAR", voxels),
  encode(
    `NRRD0004\ntype: short\ndimension: 3\nsizes: 8 8 4\nspace: left-posterior-superior\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\nencoding: raw\nendian: little\n\n${"ab".repeat(256)}`,
  ),
  nifti(),
  gzipSync(nifti()),
  gzipSync(new Uint8Array(30_000_000)),
  dicom(),
  encode(rough),
  new Uint8Array([0x50, 0x4b, 5, 6, ...new Uint8Array(18)]),
  new Uint8Array([0xff, 0xd8, 0xff, 0xe0, 1, 2, 3, 4]),
  new Uint8Array([50, 0, 0, 0, 0, 0, 0, 0, ...encode('{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'), 0, 0, 0, 0]),
  new Uint8Array(0),
];

/** A sound file, cut, flipped, doubled, spliced with another, or with a number of its header blown up. */
function file({ below, one, bytes }: Dice): Uint8Array {
  let out = Uint8Array.from(one(SOUND));
  for (let turns = below(4); turns > 0; turns--) {
    const at = below(out.length + 1);
    switch (below(6)) {
      case 0:
        out = out.slice(0, at);
        break;
      case 1:
        for (let n = 1 + below(8); n > 0 && out.length; n--) out[below(out.length)]! ^= 1 << below(8);
        break;
      case 2:
        out = new Uint8Array([...out.slice(0, at), ...bytes(below(40)), ...out.slice(at)]);
        break;
      case 3:
        out = new Uint8Array([...out.slice(0, Math.min(at, 4000)), ...one(SOUND).slice(below(300), 4000)]);
        break;
      case 4:
        out = encode(
          new TextDecoder("latin1").decode(out.slice(0, 4000)).replace(/\d+/, () => one(["-1", "0", "99999999999", "1e300", "NaN", ""])),
        );
        break;
      default:
        if (out.length >= 8)
          new DataView(out.buffer).setUint32(4 * below(Math.floor(out.length / 4)), one([0xffffffff, 0x7fffffff, 0x80000000, 0]), true);
    }
  }
  return out;
}

const ID = "0f8fad5b-d9cb-469f-a165-70867728950e";
const WORDS = ["", "x", "-1", "1e999", "null", "\u0000", "../../etc/passwd", "%00", "'; drop table job; --", "𝕏".repeat(50), ID, "#1", "é"];

/** Any value, or a sound request with some of its values exchanged. */
function value(d: Dice, depth = 0): unknown {
  const { below, one, random } = d;
  if (depth > 4 || below(3) === 0) return one<unknown>([null, true, 0, -1, 1e308, random(), ...WORDS, [], {}]);
  if (below(2) === 0) return Array.from({ length: below(5) }, () => value(d, depth + 1));
  return Object.fromEntries(Array.from({ length: below(5) }, () => [one([...WORDS, "kind", "case", "study"]), value(d, depth + 1)]));
}
function jobRequest(d: Dice): unknown {
  const { below, one } = d;
  const request = one<Record<string, unknown>>([
    { kind: "radiomics", case: ID, preset: "ibsi" },
    { kind: "radiomics", case: ID, preset: "pyradiomics", config: "setting: { binWidth: 25 }" },
    { kind: "deep", case: ID, weights: "shipped:sarcoma-ct-16", window: { level: 40, width: 400 } },
    { kind: "segment", case: ID, weights: ID },
    { kind: "score", model: ID, cases: { portal: ID }, clinical: { age: 50 } },
    {
      kind: "study",
      study:
        "name: x\nseed: 1\ncohorts: { internal: { table: c.csv } }\noutcome: { event: e }\nmodels: [{ name: m, clinical: [a] }]\nclinical: { a: { column: a } }\n",
      tables: { "c.csv": "patient_id,e,a\nA,1,2\nB,0,3" },
    },
  ]);
  const changed = { ...request };
  for (let n = below(3); n > 0; n--) changed[one([...Object.keys(request), "more"])] = value(d);
  return below(12) === 0 ? value(d) : changed;
}

function request(d: Dice): [path: string, init: RequestInit] {
  const { below, one, bytes } = d;
  const kind = below(10);
  if (kind < 4) {
    const form = new FormData();
    const path = one(["/v1/cases", "/v1/cases", "/v1/cases", "/v1/models"]);
    const add = (field: string) =>
      form.append(field, new Blob([file(d) as Uint8Array<ArrayBuffer>]), one(["a.nii.gz", "Doe^Jane", "../x"]));
    add(path === "/v1/cases" ? "image" : "model");
    if (path === "/v1/cases") for (let n = below(3); n > 0; n--) add(one(["image", "mask", "mask", "rough"]));
    if (below(20) === 0) add(one(["image", "model", "other"]));
    if (below(3) === 0) form.append(one(["phase", "series", "label", "structure"]), one([...WORDS, "1", "arterial"]));
    return [path, { method: "POST", body: form }];
  }
  if (kind < 7) {
    const text = JSON.stringify(jobRequest(d));
    const cut = below(6) === 0 ? text.slice(0, below(text.length)) : text;
    return [
      "/v1/jobs",
      {
        method: "POST",
        body: cut,
        headers: { "Content-Type": one(["application/json", "application/json", "text/plain"]), Prefer: one(["", "wait=0", "wait=x"]) },
      },
    ];
  }
  if (kind === 7) {
    const boundary = one(["b", "--", "x y"]);
    const body = new Uint8Array([
      ...encode(`--${boundary}\r\n`),
      ...bytes(below(50)),
      ...encode(one(["\r\n\r\n", "Content-Disposition: form-data; name=image\r\n\r\n"])),
      ...bytes(below(200)),
      ...encode(one([`\r\n--${boundary}--`, "", `\r\n--${boundary}`])),
    ]);
    return [
      one(["/v1/cases", "/v1/models"]),
      {
        method: "POST",
        body,
        headers: { "Content-Type": one([`multipart/form-data; boundary=${boundary}`, "multipart/form-data", "text/plain"]) },
      },
    ];
  }
  const room = one(["cases", "models", "jobs", "keys", "", "jobs/../cases"]);
  const tail = one([
    "",
    "/",
    `/${ID}`,
    `/${encodeURIComponent(one(WORDS))}`,
    `/${ID}/result`,
    `/${ID}/events`,
    `/${ID}/cancel`,
    `/${ID}/files/${one(["a", "../../x", "..%2f..%2fx", "a/b/c.csv", "%00"])}`,
    "?limit=-1",
    "?before=x",
    "?state=done",
  ]);
  const authorization = one([undefined, undefined, undefined, "Bearer", `Bearer ${one(["", "x", "é", "islet_00000000_"])}`, "Basic Og=="]);
  const safe = authorization !== undefined && /^[\x20-\x7e]*$/.test(authorization) ? { authorization } : {};
  return [
    `/v1/${room}${tail}`,
    {
      method: one(["GET", "GET", "POST", "DELETE", "PUT", "PATCH", "OPTIONS", "HEAD"]),
      headers: { ...safe, host: one(["localhost", "127.0.0.1:1", "evil.example"]) },
    },
  ];
}

/** A form as the bytes it is sent as. */
async function asBytes([path, init]: [path: string, init: RequestInit]): Promise<[path: string, init: RequestInit]> {
  if (!(init.body instanceof FormData)) return [path, init];
  const form = new Response(init.body);
  const type = form.headers.get("content-type")!;
  return [path, { ...init, body: await form.arrayBuffer(), headers: { "Content-Type": type } }];
}

test(`${COUNT} requests and files from seed ${SEED} meet no fault, and leave nothing half-received`, async () => {
  const faults: string[] = [];
  const seen = new Map<number, number>();
  let next = 0;
  const lane = async () => {
    while (next < COUNT) {
      const i = next++;
      const [path, init] = await asBytes(request(dice(i)));
      const answer = await app.request(path, init);
      const text = await answer.text();
      seen.set(answer.status, (seen.get(answer.status) ?? 0) + 1);
      const isProblem = answer.status < 400 || init.method === "HEAD" || answer.headers.get("content-type") === "application/problem+json";
      if (answer.status === 500 || !isProblem || /Doe|Jane/.test(text))
        faults.push(`${i}: ${init.method} ${path} ${answer.status} ${text.slice(0, 300)}`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, lane));
  if (process.env["ISLET_FUZZ"])
    console.log(`answers by status: ${JSON.stringify(Object.fromEntries(seen))}; engine processes that died: ${parts.engines.deaths()}`);
  expect(faults).toEqual([]);
  expect((await app.request("/readyz")).status).toBe(200);
  expect(await readdir(parts.store.incomingFolder).catch(() => [])).toEqual([]);
}, 3_600_000);
