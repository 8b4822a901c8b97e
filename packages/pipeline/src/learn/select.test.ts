import { describe, expect, it } from "vitest";
import { randomFor, randomNormal } from "../random.ts";
import { selectColumns } from "./select.ts";

const outcome = Uint8Array.from({ length: 40 }, (_, i) => (i < 12 ? 1 : 0));

/** Row-major values of columns given as functions of the row. */
function table(columns: readonly ((row: number) => number)[]): Float64Array {
  return Float64Array.from({ length: 40 * columns.length }, (_, k) => columns[k % columns.length]!(Math.floor(k / columns.length)));
}

describe("selectColumns", () => {
  it("keeps the columns that differ, with the test that fits each (seed 3)", () => {
    const random = randomFor(3, "select");
    const noise = Array.from({ length: 40 }, () => randomNormal(random));
    const more = Array.from({ length: 40 }, () => randomNormal(random));
    const { selected, nothingPassed } = selectColumns(
      table([
        (i) => noise[i]! + 2 * outcome[i]!,
        () => 5,
        (i) => Math.exp(3 * (noise[i]! + 2 * outcome[i]!)),
        (i) => more[i]!,
        (i) => (i < 10 || i > 36 ? 1 : 0),
      ]),
      5,
      outcome,
      0.05,
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
    const { selected, nothingPassed } = selectColumns(table([() => 1, (i) => (i * 7) % 40, () => 1]), 3, outcome, 1e-9);
    expect(nothingPassed).toBe(true);
    expect(selected.map((s) => s.column)).toEqual([1]);
    expect(selectColumns(table([flat, flat]), 2, outcome, 1e-9).selected.map((s) => s.column)).toEqual([0]);
    expect(selectColumns(table([() => 1, () => 2]), 2, outcome, 0.05)).toEqual({
      selected: [{ column: 0, test: "fisher", p: 1 }],
      nothingPassed: true,
    });
  });

  it("selects nothing from no column", () => {
    expect(selectColumns(new Float64Array(0), 0, outcome, 0.05)).toEqual({ selected: [], nothingPassed: false });
  });
});
