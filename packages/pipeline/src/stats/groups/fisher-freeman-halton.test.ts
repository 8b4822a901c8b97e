import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt } from "../../random.ts";
import { fisherFreemanHalton } from "./fisher-freeman-halton.ts";
import { fisherTest } from "./fisher.ts";

interface RGolden {
  tables: { name: string; counts: number[][]; fisher: number }[];
}
const { tables } = golden<RGolden>("r-tables");

/** Slow second implementation: every table with these margins, its weight n! / prod cells! in whole numbers. */
function byEnumeration(table: readonly (readonly number[])[]): number {
  const rows = table.map((row) => row.reduce((a, b) => a + b, 0));
  const columns = table[0]!.map((_, j) => table.reduce((a, row) => a + row[j]!, 0));
  const factorial = [1n];
  for (let k = 1n; k <= BigInt(rows.reduce((a, b) => a + b, 0)); k++) factorial.push(factorial.at(-1)! * k);
  const whole = factorial.at(-1)! ** 3n;
  const weigh = (cells: readonly number[]) => whole / cells.map((count) => factorial[count]!).reduce((a, b) => a * b, 1n);
  const observed = weigh(table.flat());
  let all = 0n;
  let asExtreme = 0n;
  const cells: number[] = [];
  const place = (i: number, j: number, left: number, room: number[]): void => {
    if (i === rows.length) {
      const weight = weigh(cells);
      all += weight;
      if (weight * 10_000_000n <= observed * 10_000_001n) asExtreme += weight;
      return;
    }
    const isLast = j === columns.length - 1;
    for (let count = isLast ? left : 0; count <= Math.min(left, room[j]!); count++) {
      if (i === rows.length - 1 && count !== room[j]!) continue;
      cells.push(count);
      const after = room.with(j, room[j]! - count);
      if (isLast) place(i + 1, 0, rows[i + 1] ?? 0, after);
      else place(i, j + 1, left - count, after);
      cells.pop();
    }
  };
  place(0, 0, rows[0]!, columns);
  return Number((asExtreme * 10n ** 30n) / all) / 1e30;
}

describe("fisherFreemanHalton", () => {
  it("has R's p on the paper's tables, on larger and on sparse ones, relative 1e-10", () => {
    expectClose(
      tables.map(({ counts }) => fisherFreemanHalton(counts)!),
      tables.map(({ fisher }) => fisher),
      { rtol: 1e-10 },
    );
  });

  it("reproduces the paper's P for location, property, shape and lymph node morphology", () => {
    const p = (name: string) => fisherFreemanHalton(tables.find((table) => table.name === name)!.counts)!.toFixed(4);
    expect(["location", "property", "shape", "morphology"].map(p)).toEqual(["0.8481", "0.0537", "0.0218", "0.0228"]);
  });

  it("agrees with counting all tables in whole numbers on 60 small random tables (seed 5), relative 1e-12", () => {
    const random = randomFor(5, "tables");
    const small = Array.from({ length: 60 }, (_, k) =>
      Array.from({ length: 2 + (k % 3) }, () => Array.from({ length: 2 + (k % 2) }, () => randomInt(random, 4))),
    );
    expectClose(
      small.map((table) => fisherFreemanHalton(table)!),
      small.map(byEnumeration),
      { rtol: 1e-12 },
    );
  });

  it("is Fisher's test for a table of two by two", () => {
    expectClose(
      [
        fisherFreemanHalton([
          [23, 23],
          [9, 1],
        ])!,
      ],
      [fisherTest(23, 23, 9, 1)],
      { rtol: 1e-12 },
    );
  });

  it("does not change when rows or columns are exchanged, the table is turned, or empty rows are added", () => {
    const p = fisherFreemanHalton([
      [3, 4, 5],
      [6, 1, 2],
    ])!;
    for (const same of [
      [
        [6, 1, 2],
        [3, 4, 5],
      ],
      [
        [5, 3, 4],
        [2, 6, 1],
      ],
      [
        [3, 6],
        [4, 1],
        [5, 2],
      ],
      [
        [3, 0, 4, 5],
        [0, 0, 0, 0],
        [6, 0, 1, 2],
      ],
    ]) {
      expect(fisherFreemanHalton(same)).toBeCloseTo(p, 13);
    }
  });

  it("has p = 1 when one row or column is left, and none when the network is too large", () => {
    expect([
      fisherFreemanHalton([[3, 4]]),
      fisherFreemanHalton([[3], [4]]),
      fisherFreemanHalton([
        [3, 4],
        [0, 0],
      ]),
      fisherFreemanHalton([
        [0, 0],
        [0, 0],
      ]),
    ]).toEqual([1, 1, 1, 1]);
    const large = Array.from({ length: 8 }, (_, i) => Array.from({ length: 8 }, (_, j) => 20 + ((i * 5 + j * 3) % 7)));
    expect(fisherFreemanHalton(large, 1e5)).toBeNull();
  });
});
