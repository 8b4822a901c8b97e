import { describe, expect, it } from "vitest";
import type { CaseResult } from "./case.ts";
import { readCohort } from "./cohort.ts";
import { parseStudy } from "./config.ts";
import { caseId, featureBlocks, modelTask } from "./features.ts";

const study = (learn: string) =>
  parseStudy(
    `
name: s
seed: 1
cohorts: { internal: { table: t.csv } }
outcome: { event: y }
phases: { ct: { image: image, mask: mask, window: { level: 50, width: 400 } } }
clinical: { sex: { column: sex, kind: category }, age: { column: age } }
models: [{ name: R, features: [radiomics.ct], clinical: [sex, age] }]
learn: ${learn}`,
    "study.yaml",
  );
const TABLE = `patient_id,cohort,y,image,mask,sex,age,scanner
a,internal,0,a.nii,a.nii,F,60,X
b,internal,1,b.nii,b.nii,M,,Y
c,internal,1,c.nii,c.nii,F,70,X
d,external,0,d.nii,d.nii,NA,55,Z
`;
/** Features of the four patients: the second has no value for b, and none of the internal ones for c. */
const RESULTS = new Map<string, CaseResult>(
  ["a", "b", "c", "d"].map((id, i) => [
    caseId(id, "ct"),
    { radiomics: { "song-2021": { features: { a: i, b: i === 1 ? null : 10 * i, c: i === 3 ? 1 : null } } } } as unknown as CaseResult,
  ]),
);
const task = (learn: string, table = TABLE) => {
  const config = study(learn);
  const cohort = readCohort(config, { file: "t.csv", folder: "/", text: table }, null);
  return modelTask(config, cohort, config.models[0]!, featureBlocks(config, cohort, RESULTS));
};

describe("what a model learns from", () => {
  it("refuses a gap in a variable where gaps are not filled, and names the way out", () => {
    expect(() => task("{}", TABLE.replace("NA", "F"))).toThrow(/^patient b, variable age: is empty; .*learn\.impute: median/);
    expect(() => task("{}", TABLE.replace("M,,Y", "M,50,Y"))).toThrow(/^patient d, variable sex: is "NA"; .*learn\.impute: median/);
  });

  it("hands gaps on where the learner fills them: of variables and of features that somebody internal has", () => {
    const { names, internal, external, categories, always } = task("{ impute: median }");
    expect(names).toEqual(["radiomics_ct_a", "radiomics_ct_b", "sex=M", "age"]);
    expect(always).toEqual(["sex=M", "age"]);
    expect(categories).toEqual([["sex=M"]]);
    expect(internal.values).toEqual([0, 0, 0, 60, 1, NaN, 1, NaN, 2, 20, 0, 70]);
    expect(external!.values).toEqual([3, 30, NaN, 55]);
  });

  it("leaves a feature without a value for anybody's out where gaps are not filled", () => {
    const filled = TABLE.replace("M,,Y", "M,50,Y").replace("NA", "F");
    expect(task("{}", filled).names).toEqual(["radiomics_ct_a", "sex=M", "age"]);
  });

  it("carries groups and batches, and refuses a patient without", () => {
    const filled = TABLE.replace("M,,Y", "M,50,Y").replace("NA", "F");
    const { internal, external } = task("{ harmonise: { batch: scanner }, group: scanner }", filled);
    expect([internal.batches, external!.batches, internal.groups]).toEqual([["X", "Y", "X"], ["Z"], ["X", "Y", "X"]]);
    expect(() => task("{ group: scanner }", filled.replace("50,Y", "50,"))).toThrow(/^t\.csv, row 3, column scanner: is empty/);
    expect(() => task("{ group: scaner }", filled)).toThrow(/has no column "scaner"; did you mean "scanner"/);
  });
});
