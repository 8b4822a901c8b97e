import { describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { apportion, deal, quantiles } from "./deal.ts";

describe("apportion", () => {
  it("gives the proportions themselves where they fit, and largest remainders elsewhere", () => {
    expect(apportion([29, 11, 6], 46)).toEqual([29, 11, 6]);
    expect(apportion([29, 11, 6], 9)).toEqual([6, 2, 1]);
    expect(apportion([1, 1], 3)).toEqual([2, 1]);
    expect(apportion([56, 18], 500).reduce((a, b) => a + b)).toBe(500);
  });
});

describe("quantiles", () => {
  it("have the median and the quartiles of their spread", () => {
    const values = quantiles({ median: 1.21, iqr: 0.61 }, 4001);
    expect(values[2000]).toBeCloseTo(1.21, 12);
    expect(values[3000]! - values[1000]!).toBeCloseTo(0.61, 3);
    const normal = quantiles({ mean: 8.83, sd: 2.15 }, 4001);
    expect(normal.reduce((a, b) => a + b) / 4001).toBeCloseTo(8.83, 10);
    expect(Math.sqrt(normal.reduce((sum, v) => sum + (v - 8.83) ** 2, 0) / 4001)).toBeCloseTo(2.15, 2);
  });
});

describe("deal", () => {
  const groups = Array.from({ length: 60 }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const decks = [Array.from({ length: 40 }, () => 0), Array.from({ length: 20 }, () => 1)];

  it("gives each group its own deck at signal 1", () => {
    expect(deal(randomFor(1, "deal"), groups, decks, 1)).toEqual(groups);
  });

  it("keeps the cohort's counts at any signal and forgets the groups at 0 (seed 2)", () => {
    let agreeing = 0;
    for (let seed = 0; seed < 200; seed++) {
      const dealt = deal(randomFor(2, "deal", seed), groups, decks, 0);
      expect(dealt.reduce((a, b) => a + b)).toBe(20);
      agreeing += dealt.filter((card, i) => card === 1 && groups[i] === 1).length;
    }
    // Hypergeometric: mean 20 x 20 / 60 a deal, standard deviation 1.74, so 0.12 of the mean of 200.
    expect(Math.abs(agreeing / 200 - 20 / 3)).toBeLessThan(0.5);
  });

  it("keeps about half of the difference between the groups at signal one half (seed 3)", () => {
    let kept = 0;
    for (let seed = 0; seed < 200; seed++) {
      const dealt = deal(randomFor(3, "deal", seed), groups, decks, 0.5);
      kept += dealt.filter((card, i) => card === 1 && groups[i] === 1).length / 20;
    }
    // Those who keep their card, and a third of the swapped by chance: 1/2 + 1/2 x 1/3.
    expect(kept / 200).toBeCloseTo(2 / 3, 1);
  });

  it("gives the larger numbers to the larger keys of a group", () => {
    const dealt = deal(
      randomFor(1, "deal"),
      [0, 0, 1, 1],
      [
        [5, 1],
        [30, 20],
      ],
      1,
      [2, 1, 1, 2],
    );
    expect(dealt).toEqual([5, 1, 20, 30]);
  });
});
