// A study through the service, as a program elsewhere asks for it: the terminal's tables, and a patient's score to the last digit.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@islet/api/client";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ballCohort, ballStudy, ballTable, sendBall, writeBallStudy } from "../helpers/ball-cohort.ts";
import { islet } from "../helpers/cli.ts";
import { answerOf, postJson, startIslet, type ServiceProcess } from "../helpers/service.ts";

const cohort = ballCohort(20);
const MODELS = ["hand", "deep"] as const;
let folder: string;
let service: ServiceProcess;
let url: string;
const cases = new Map<string, string>();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-api-study-"));
  service = await startIslet(["serve", "--port", "0", "--data", join(folder, "data"), "--log-level", "warn"]);
  url = service.told["url"] as string;
  for (const patient of cohort) cases.set(patient.id, await sendBall(url, patient));
});
afterAll(async () => {
  await service?.end("SIGTERM");
  await rm(folder, { recursive: true, force: true });
});

test("a sent study ends with the terminal's tables, byte for byte, and its bundle scores an external patient as the study did", async () => {
  const request = {
    kind: "study",
    study: ballStudy({ image: "scan", mask: "scan", rough: "scan" }, MODELS),
    tables: { "cohort.csv": ballTable(cohort, ({ id }) => ({ scan: cases.get(id)! })) },
    backend: "wasm",
  };
  const { id } = await answerOf<{ id: string }>(postJson(`${url}/v1/jobs`, request));
  const stream = await (await fetch(`${url}/v1/jobs/${id}/events`)).text();
  const events = stream.split("\n\n").filter(Boolean);
  expect(events.filter((event) => event.startsWith("event: case"))).toHaveLength(20);
  expect(events.filter((event) => event.startsWith("event: model"))).toHaveLength(2);
  expect(events.at(-1)).toContain('"state":"done"');
  const fileOf = (name: string) => fetch(`${url}/v1/jobs/${id}/files/${name}`);

  const out = join(folder, "terminal");
  const study = await writeBallStudy(join(folder, "balls"), cohort, MODELS);
  expect((await islet(["study", "run", study, "-o", out, "--backend", "wasm", "--json"])).code).toBe(0);
  for (const name of ["tables/models.csv", "predictions.csv", "folds.csv", "features/deep.portal.csv", "features/radiomics.portal.csv"])
    expect(await (await fileOf(name)).text(), name).toBe(await readFile(join(out, name), "utf8"));
  expect(await (await fileOf("report.html")).text()).toContain("Research use only");

  const client = createClient(url);
  const bundle = await (await fileOf("model.islet")).blob();
  const model = await client.sendModel(bundle);
  expect(await client.sendModel(bundle), "the same bytes are the same model").toBe(model);
  const predictions = (await readFile(join(out, "predictions.csv"), "utf8")).split("\n");
  const wanted = predictions
    .find((row) => row.startsWith("P19,external,deep,"))!
    .split(",")
    .at(-1);
  const score = { kind: "score" as const, model, cases: { portal: cases.get("P19")! }, backend: "wasm" as const };
  const { risk, notice } = await client.run(score);
  expect([String(risk), notice]).toEqual([wanted, expect.stringContaining("Research use only")]);

  const other = await postJson(`${url}/v1/jobs`, { ...score, cases: { arterial: cases.get("P19")! } });
  expect([other.status, await other.text()]).toEqual([400, expect.stringContaining('was sent as the phase \\"portal\\"')]);
  expect(service.stderr()).not.toContain('"level":50');
});
