import { describe, expect, it } from "vitest";
import { featureBlocks, modelTask } from "./features.ts";
import { guardsOfTables } from "./guards/study-guards.ts";
import { openStudy } from "./load.ts";

const study = (features: string, model = "features.t") => `
name: s
seed: 1
cohorts: { internal: { table: cohort.csv } }
outcome: { event: y, time: months }
features: { t: ${features} }
exclude: [x]
models: [{ name: T, features: [${model}] }]
`;
const COHORT = "patient_id,cohort,y,months\na,internal,0,70\nb,internal,1,20\nc,internal,1,30\nd,external,0,65\nx,internal,0,70\n";
const PYRADIOMICS = `Image,Mask,ID,diagnostics_Versions_PyRadiomics,diagnostics_Mask-original_VoxelNum,original_shape_Flatness,original_glcm_Contrast,original_ngtdm_Busyness
a.nrrd,am.nrrd,a,3.1.0,120,0.5,10,
b.nrrd,bm.nrrd,b,3.1.0,130,0.25,1e-3,nan
c.nrrd,cm.nrrd,c,3.1.0,140,0.75,30,7
d.nrrd,dm.nrrd,d,3.1.0,150,1,40,8
`;
const open = (config: string, files: Record<string, string>, model?: string) =>
  openStudy(study(config, model), "study.yaml", async (file) => ({ file, folder: ".", text: { "cohort.csv": COHORT, ...files }[file]! }));
const refusal = (config: string, files: Record<string, string>, model?: string) =>
  open(config, files, model).then(
    () => expect.fail("the tables were accepted"),
    (error: Error) => {
      expect(error.name).toBe("ConfigError");
      return error.message;
    },
  );

describe("tables of features", () => {
  it("read PyRadiomics' output: ids by their column, words and diagnostics passed over with a sentence, gaps as no value", async () => {
    const opened = await open("{ table: t.csv, patient: ID }", { "t.csv": PYRADIOMICS });
    const block = opened.tables.blocks.get("features.t")!;
    expect(block.columns).toEqual([
      "features_t_original_shape_Flatness",
      "features_t_original_glcm_Contrast",
      "features_t_original_ngtdm_Busyness",
    ]);
    expect([...block.rows]).toEqual([
      ["a", [0.5, 10, null]],
      ["b", [0.25, 1e-3, null]],
      ["c", [0.75, 30, 7]],
      ["d", [1, 40, 8]],
    ]);
    expect(block.undefinedFeatures).toEqual([{ name: "features_t_original_ngtdm_Busyness", patients: 2 }]);
    expect(opened.tables.notes).toEqual([
      "features.t (t.csv): no features are 2 columns diagnostics_* (PyRadiomics' notes on version, image and mask); Image, Mask (words)",
    ]);
    expect(opened.tables.missing).toEqual([]);
  });

  it("give models their columns, patients of both cohorts in the cohort's order", async () => {
    const { study: config, cohort, tables } = await open("t.csv", { "t.csv": "patient_id,f,g\nd,4,8\nb,2,6\na,1,5\nc,3,7\n" });
    const task = modelTask(config, cohort, config.models[0]!, featureBlocks(config, cohort, new Map(), tables.blocks));
    expect(task.names).toEqual(["features_t_f", "features_t_g"]);
    expect(task.internal).toMatchObject({ ids: ["a", "b", "c"], values: [1, 5, 2, 6, 3, 7] });
    expect(task.external).toMatchObject({ ids: ["d"], values: [4, 8] });
  });

  it("read a cohort a file, columns in any order", async () => {
    const { tables } = await open("[in.csv, out.csv]", {
      "in.csv": "patient_id,f,g\na,1,5\nb,2,6\nc,3,7\n",
      "out.csv": "g,patient_id,f\n8,d,4\n",
    });
    expect(tables.blocks.get("features.t")!.rows.get("d")).toEqual([4, 8]);
    expect(tables.hashes.map(({ file }) => file)).toEqual(["in.csv", "out.csv"]);
  });

  it("name the patients without a row, and count rows of strangers but not of the excluded", async () => {
    const { tables } = await open("t.csv", { "t.csv": "patient_id,f,g\na,1,5\nb,2,6\nd,3,7\nx,4,8\nz,5,9\n" });
    expect(tables.missing).toEqual([{ patient: "c", cohort: "internal", phase: "features.t", reason: "has no row in t.csv" }]);
    expect(tables.notes).toEqual(["features.t (t.csv): 1 row is of no patient of this study, and passed over"]);
  });

  it("never take the outcome, the follow-up or the cohort for a feature", async () => {
    const { tables } = await open("t.csv", { "t.csv": "patient_id,cohort,y,months,f\na,1,0,70,1\nb,1,1,20,2\nc,1,1,30,4\nd,2,0,65,3\n" });
    expect(tables.blocks.get("features.t")!.columns).toEqual(["features_t_f"]);
    expect(tables.notes[0]).toContain("cohort, y, months (the study reads them as something else)");
  });

  it("pass over a spreadsheet's or pandas' numbering of rows", async () => {
    const { tables } = await open("t.csv", { "t.csv": ",patient_id,f\n0,a,1\n1,b,2\n2,c,4\n3,d,3\n" });
    expect(tables.blocks.get("features.t")!.columns).toEqual(["features_t_f"]);
  });

  it("refuse what would be guessed: another id column, a word among numbers, two rows a patient, other features in the other file, no common patient", async () => {
    expect(await refusal("t.csv", { "t.csv": PYRADIOMICS })).toMatch(
      /^t\.csv: has no column "patient_id" of patients' ids \(columns: Image, .*\); name the one that has them, as features: { t: { table: \.\.\., patient: COLUMN } }$/,
    );
    expect(await refusal("t.csv", { "t.csv": "patient_id,f\na,1\nb,3a\nc,2\n" })).toMatch(
      /^t\.csv, row 3, column f: expected a number.*"3a".*ignore/,
    );
    expect(await refusal("t.csv", { "t.csv": "patient_id,f\na,1\nb,3\na,2\n" })).toMatch(
      /^t\.csv, row 4, column patient_id: patient a is already in t\.csv, row 2/,
    );
    expect(await refusal("[t.csv, u.csv]", { "t.csv": "patient_id,f,g\na,1,1\nb,3,1\nc,2,1\n", "u.csv": "patient_id,f\nd,1\n" })).toMatch(
      /^u\.csv: lacks 1 of the 2 features that the other table has \(g\)/,
    );
    expect(await refusal("t.csv", { "t.csv": "patient_id,f\nA,1\nB,3\n" })).toMatch(
      /none of its 2 patients \(the first: "A"\).*first is "a"/,
    );
    expect(await refusal("t.csv", { "t.csv": "patient_id,f\na,x\nb,y\n" })).toMatch(/^t\.csv: has no column of numbers.*f \(words\)/);
    expect(await refusal("{ table: t.csv, ignore: [h] }", { "t.csv": "patient_id,f\na,1\nb,2\n" })).toMatch(
      /^t\.csv: has no column "h", which features\.t\.ignore/,
    );
  });

  it("leave out what ignore names", async () => {
    const { tables } = await open("{ table: t.csv, ignore: [g] }", { "t.csv": "patient_id,f,g\na,1,x\nb,2,3\nc,3,4\nd,4,5\n" });
    expect(tables.blocks.get("features.t")!.columns).toEqual(["features_t_f"]);
  });

  it("are named features.NAME in models: other names are refused with the right one", async () => {
    const files = { "t.csv": "patient_id,f\na,1\nb,2\nc,3\nd,4\n" };
    expect(await refusal("t.csv", files, "features.u")).toMatch(/"features\.u" names no table of this study.*declared: t/);
    expect(await refusal("t.csv", files, "radiomics.t")).toMatch(
      /needs phases\.t, with images; the features of the table features\.t are called "features\.t"/,
    );
  });

  it("are looked at by the guards before anything is computed", async () => {
    const opened = await open("t.csv", { "t.csv": "patient_id,f,g,h\na,1,2,3\nb,1,2,3\nc,3,4,5\nd,4,5,6\n" });
    expect(guardsOfTables(opened).map(({ id }) => id)).toEqual(["duplicate-features", "tables-not-scans"]);
  });

  it("are refused together with a gap of a model's variable before anything is learnt", async () => {
    const files = {
      "t.csv": "patient_id,f\na,1\nb,2\nc,3\nd,4\n",
      "cohort.csv": COHORT.replace(",months", ",months,age")
        .replaceAll(/([0-9])\n/g, "$1,50\n")
        .replace("20,50", "20,"),
    };
    const config = study("t.csv")
      .replace("models:", "clinical: { age: { column: age } }\nmodels:")
      .replace("[features.t]", "[features.t], clinical: [age]");
    const opening = openStudy(config, "study.yaml", async (file) => ({ file, folder: ".", text: files[file as keyof typeof files] }));
    await expect(opening).rejects.toThrow(/^patient b, variable age: is empty; .*learn\.impute: median/);
  });
});
