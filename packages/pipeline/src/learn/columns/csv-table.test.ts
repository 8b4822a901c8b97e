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

describe("a table that cannot be learnt from", () => {
  const refusal = (text: string, roles: Parameters<typeof learnTable>[2] = { outcome: "y" }) => {
    try {
      learnTable(text, "t.csv", roles);
    } catch (error) {
      expect((error as Error).name).toBe("ConfigError");
      return (error as Error).message;
    }
    return expect.fail("the table was accepted");
  };

  it("is refused where the outcome has one class, without advice that cannot help", () => {
    expect(refusal("a,y\n1,0\n2,0\n")).toMatch(/^t\.csv, column y: all 2 rows are 0; .*check that 1 means the event/);
    expect(refusal("a,y\n1,1\n2,1\n")).toMatch(/^t\.csv, column y: all 2 rows are 1/);
    expect(refusal("a,y\n1,\n2,1\n")).toBe('t.csv, row 2, column y: expected 0 or 1; got ""');
  });

  it("is refused where a name occurs twice or is missing, or a column has two roles", () => {
    expect(refusal("id,a,y\np,1,0\nq,3,0\np,2,1\n", { outcome: "y", id: "id" })).toMatch(
      /^t\.csv, row 4, column id: "p" is already in row 2; keep one row a patient/,
    );
    expect(refusal("id,a,y\np,1,0\n,2,1\n", { outcome: "y", id: "id" })).toMatch(/^t\.csv, row 3, column id: is empty/);
    expect(refusal("id,a,y\np,1,0\nq,2,1\n", { outcome: "y", batch: "y" })).toMatch(/^t\.csv, column y: has two roles/);
    expect(refusal("id,a,s,y\np,1,,0\nq,2,S,1\n", { outcome: "y", id: "id", batch: "s" })).toMatch(/^t\.csv, row 2, column s: is empty/);
  });

  it("is refused where no feature varies, or there is none", () => {
    expect(refusal("a,b,y\n1,2,0\n1,2,1\n")).toMatch(/^t\.csv: every feature has a single value \(a, b\)/);
    expect(refusal("a,note,y\n,x,0\nNA,y,1\n")).toMatch(
      /^t\.csv: has no column of numbers to learn from \(a has no values; note holds words/,
    );
  });

  it("is refused at the first gap, with the way to fill it, unless gaps are allowed", () => {
    expect(refusal("a,y\n1,0\nNA,1\n")).toMatch(/^t\.csv, row 3, column a: is "NA"; expected a number: .*--impute median/);
    const { table, ignored } = learnTable("a,b,empty,y\n1,.,,0\nNA,4,,1\n2,4,,1\n", "t.csv", { outcome: "y", missing: "allow" });
    expect([...table.values]).toEqual([1, NaN, NaN, 4, 2, 4]);
    expect(ignored).toEqual([{ column: "empty", reason: "has no values" }]);
    expect(() => learnTable("a,y\n1,0\nx,1\n", "t.csv", { outcome: "y", missing: "allow" })).toThrow(/expected a number; got "x"/);
  });
});

describe("categories, groups and batches", () => {
  it("are coded by 0 and 1, missing as a whole, one column where there are two levels", () => {
    const text = "sex,kind,who,where,y\nM,a,p,X,0\nF,b,p,Y,1\n,c,q,X,1\nM,,r,Y,0\n";
    const roles = { outcome: "y", categorical: ["sex", "kind"], group: "who", batch: "where", missing: "allow" } as const;
    const { table } = learnTable(text, "t.csv", roles);
    expect(table.names).toEqual(["sex=M", "kind=a", "kind=b", "kind=c"]);
    expect([...table.values]).toEqual([1, 1, 0, 0, 0, 0, 1, 0, NaN, 0, 0, 1, 1, NaN, NaN, NaN]);
    expect(table).toMatchObject({
      groups: ["p", "p", "q", "r"],
      batches: ["X", "Y", "X", "Y"],
      categories: [["sex=M"], ["kind=a", "kind=b", "kind=c"]],
    });
    expect(() => learnTable(text, "t.csv", { ...roles, missing: "refuse" })).toThrow(
      /^t\.csv, row 4, column sex: is empty; expected one of F, M/,
    );
  });

  it("take numbers for categories where asked, and read only the features named", () => {
    const text = "code,a,y\n1,5,0\n2,6,1\n3,7,1\n";
    expect(learnTable(text, "t.csv", { outcome: "y", categorical: ["code"] }).table.names).toEqual(["code=1", "code=2", "code=3", "a"]);
    expect(learnTable(text, "t.csv", { features: ["a"] }).table.names).toEqual(["a"]);
    expect(() => learnTable(text, "t.csv", { features: ["b"] })).toThrow(/has no column "b"/);
  });
});
