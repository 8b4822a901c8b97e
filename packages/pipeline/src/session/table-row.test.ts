import { expect, it } from "vitest";
import type { Bundle } from "../study/bundle/bundle.ts";
import { cellsOf, rowNames } from "./table-row.ts";

const bundle = (patient?: string) => ({ model: { columns: { ...(patient !== undefined && { patient }) } } }) as unknown as Bundle;
const table = (text: string) => ({ file: "features.csv", text });
const TWO = "No,ID,F1\n1,S7,0.5\n2,S8,0.25\n";

it("calls rows by the model's column of patients, else by patient_id, else by the first column", () => {
  expect(rowNames(bundle("ID"), table(TWO))).toEqual(["S7", "S8"]);
  expect(rowNames(bundle("case"), table("F1,patient_id\n1,P1\n"))).toEqual(["P1"]);
  expect(rowNames(bundle(), table(TWO))).toEqual(["1", "2"]);
});

it("gives the chosen row as written, and the only one where there is no choice", () => {
  expect(cellsOf({ ...table(TWO), row: 1 })).toEqual({ No: "2", ID: "S8", F1: "0.25" });
  expect(cellsOf({ ...table("ID,F1\nS7,0.5\n"), row: null })).toEqual({ ID: "S7", F1: "0.5" });
});

it.each([
  ["two rows of one patient", () => rowNames(bundle("ID"), table("ID,F1\nS7,1\nS7,2\n")), 'two rows have the same ID, "S7"'],
  ["no choice among several", () => cellsOf({ ...table(TWO), row: null }), "has 2 rows, and none was chosen; choose the patient's"],
  ["a row that is not there", () => cellsOf({ ...table(TWO), row: 2 }), "has 2 rows, and not row 3"],
  ["what is no table", () => rowNames(bundle(), table("x")), "expected a header row and at least one row"],
])("refuses %s by a sentence with the file", (_, ask, sentence) => {
  expect(ask).toThrow(expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(/^features\.csv: /) }));
  expect(ask).toThrow(sentence);
});
