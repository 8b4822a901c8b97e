import { describe, expect, it } from "vitest";
import { randomFor, shuffled } from "../../random.ts";
import { selectionStability } from "./stability.ts";

const names = (count: number) => Array.from({ length: count }, (_, j) => `f${j}`);

describe("Nogueira's stability", () => {
  it("is 1 where all models select the same, and near 0 where they draw at random (seed 1)", () => {
    expect(selectionStability([["a"], ["a"], ["a"]], 10)).toEqual({ index: 1, lo: 1, hi: 1 });
    const random = randomFor(1, "stability");
    const drawn = Array.from({ length: 200 }, () => shuffled(random, names(50)).slice(0, 8));
    expect(Math.abs(selectionStability(drawn, 50).index!)).toBeLessThan(0.02);
  });

  it("is Kuncheva's index, the mean over pairs, where all select equally many (seed 2)", () => {
    const random = randomFor(2, "stability");
    const [d, k] = [20, 6];
    const sets = Array.from({ length: 7 }, () => ["f0", "f1", ...shuffled(random, names(d).slice(2)).slice(0, k - 2)]);
    let sum = 0;
    let pairs = 0;
    for (const [i, a] of sets.entries()) {
      for (const b of sets.slice(i + 1)) {
        const common = a.filter((name) => b.includes(name)).length;
        sum += (common - k ** 2 / d) / (k - k ** 2 / d);
        pairs++;
      }
    }
    expect(selectionStability(sets, d).index!).toBeCloseTo(sum / pairs, 12);
  });

  it("has an interval that covers the stability of independent selections 95 times of 100 (400 draws of 100; 92 of 100 where there are only 30, seed 3)", () => {
    // Every feature is selected independently with its own probability: the population value is known.
    const random = randomFor(3, "stability");
    const p = names(30).map((_, j) => (j < 5 ? 0.9 : j < 10 ? 0.4 : 0.05));
    const k = p.reduce((a, b) => a + b, 0);
    const truth = 1 - p.reduce((sum, q) => sum + q * (1 - q), 0) / 30 / ((k / 30) * (1 - k / 30));
    let covered = 0;
    for (let run = 0; run < 400; run++) {
      const sets = Array.from({ length: 100 }, () => names(30).filter((_, j) => random() < p[j]!));
      const { lo, hi } = selectionStability(sets, 30);
      if (lo! <= truth && truth <= hi!) covered++;
    }
    expect(covered / 400).toBeGreaterThan(0.92);
    expect(covered / 400).toBeLessThan(0.98);
  });

  it("has none, with its reason, for one model, for none selected and for all selected", () => {
    expect(selectionStability([["a"]], 5)).toMatchObject({ index: null, reason: "one model has nothing to agree with" });
    expect(selectionStability([[], []], 5).reason).toBe("no model selected anything");
    expect(
      selectionStability(
        [
          ["a", "b"],
          ["a", "b"],
        ],
        2,
      ).reason,
    ).toBe("every model selected every feature");
  });
});
