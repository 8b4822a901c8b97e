import { describe, expect, it } from "vitest";
import { readCsv } from "../../intake/csv.ts";
import { coxReport } from "./cox-report.ts";
import { kmReport } from "./km-report.ts";
import { survivalTable, type SurvivalColumns } from "./survival-table.ts";

const TEXT = `id,t,e,g,age,grade,empty
a,5,1,high,60,G1,
b,3,0,low,51,G3,
c,8,1,low,47,G2,
d,2,1,high,,G3,
e,9,0,low,70,G1,
f,4,1,high,66,G2,`;
const read = (columns: SurvivalColumns, text = TEXT, codes: 1 | 2 = 1) => survivalTable(readCsv(text, "t.csv"), "t.csv", columns, codes);

describe("a survival table", () => {
  it("leaves out and counts rows that lack a value asked for, and no others", () => {
    const table = read({ time: "t", event: "e", covariates: ["age"] });
    expect(table.leftOut).toBe(1);
    expect([...table.data.time]).toEqual([5, 3, 8, 9, 4]);
    expect(read({ time: "t", event: "e" }).leftOut).toBe(0);
  });

  it("turns words into a column for every level but the first, in alphabetical order", () => {
    const { covariates } = read({ time: "t", event: "e", covariates: ["grade"] });
    expect(covariates.map(({ name, values }) => [name, [...(values as Float64Array)]])).toEqual([
      ["grade=G2", [0, 0, 1, 0, 0, 1]],
      ["grade=G3", [0, 1, 0, 1, 0, 0]],
    ]);
  });

  it("refuses negative times, other codes, words among numbers, empty columns and single groups, each by file, row and column", () => {
    const failing = (columns: Partial<SurvivalColumns>, from: string, to: string) => () =>
      read({ time: "t", event: "e", ...columns }, TEXT.replace(from, to));
    expect(failing({}, "b,3,0", "b,-3,0")).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        message: "t.csv, row 3, column t: expected a time of 0 or more; got -3; mend the dates or leave the row out",
      }),
    );
    expect(failing({}, "c,8,1", "c,8,2")).toThrow("t.csv, row 4, column e: expected 1 (event) or 0 (censored); got 2; code the event so");
    expect(failing({}, "c,8,1", "c,8,yes")).toThrow('t.csv, row 4, column e: expected a number; got "yes"');
    expect(failing({ covariates: ["age"] }, "51", "old")).toThrow('t.csv, row 3, column age: expected a number; got "old"');
    expect(failing({ covariates: ["empty"] }, "a", "a")).toThrow(/column empty: has no values/);
    expect(failing({ covariates: ["agee"] }, "a", "a")).toThrow(/has no column "agee"; did you mean "age"/);
    expect(failing({ covariates: ["age", "age"] }, "a", "a")).toThrow(/column age: has two roles/);
    expect(() => read({ time: "t", event: "e", group: "g" }, TEXT.replaceAll("high", "low"))).toThrow(
      /column g: every row is "low"; a comparison needs two groups or more/,
    );
  });
});

describe("the report of survival curves", () => {
  it("has null where a median is not reached or an interval has no value, never NaN", () => {
    const report = kmReport(read({ time: "t", event: "e", group: "g" }));
    const low = report.groups[1]!;
    expect(low).toMatchObject({ name: "low", n: 3, events: 1, median: { value: 8, lo: 8, hi: null } });
    expect(low.curve.map(({ time, atRisk, events, censored }) => [time, atRisk, events, censored])).toEqual([
      [3, 3, 0, 1],
      [8, 2, 1, 0],
      [9, 1, 0, 1],
    ]);
    expect(report.groups[0]!.curve.at(-1)).toMatchObject({ survival: 0, se: null, lo: null, hi: null });
    expect(report.riskTable.atRisk.map(([first]) => first)).toEqual([3, 3]);
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });

  it("is one curve and no test without groups, and takes the mean up to a limit asked for", () => {
    const report = kmReport(read({ time: "t", event: "e" }), { limit: 1 });
    expect(report).toMatchObject({ logRank: null, tests: [], groups: [{ name: "all", n: 6, mean: { value: 1, se: 0, limit: 1 } }] });
  });
});

describe("survival curves of groups without an event", () => {
  it("stay at 1, with their numbers at risk and no test", () => {
    const report = kmReport(read({ time: "t", event: "e", group: "g" }, TEXT.replaceAll(/,1,(high|low)/g, ",0,$1")));
    expect(report).toMatchObject({ events: 0, logRank: null, tests: [] });
    expect(report.groups.flatMap(({ curve }) => curve.map(({ survival }) => survival))).toEqual([1, 1, 1, 1, 1, 1]);
  });
});

describe("the report of a Cox regression", () => {
  it("warns of fewer than ten events per covariate", () => {
    const report = coxReport(read({ time: "t", event: "e", covariates: ["age"] }));
    expect(report).toMatchObject({
      n: 5,
      events: 3,
      leftOut: 1,
      eventsPerCovariate: 3,
      warnings: [expect.stringMatching(/^3\.0 events per covariate/)],
    });
    expect(JSON.parse(JSON.stringify(report))).toEqual(report);
  });
});
