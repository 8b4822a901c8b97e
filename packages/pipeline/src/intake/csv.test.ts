// A column that a table does not have.
import { describe, expect, it } from "vitest";
import { requireColumn } from "./csv.ts";

const numbered = (n: number) => Array.from({ length: n }, (_, i) => `f${i}`);

describe("a missing column", () => {
  it("is told with the nearest and all that there are", () => {
    expect(() => requireColumn(["patient_id", "age"], "patiend_id", "t.csv")).toThrow(
      't.csv: has no column "patiend_id"; did you mean "patient_id"? (columns: patient_id, age)',
    );
    expect(() => requireColumn(numbered(40), "recurrence", "t.csv")).toThrow(/ f38, f39\)$/);
  });

  it("of a table of features is told with the first twenty and the number of the others", () => {
    expect(() => requireColumn(numbered(1024), "recurrence", "t.csv")).toThrow(/ f18, f19 and 1004 more\)$/);
  });
});
