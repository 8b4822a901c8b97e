import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { generateDemo } from "@islet/pipeline/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { islet } from "../helpers/cli.ts";
import { tableStudyTables } from "../helpers/table-study.ts";

const EXAMPLE = fileURLToPath(new URL("../../examples/features/study.yaml", import.meta.url));

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-features-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("features made elsewhere, in the terminal", () => {
  it("have a study file to start from, which validates with a cohort and a table beside it", async () => {
    expect((await islet(["study", "init", "--features", folder])).code).toBe(0);
    const tables = tableStudyTables();
    await writeFile(at("cohort.csv"), tables["cohort.csv"]!);
    await writeFile(at("arterial-features.csv"), tables["arterial.csv"]!.replace("ID,", "patient_id,"));
    const { code, stdout } = await islet(["study", "validate", at("study.yaml")]);
    expect(code).toBe(0);
    expect(stdout).toContain("30 internal patients (10 events), 12 external (4), 0 excluded; models Radiomics-A");
    expect(stdout).toContain("note: features.arterial (arterial-features.csv): no features are 1 column");
  });

  it("validate with what the guards see in the tables, before anything is learnt", async () => {
    const { code, stdout } = await islet(["study", "validate", EXAMPLE, "--json"]);
    expect(code).toBe(0);
    const { internal, findings, missing } = JSON.parse(stdout) as {
      internal: object;
      findings: { id: string }[];
      missing: string[];
    };
    expect({ internal, missing }).toEqual({ internal: { n: 56, events: 10 }, missing: [] });
    expect(findings.map(({ id }) => id)).toEqual(["cohort-and-outcome", "early-censoring", "missing-values", "tables-not-scans"]);
  });

  it("join features of scans and clinical variables in one model; a patient without a row is left out and named", async () => {
    await generateDemo(at("cohort"), { seed: 1, patients: 12, signal: 1, format: "nifti", network: { baseWidth: 2, inputSize: 64 } });
    const ids = (await readFile(at("cohort", "cohort.csv"), "utf8"))
      .trim()
      .split("\n")
      .slice(1)
      .map((row) => row.split(",")[0]!);
    const rows = ids.slice(0, -1).map((id, i) => `${id},${(i * 37) % 11},${(i * 17) % 7}`);
    await writeFile(at("cohort", "elsewhere.csv"), ["patient_id,a,b", ...rows].join("\n"));
    await writeFile(
      at("cohort", "mixed.yaml"),
      `
name: mixed (SYNTHETIC)
seed: 1
cohorts: { internal: { table: cohort.csv } }
outcome: { event: recurrence, time: months }
phases: { arterial: { image: arterial_image, mask: arterial_mask, window: { level: 130, width: 310 } } }
features: { t: elsewhere.csv }
clinical: { age: { column: age } }
radiomics: { preset: intensity }
models:
  - { name: Mixed, features: [radiomics.arterial, features.t], clinical: [age] }
  - { name: Scans, features: [radiomics.arterial] }
`,
    );
    const { code, stdout, stderr } = await islet(["study", "run", at("cohort", "mixed.yaml"), "-o", at("out"), "--json"]);
    expect(code, stderr).toBe(0);
    const { models, failures } = JSON.parse(stdout) as { models: { model: string; cohort: string; n: number }[]; failures: object[] };
    expect(models.map(({ model, cohort, n }) => `${model} ${cohort} ${n}`)).toEqual([
      "Mixed internal 9",
      "Mixed external 2",
      "Scans internal 9",
      "Scans external 3",
    ]);
    const reason = "has no row in elsewhere.csv";
    expect(failures).toEqual([{ patient: ids.at(-1), cohort: "external", phase: "features.t", reason }]);
    expect(await readFile(at("out", "tables", "flow.csv"), "utf8")).toContain(`${ids.at(-1)},external,features.t,failed,${reason}`);
    expect((await readFile(at("out", "features", "features.t.csv"), "utf8")).split("\n")[0]).toBe(
      "patient_id,cohort,features_t_a,features_t_b",
    );
    expect(await readFile(at("out", "report.html"), "utf8")).toContain(
      "Features made elsewhere were read from tables: features.t (elsewhere.csv).",
    );
  });
});
