import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { bundleFixture } from "../../../../test/helpers/bundle.ts";
import { openBundleFile, scoreFiles } from "./score-files.node.ts";
import { scoreFilesApart } from "./score-thread.node.ts";

let folder: string;
let given: Parameters<typeof scoreFiles>[0];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-score-thread-"));
  const { bytes, cohort } = await bundleFixture("CT findings");
  const model = join(folder, "model.islet");
  await writeFile(model, bytes);
  const { variables } = (await openBundleFile(model)).model;
  const patient = cohort.patients[58]!.variables;
  given = { model, clinical: Object.fromEntries(variables.map(({ name }) => [name, String(patient[name])])) };
});
afterAll(() => rm(folder, { recursive: true }));

const forever = () => new AbortController().signal;

it("scores on a thread to the last digit of this one, tells how far it is, and leaves this one free", async () => {
  let turns = 0;
  const turning = setInterval(() => turns++, 1);
  const stages: string[] = [];
  const apart = await scoreFilesApart(given, { backend: "wasm", tell: ({ stage }) => void stages.push(stage) }, forever());
  clearInterval(turning);
  expect(apart).toEqual(await scoreFiles(given, { backend: "wasm" }));
  expect(stages).toContain("score");
  expect(turns).toBeGreaterThan(3);
});

it("keeps the name and the sentence of a refusal", async () => {
  const wrong = { ...given, clinical: {} };
  const here = (await scoreFiles(wrong).catch((error: Error) => error)) as Error;
  await expect(scoreFilesApart(wrong, {}, forever())).rejects.toMatchObject({ name: here.name, message: here.message });
  expect(here.name).toBe("ConfigError");
});

it("ends with an AbortError when it is stopped, before or after it has begun", async () => {
  const stopper = new AbortController();
  const going = scoreFilesApart(given, {}, stopper.signal);
  stopper.abort();
  await expect(going).rejects.toMatchObject({ name: "AbortError" });
  await expect(scoreFilesApart(given, {}, stopper.signal)).rejects.toMatchObject({ name: "AbortError" });
});
