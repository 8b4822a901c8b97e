import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { combatOf, fitCombat, harmonised } from "./combat.ts";

const sva = golden<{ batch: string[]; d: number; x: number[]; plain: number[]; converged: number[] }>("r-combat");
const names = Array.from({ length: sva.d }, (_, j) => `f${j}`);
const x = Float64Array.from(sva.x);

describe("ComBat", () => {
  const combat = fitCombat(x, names, sva.batch)!;

  it("has sva's values where its iteration is run to the end, to 1e-10, and is within its stopping rule of its own", () => {
    const got = harmonised(combat, x, names, sva.batch);
    expectClose(got, sva.converged, { rtol: 1e-10, atol: 1e-10 });
    // sva stops when no number moves by more than 1e-4 of itself; what is left to go is a few times that.
    expectClose(got, sva.plain, { atol: 1e-3 });
  });

  it("adjusts a new row by what it learnt, and leaves a row of an unknown batch as it is", () => {
    const row = x.slice(3 * sva.d, 4 * sva.d);
    const all = harmonised(combat, x, names, sva.batch);
    expect(harmonised(combat, row, names, [sva.batch[3]!])).toEqual(all.slice(3 * sva.d, 4 * sva.d));
    expect(harmonised(combat, row, names, ["elsewhere"])).toEqual(row);
  });

  it("keeps the numbers of the columns that scoring needs, in any order and beside others", () => {
    const part = combatOf(combat, ["f7", "f2"]);
    expect(part.columns).toEqual(["f2", "f7"]);
    const all = harmonised(combat, x, names, sva.batch);
    const got = harmonised(part, Float64Array.of(x[7]!, 99, x[2]!), ["f7", "age", "f2"], [sva.batch[0]!]);
    expect([...got]).toEqual([all[7], 99, all[2]]);
  });

  it("has nothing to do with one batch, or with batches of a single row, and leaves constant columns alone", () => {
    expect(
      fitCombat(
        x,
        names,
        sva.batch.map(() => "A"),
      ),
    ).toBeNull();
    expect(fitCombat(Float64Array.of(1, 2, 3), ["f"], ["A", "A", "B"])).toBeNull();
    const flat = Float64Array.of(5, 1, 5, 2, 5, 7, 5, 9);
    const got = harmonised(fitCombat(flat, ["flat", "f"], ["A", "A", "B", "B"])!, flat, ["flat", "f"], ["A", "A", "B", "B"]);
    expect([got[0], got[2], got[4]]).toEqual([5, 5, 5]);
    // One column with spread: it borrows nothing, so both batches have the same mean.
    expect(got[1]! + got[3]!).toBeCloseTo(got[5]! + got[7]!, 10);
  });
});
