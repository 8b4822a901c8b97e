import { describe, expect, it } from "vitest";
import { rocCurve, youdenThreshold } from "../../stats/prediction/roc.ts";
import { thresholdBy } from "./threshold.ts";

const outcome = [1, 1, 1, 1, 0, 0, 0, 0, 0, 0];
const risk = [0.9, 0.7, 0.6, 0.2, 0.8, 0.5, 0.4, 0.3, 0.2, 0.1];
const curve = rocCurve(outcome, risk);

describe("thresholds", () => {
  it("by Youden are those of the ROC curve", () => {
    expect(thresholdBy({ rule: "youden" }, curve)).toBe(youdenThreshold(curve));
  });

  it("by sensitivity are the highest that finds the share of events, exactly where the share is a count", () => {
    expect(thresholdBy({ rule: "sensitivity", atLeast: 0.75 }, curve)).toBe(0.6);
    expect(thresholdBy({ rule: "sensitivity", atLeast: 0.76 }, curve)).toBe(0.2);
    expect(thresholdBy({ rule: "sensitivity", atLeast: 1 }, curve)).toBe(0.2);
    expect(thresholdBy({ rule: "sensitivity", atLeast: 0.01 }, curve)).toBe(0.9);
    const tenth = rocCurve(
      Array.from({ length: 20 }, (_, i) => (i < 10 ? 1 : 0)),
      Array.from({ length: 20 }, (_, i) => (i < 10 ? 20 - i : -i)),
    );
    expect(tenth.truePositives[tenth.thresholds.indexOf(thresholdBy({ rule: "sensitivity", atLeast: 0.9 }, tenth))]).toBe(9);
  });

  it("by cost make missed events and false alarms cheapest: counted over all thresholds", () => {
    for (const [falseNegative, falsePositive] of [
      [1, 1],
      [5, 1],
      [1, 5],
      [20, 1],
    ] as const) {
      const cost = (t: number) =>
        outcome.reduce(
          (sum, y, i) => sum + (y === 1 && risk[i]! < t ? falseNegative : 0) + (y === 0 && risk[i]! >= t ? falsePositive : 0),
          0,
        );
      const chosen = thresholdBy({ rule: "cost", falseNegative, falsePositive }, curve);
      const costs = risk.map(cost);
      expect(cost(chosen)).toBe(Math.min(...costs));
      expect(chosen).toBe(Math.min(...risk.filter((_, i) => costs[i] === Math.min(...costs))));
    }
  });
});
