import { describe, expect, it } from "vitest";
import { learnTable } from "./csv-table.ts";

describe("CSV for the learner", () => {
  it("takes every column of numbers as a feature, but the outcome and the id", () => {
    const { table, outcome, ignored } = learnTable("id,a,y,site,b\np,1,0,x,2e-3\nq,-3,1,y,4\n", "t.csv", { outcome: "y", id: "id" });
    expect(table).toEqual({ ids: ["p", "q"], names: ["a", "b"], values: Float64Array.of(1, 0.002, -3, 4) });
    expect([...outcome]).toEqual([0, 1]);
    expect(ignored).toEqual([{ column: "site", reason: expect.stringMatching(/^holds words/) }]);
  });

  it("names the row and column of a cell that is no number in a column of numbers", () => {
    expect(() => learnTable("a,y\n1,0\nx,1\n", "t.csv", { outcome: "y" })).toThrow('t.csv, row 3, column a: expected a number; got "x"');
    expect(() => learnTable("a,y\n1,0\n,1\n", "t.csv", { outcome: "y" })).toThrow("t.csv, row 3, column a: is empty; expected a number");
    expect(() => learnTable("a,y\n1,0\n2,2\n", "t.csv", { outcome: "y" })).toThrow('t.csv, row 3, column y: expected 0 or 1; got "2"');
  });

  it("offers the nearest column for one that is not there", () => {
    expect(() => learnTable("risk,event\n0.5,1\n", "t.csv", { outcome: "evnt" })).toThrow(
      /t\.csv: has no column "evnt"; did you mean "event"\?/,
    );
  });
});

describe("CSV of a spreadsheet", () => {
  it("reads semicolons and tabs as well as commas", () => {
    for (const mark of [";", "\t"]) {
      const { table } = learnTable(["a,y", "1,0", "2,1"].join("\n").replaceAll(",", mark), "t.csv", { outcome: "y" });
      expect([...table.values]).toEqual([1, 2]);
    }
  });

  it("names a decimal comma", () => {
    expect(() => learnTable("a;y\n1,5;0\n2;1\n", "t.csv", { outcome: "y" })).toThrow(
      't.csv, row 2, column a: expected a number; got "1,5"',
    );
  });
});
