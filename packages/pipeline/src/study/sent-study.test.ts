import { expect, test } from "vitest";
import { parse } from "yaml";
import { placeStudy, type SentStudyHost } from "./sent-study.ts";

const [A, B, C] = ["a", "b", "c"].map((x) => `00000000-0000-4000-8000-00000000000${x}`) as [string, string, string];
const host: SentStudyHost = {
  caseFiles: (id) =>
    [A, B, C].includes(id)
      ? { image: `../${id}/image.mha`, mask: id === C ? null : `../${id}/mask.mha`, rough: `../${id}/rough.json` }
      : null,
  weights: (id) => (id === A ? "../models/a" : null),
};
const study = (more = "", features = "radiomics.arterial, deep.arterial") => `
name: sent
seed: 1
cohorts: { internal: { table: cohort.csv } }
outcome: { event: event }
phases: { arterial: { image: scan, mask: scan, rough: scan, window: { level: 40, width: 400 } } }
models: [{ name: one, features: [${features}] }]
${more}`;
const table = (...rows: string[]) => ({ "cohort.csv": ["patient_id,event,scan", ...rows].join("\n") });
const place = (text: string, tables: Record<string, string>) => placeStudy({ study: text, tables }, host);

test("one column of cases becomes a column for every file of the phase, and the study names these", () => {
  const placed = place(study(), table(`P1,1,${A}`, `P2,0,${B}`, "P3,0,"));
  expect(placed["cohort.csv"]).toBe(
    [
      "patient_id,event,islet.arterial.image,islet.arterial.mask,islet.arterial.rough",
      `P1,1,../${A}/image.mha,../${A}/mask.mha,../${A}/rough.json`,
      `P2,0,../${B}/image.mha,../${B}/mask.mha,../${B}/rough.json`,
      "P3,0,,,\n",
    ].join("\n"),
  );
  expect(parse(placed["study.yaml"]!).phases.arterial).toMatchObject({ image: "islet.arterial.image", rough: "islet.arterial.rough" });
});

test("weights that were sent are named by their file; shipped ones stay", () => {
  const rows = table(`P1,1,${A}`, `P2,0,${B}`);
  expect(parse(place(study(`deep: { weights: ${A} }`), rows)["study.yaml"]!).deep.weights).toBe("../models/a");
  expect(parse(place(study("deep: { weights: shipped:x }"), rows)["study.yaml"]!).deep.weights).toBe("shipped:x");
});

test.each([
  ["a path in place of a case", study(), table(`P1,1,/etc/passwd`), "cohort.csv, row 2, column scan: expected the id of a case"],
  ["a case without a mask", study(), table(`P1,1,${C}`), "was sent without a mask"],
  ["a table that was not sent", study(), { "other.csv": "a\n1" }, 'names the table "cohort.csv", which was not sent'],
  ["weights by a path", study("deep: { weights: /etc/passwd }"), table(`P1,1,${A}`), "is neither shipped:NAME nor the id"],
  ["a table of features by a path", study("features: { lab: ../../keys.csv }"), table(`P1,1,${A}`), 'names the table "../../keys.csv"'],
  ["a table named as a path", study(), { ...table(`P1,1,${A}`), "../x.csv": "a\n1" }, "cannot name a table here"],
  ["a column that is not there", study(), { "cohort.csv": "patient_id,event\nP1,1" }, 'has no column "scan"'],
  ["a study that is none", "a: [", table(), "is not valid YAML"],
])("%s is refused", (_, text, tables, sentence) => {
  expect(() => place(text, tables)).toThrow(sentence);
});
