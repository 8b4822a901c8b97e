import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { golden } from "../../../../test/helpers/golden.ts";
import { clopperPearson, wilson } from "./proportion.ts";

interface RGolden {
  proportions: { k: number; n: number; confidence: number; exact: number[]; wilson: number[] }[];
}
const { proportions } = golden<RGolden>("r-calibration");

/** P(X >= k) for a binomial X, term by term. */
function upperTail(k: number, n: number, p: number): number {
  let sum = 0;
  for (let i = k; i <= n; i++) {
    let term = p ** i * (1 - p) ** (n - i);
    for (let j = 1; j <= i; j++) term *= (n - i + j) / j;
    sum += term;
  }
  return sum;
}

describe("intervals of a proportion", () => {
  it("are those of R's binom.test and prop.test, relative 1e-10", () => {
    const flat = (interval: (row: (typeof proportions)[number]) => readonly number[]) => proportions.flatMap((row) => [...interval(row)]);
    expectClose(
      flat(({ k, n, confidence }) => clopperPearson(k, n, confidence)),
      flat(({ exact }) => exact),
      { rtol: 1e-10 },
    );
    // R subtracts two halves of about one size near 0 and 1, hence the absolute part.
    expectClose(
      flat(({ k, n, confidence }) => wilson(k, n, confidence)),
      flat(({ wilson: want }) => want),
      { rtol: 1e-10, atol: 1e-15 },
    );
  });

  it("by Clopper and Pearson leave 2.5% on either side, counted term by term", () => {
    for (const [k, n] of [
      [1, 10],
      [7, 10],
      [31, 46],
    ] as const) {
      const [lo, hi] = clopperPearson(k, n);
      expect(upperTail(k, n, lo)).toBeCloseTo(0.025, 12);
      expect(1 - upperTail(k + 1, n, hi)).toBeCloseTo(0.025, 12);
    }
  });

  it("mirror when successes and failures are exchanged, and say nothing of nobody", () => {
    for (const interval of [clopperPearson, wilson]) {
      const [lo, hi] = interval(3, 11);
      expectClose(interval(8, 11), [1 - hi, 1 - lo], { rtol: 1e-14 });
      expect([interval(0, 0), interval(0, 5)[0], interval(5, 5)[1]]).toEqual([[0, 1], 0, 1]);
    }
  });
});
