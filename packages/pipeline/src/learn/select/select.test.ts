import { describe, expect, it } from "vitest";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomNormal } from "../../random.ts";
import { benjaminiHochberg } from "../../stats/adjust.ts";
import { selectColumns, type Selection } from "./select.ts";
import { columnTests } from "./select-univariate.ts";
import { learnSchema, METHOD_SETTINGS, type SelectionStep } from "../settings.ts";

const outcome = Uint8Array.from({ length: 40 }, (_, i) => (i < 12 ? 1 : 0));

/** Row-major values of columns given as functions of the row. */
function table(columns: readonly ((row: number) => number)[]): Float64Array {
  return Float64Array.from({ length: 40 * columns.length }, (_, k) => columns[k % columns.length]!(Math.floor(k / columns.length)));
}

/** Selects by steps given as in a study file. */
function select(values: Float64Array, width: number, ...steps: { step: SelectionStep["step"]; [key: string]: unknown }[]): Selection {
  const { select } = learnSchema.parse({ select: steps });
  return selectColumns(values, width, outcome, select, true, () => randomFor(1, "lasso"));
}
const columnsOf = ({ selected }: Selection) => selected.map(({ column }) => column);

/** Noise, with the outcome added to the first columns in falling strength, and copies of the first with a little noise at the end. */
function planted(seed: number, width: number, strengths: readonly number[], copies = 0): Float64Array {
  const random = randomFor(seed, "planted");
  const values = Float64Array.from({ length: 40 * width }, (_, k) => {
    const row = Math.floor(k / width);
    return randomNormal(random) + (strengths[k % width] ?? 0) * outcome[row]!;
  });
  for (let c = 0; c < copies; c++)
    for (let i = 0; i < 40; i++) values[i * width + width - 1 - c] = values[i * width]! + 0.05 * randomNormal(random);
  return values;
}

describe("univariate selection", () => {
  it("keeps the columns that differ, with the test that fits each (seed 3)", () => {
    const random = randomFor(3, "select");
    const noise = Array.from({ length: 40 }, () => randomNormal(random));
    const more = Array.from({ length: 40 }, () => randomNormal(random));
    const { selected, nothingPassed } = select(
      table([
        (i) => noise[i]! + 2 * outcome[i]!,
        () => 5,
        (i) => Math.exp(3 * (noise[i]! + 2 * outcome[i]!)),
        (i) => more[i]!,
        (i) => (i < 10 || i > 36 ? 1 : 0),
      ]),
      5,
      { step: "univariate" },
    );
    expect(nothingPassed).toBe(false);
    expect(selected.map(({ column, test }) => [column, test])).toEqual([
      [0, "student"],
      [2, "mann-whitney"],
      [4, "fisher"],
    ]);
    for (const { p } of selected) expect(p).toBeLessThan(0.05);
  });

  it("keeps the single smallest p, the first of equals, and says so, when nothing passes", () => {
    const flat = (i: number) => i % 2;
    const never = { step: "univariate", alpha: 1e-9 } as const;
    const { selected, nothingPassed } = select(table([() => 1, (i) => (i * 7) % 40, () => 1]), 3, never);
    expect(nothingPassed).toBe(true);
    expect(selected.map((s) => s.column)).toEqual([1]);
    expect(columnsOf(select(table([flat, flat]), 2, never))).toEqual([0]);
    expect(select(table([() => 1, () => 2]), 2, { step: "univariate" })).toEqual({
      selected: [{ column: 0, test: "fisher", p: 1 }],
      nothingPassed: true,
    });
  });

  it("takes the test that is asked for, and gives a constant column no chance under any", () => {
    const values = planted(8, 6, [1.5]);
    const tests = columnTests(values, 6, outcome);
    expect([tests(1, "t").test, tests(1, "welch").test, tests(1, "mann-whitney").test]).toEqual(["student", "welch", "mann-whitney"]);
    expect(tests(1, "t").p).not.toBe(tests(1, "welch").p);
    for (const test of ["t", "welch", "mann-whitney"] as const) {
      expect(columnTests(table([() => 3]), 1, outcome)(0, test).p).toBe(1);
    }
  });

  it("keeps what Benjamini and Hochberg reject, which is less (seed 4)", () => {
    const values = planted(4, 60, [2, 2, 0.7]);
    const plain = columnsOf(select(values, 60, { step: "univariate" }));
    const adjusted = columnsOf(select(values, 60, { step: "univariate", adjust: "benjamini-hochberg" }));
    const tests = columnTests(values, 60, outcome);
    const p = benjaminiHochberg(Array.from({ length: 60 }, (_, j) => tests(j).p));
    expect(adjusted).toEqual(p.flatMap((value, j) => (value < 0.05 ? [j] : [])));
    expect(adjusted.length).toBeLessThan(plain.length);
    expect(plain).toEqual(expect.arrayContaining(adjusted));
  });

  it("selects nothing from no column, and everything without a step", () => {
    expect(select(new Float64Array(0), 0, { step: "univariate" })).toEqual({ selected: [], nothingPassed: false });
    expect(columnsOf(select(planted(5, 4, []), 4))).toEqual([0, 1, 2, 3]);
    expect(METHOD_SETTINGS.select).toEqual([{ step: "univariate", test: "auto", alpha: 0.05, adjust: "none" }]);
  });
});

describe("further steps", () => {
  it("keep of correlated columns the one with the smallest p", () => {
    const values = planted(6, 10, [1.5], 3);
    const tests = columnTests(values, 10, outcome);
    const best = [0, 7, 8, 9].reduce((a, b) => (tests(b).p < tests(a).p ? b : a));
    expect(columnsOf(select(values, 10, { step: "correlation", threshold: 0.9 }))).toEqual([1, 2, 3, 4, 5, 6, best].sort((a, b) => a - b));
    expect(columnsOf(select(values, 10, { step: "correlation", threshold: 1 }))).toHaveLength(10);
  });

  it("keep the k smallest p, whatever their size", () => {
    const values = planted(7, 12, [3, 0, 2]);
    expect(columnsOf(select(values, 12, { step: "top", count: 2 }))).toEqual([0, 2]);
    expect(columnsOf(select(values, 12, { step: "top", count: 50 }))).toHaveLength(12);
  });

  it("act in their order, each on what the one before kept", () => {
    const values = planted(9, 30, [2, 1.5, 1], 2);
    const both = columnsOf(select(values, 30, { step: "univariate" }, { step: "top", count: 3 }, { step: "correlation", threshold: 0.9 }));
    const third = columnsOf(select(values, 30, { step: "top", count: 3 }, { step: "correlation", threshold: 0.9 }));
    expect(both).toEqual(third);
    expect(both.length).toBeLessThan(3);
  });

  it("choose as mrmr_selection does (F over mean correlation)", () => {
    const sets = golden<{ cases: { x: number[]; y: number[]; d: number; top: number; chosen: number[] }[] }>("mrmr-selection");
    for (const { x, y, d, top, chosen } of sets.cases) {
      const { selected } = selectColumns(Float64Array.from(x), d, y, [{ step: "mrmr", top }], true, () => randomFor(1, "unused"));
      expect(selected.map(({ column }) => column)).toEqual(chosen.toSorted((a, b) => a - b));
    }
  });

  it("find planted columns by the lasso, fewer by one standard error, and the same again (seed 10)", () => {
    const values = planted(10, 100, [3, 2.5]);
    const min = select(values, 100, { step: "lasso" });
    const strict = columnsOf(select(values, 100, { step: "lasso", rule: "1se" }));
    expect(columnsOf(min)).toEqual(expect.arrayContaining([0, 1]));
    expect(columnsOf(min).length).toBeLessThan(40);
    expect(strict).toEqual(expect.arrayContaining([0, 1]));
    expect(strict.length).toBeLessThanOrEqual(columnsOf(min).length);
    expect(select(values, 100, { step: "lasso" })).toEqual(min);
  });

  it("keep one column by the lasso too where none helps, and say so", () => {
    expect(select(table([() => 1, () => 2]), 2, { step: "lasso" })).toMatchObject({ nothingPassed: true, selected: [{ column: 0 }] });
  });
});
