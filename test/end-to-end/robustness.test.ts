// A study before simulated readers, from the command to its files.
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { islet } from "../helpers/cli.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-robustness-"));
  await islet(["demo", "generate", "-o", join(folder, "cohort"), "--patients", "10", "--json"]);
  const study = await readFile(join(folder, "cohort", "study.yaml"), "utf8");
  const small = study
    .replace("inputSize: 256", "inputSize: 32")
    .replace("baseWidth: 16", "baseWidth: 2")
    .replace(/^ {2}- \{ name: (Radiomics-V|Radiomics-A&V|DLR-V|DLR-A&V|DLR-A \+ sa?),.*\n/gm, "");
  await writeFile(join(folder, "cohort", "study.yaml"), small);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const robustness = (out: string, ...more: string[]) =>
  islet(["study", "robustness", join(folder, "cohort", "study.yaml"), "-o", join(folder, out), "--backend", "wasm", "--json", ...more]);
const written = async (out: string) => {
  const names = (await readdir(join(folder, out, "robustness"))).toSorted();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, out, "robustness", name), "base64")])),
  );
};

describe("islet study robustness", () => {
  it("reports every feature's ICC and each patient's change of risk, to the same bytes on one worker and from the cache of two", async () => {
    const two = await robustness("two", "--workers", "2", "--readers", "2");
    expect(two.code).toBe(0);
    const { models } = JSON.parse(two.stdout) as { models: { model: string; patients: number; icc: number; largestChange: number }[] };
    // The model of findings alone is not there: no annotation matters to it.
    expect(models.map(({ model, patients }) => [model, patients])).toEqual([
      ["Radiomics-A", 10],
      ["DLR-A", 10],
      ["DLR-A + sag", 10],
    ]);
    expect(Math.max(...models.map(({ largestChange }) => largestChange))).toBeGreaterThan(1e-3);
    const features = await readFile(join(folder, "two", "robustness", "features.csv"), "utf8");
    expect(features.trim().split("\n")).toHaveLength(1 + 143 + 32);
    expect(await readFile(join(folder, "two", "robustness", "report.html"), "utf8")).toMatch(/SYNTHETIC DATA[\s\S]*Research use only/);
    const before = await written("two");
    await robustness("two", "--workers", "2", "--readers", "2");
    expect(await written("two")).toEqual(before);
    await robustness("one", "--workers", "1", "--readers", "2");
    expect(await written("one")).toEqual(before);
  });

  it("finds readers who draw the same masks in full agreement with the study", async () => {
    const { stdout } = await robustness("two", "--readers", "2", "--mask-sd", "0");
    const { models } = JSON.parse(stdout) as { models: { model: string; icc: number | null; largestChange: number }[] };
    expect(models.find(({ model }) => model === "Radiomics-A")).toMatchObject({ largestChange: 0, changedGroup: 0 });
    expect(models.find(({ model }) => model === "DLR-A")!.largestChange).toBeGreaterThan(0);
  });

  it("ends with 2 and a sentence for one reader, and for a study without images", async () => {
    expect(await robustness("two", "--readers", "1")).toMatchObject({ code: 2, stderr: expect.stringContaining("2 to 100 readers") });
    const study = await readFile(join(folder, "cohort", "study.yaml"), "utf8");
    const none = study.replace(/^ {2}- \{ name: (Radiomics|DLR).*\n/gm, "").replace("primaryModel: DLR-A", "primaryModel: CT findings");
    await writeFile(join(folder, "cohort", "findings.yaml"), none);
    const refused = await islet(["study", "robustness", join(folder, "cohort", "findings.yaml"), "-o", join(folder, "none")]);
    expect(refused).toMatchObject({ code: 2, stderr: expect.stringContaining("no model uses features of images") });
  });
});
