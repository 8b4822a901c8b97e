import { describe, expect, it } from "vitest";
import { readCohort } from "./cohort.ts";
import { parseStudy } from "./config.ts";

const study = (extra = "", outcome = "{ event: y }") =>
  parseStudy(
    `
name: s
seed: 1
cohorts: { internal: { table: t.csv }${extra.includes("EXTERNAL") ? ", external: { table: e.csv }" : ""} }
outcome: ${outcome}
phases: { ct: { image: image, mask: mask, window: { level: 50, width: 400 } } }
models: [{ name: R, features: [radiomics.ct] }]
${extra.replace("EXTERNAL", "")}`,
    "study.yaml",
  );
const table = (text: string, file = "t.csv") => ({ file, folder: "/data", text });
const HEADER = "patient_id,cohort,y,image,mask\n";
const GOOD = `${HEADER}a,internal,0,a.nii,am.nii\nb,internal,1,b.nii,bm.nii\nc,external,1,c.nii,cm.nii\n`;
const refusal = (text: string, config = study()) => {
  try {
    readCohort(config, table(text), null);
  } catch (error) {
    expect((error as Error).name).toBe("ConfigError");
    return (error as Error).message;
  }
  return expect.fail("the table was accepted");
};

describe("cohort table", () => {
  it("splits one table by its cohort column", () => {
    const { patients } = readCohort(study(), table(GOOD), null);
    expect(patients.map((p) => [p.id, p.cohort, p.outcome])).toEqual([
      ["a", "internal", 0],
      ["b", "internal", 1],
      ["c", "external", 1],
    ]);
    expect(patients[0]!.paths).toEqual({ image: "a.nii", mask: "am.nii" });
  });

  it("takes the external cohort from a table of its own", () => {
    const header = "patient_id,y,image,mask\n";
    const { patients } = readCohort(study("EXTERNAL"), table(`${header}a,0,i,m\nb,1,i,m\n`), table(`${header}z,1,i,m\n`, "e.csv"));
    expect(patients.map((p) => [p.id, p.cohort])).toEqual([
      ["a", "internal"],
      ["b", "internal"],
      ["z", "external"],
    ]);
  });

  it("reads a table with a byte order mark, quotes and blank lines", () => {
    const { patients } = readCohort(study(), table(`\uFEFF${GOOD.replace("a.nii", '"a, 1.nii"')}\n\n`), null);
    expect(patients[0]!.paths["image"]).toBe("a, 1.nii");
  });

  it("refuses a duplicate patient, naming both rows", () => {
    expect(refusal(GOOD.replace("\nb,", "\na,"))).toBe(
      "t.csv, row 3, column patient_id: patient a is already in t.csv, row 2; each patient has one row",
    );
  });

  it("refuses a missing column, with the nearest one", () => {
    expect(refusal(GOOD.replace(",mask", ",masks"))).toMatch(/^t\.csv: has no column "mask"; did you mean "masks"\?/);
  });

  it("refuses an outcome of one class", () => {
    expect(refusal(GOOD.replace("b,internal,1", "b,internal,0"))).toMatch(
      /^t\.csv, column y: every patient of the internal cohort has outcome 0/,
    );
  });

  it("refuses an outcome that is not 0 or 1, naming row and column", () => {
    expect(refusal(GOOD.replace("b,internal,1", "b,internal,yes"))).toBe('t.csv, row 3, column y: expected 0 or 1; got "yes"');
  });

  it("refuses a row with a missing cell and a cohort of another name", () => {
    expect(refusal(GOOD.replace("b,internal,1,b.nii,bm.nii", "b,internal,1,b.nii"))).toMatch(
      /t\.csv, row 3: has 4 cells, the header has 5/,
    );
    expect(refusal(GOOD.replace("c,external", "c,outside"))).toMatch(
      /row 4, column cohort: expected "internal" or "external".*got "outside"/,
    );
  });

  it("refuses an id that would leave the output folder", () => {
    expect(refusal(GOOD.replace("\nb,", "\n../b,"))).toMatch(/cannot name a file/);
  });

  it("counts an event after the horizon as none, and leaves out early censored patients only when asked", () => {
    const text = "patient_id,y,t,image,mask\na,1,61,i,m\nb,1,60,i,m\nc,0,10,i,m\nd,0,70,i,m\n";
    const keep = readCohort(study("", "{ event: y, time: t }"), table(text), null);
    expect(keep.patients.map((p) => p.outcome)).toEqual([0, 1, 0, 0]);
    const strict = readCohort(study("", "{ event: y, time: t, early: exclude }"), table(text), null);
    expect(strict.patients.map((p) => p.id)).toEqual(["a", "b", "d"]);
    expect(strict.excluded).toEqual([{ id: "c", cohort: "internal", reason: "censored at 10 months, before the horizon of 60" }]);
  });

  it("refuses a time that is no number or is negative", () => {
    const config = study("", "{ event: y, time: t }");
    expect(refusal("patient_id,y,t,image,mask\na,1,soon,i,m\nb,0,1,i,m\n", config)).toBe(
      't.csv, row 2, column t: expected a number; got "soon"',
    );
    expect(refusal("patient_id,y,t,image,mask\na,1,-1,i,m\nb,0,1,i,m\n", config)).toMatch(/cannot be negative/);
  });

  it("lists the excluded and refuses to exclude a stranger", () => {
    expect(readCohort(study("exclude: [c]"), table(GOOD), null).excluded).toEqual([
      { id: "c", cohort: "external", reason: "listed in study.exclude" },
    ]);
    expect(refusal(GOOD, study("exclude: [zz]"))).toMatch(/patient "zz" is in no table/);
  });
});
