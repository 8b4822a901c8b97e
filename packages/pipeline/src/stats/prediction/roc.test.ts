import { describe, expect, it } from "vitest";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt } from "../../random.ts";
import { confusionAt, rocCurve, youdenThreshold } from "./roc.ts";

interface DelongGolden {
  cohorts: {
    name: string;
    outcome: number[];
    a: number[];
    b: number[];
    curveA: { auc: number };
    curveB: { auc: number };
  }[];
}

/** AUC by its definition: every pair of a case and a control. */
function aucByPairs(outcome: readonly number[], scores: readonly number[]): number {
  let won = 0;
  let pairs = 0;
  for (const [i, case_] of scores.entries()) {
    if (outcome[i] !== 1) continue;
    for (const [j, control] of scores.entries()) {
      if (outcome[j] !== 0) continue;
      pairs++;
      won += case_ > control ? 1 : case_ === control ? 0.5 : 0;
    }
  }
  return won / pairs;
}

/** Scores with many ties and an outcome with both classes. */
function randomCohort(seed: number, n: number, levels: number) {
  const random = randomFor(seed, "roc");
  const outcome = Array.from({ length: n }, (_, i) => (i === 0 ? 1 : i === 1 ? 0 : randomInt(random, 2)));
  const scores = outcome.map(() => randomInt(random, levels) / 4);
  return { outcome, scores };
}

describe("rocCurve", () => {
  it("has the AUC of counting all pairs, ties included, on 60 random cohorts (seeds 0 to 59)", () => {
    for (let seed = 0; seed < 60; seed++) {
      const { outcome, scores } = randomCohort(seed, 2 + seed, 1 + (seed % 9));
      expect(rocCurve(outcome, scores).auc).toBe(aucByPairs(outcome, scores));
    }
  });

  it("has the AUC of pROC", () => {
    for (const { outcome, a, b, curveA, curveB } of golden<DelongGolden>("proc-delong").cohorts) {
      expect(rocCurve(outcome, a).auc).toBeCloseTo(curveA.auc, 14);
      expect(rocCurve(outcome, b).auc).toBeCloseTo(curveB.auc, 14);
    }
  });

  it("encloses its AUC: the trapezoids under the points add up to it", () => {
    const { outcome, scores } = randomCohort(7, 50, 8);
    const { fpr, tpr, auc } = rocCurve(outcome, scores);
    let area = 0;
    for (let i = 0; i < fpr.length; i++) area += ((fpr[i]! - (fpr[i - 1] ?? 0)) * (tpr[i]! + (tpr[i - 1] ?? 0))) / 2;
    expect(area).toBeCloseTo(auc, 14);
  });

  it("gives 1 - AUC for negated scores, and never flips a score that ranks the wrong way round", () => {
    const { outcome, scores } = randomCohort(3, 40, 6);
    const auc = rocCurve(outcome, scores).auc;
    expect(
      rocCurve(
        outcome,
        scores.map((s) => -s),
      ).auc,
    ).toBeCloseTo(1 - auc, 15);
    expect(rocCurve([1, 1, 0, 0], [1, 2, 3, 4]).auc).toBe(0);
  });

  it("is one half, with one point, when all scores are tied", () => {
    const curve = rocCurve([1, 0, 0, 1, 0], [2, 2, 2, 2, 2]);
    expect(curve.auc).toBe(0.5);
    expect([...curve.thresholds]).toEqual([2]);
    expect([curve.tpr[0], curve.fpr[0]]).toEqual([1, 1]);
  });

  it("has falling thresholds, one for every distinct score, and ends at (1, 1)", () => {
    const curve = rocCurve([0, 1, 0, 1, 1], [0.2, 0.9, 0.9, -Infinity, 0.4]);
    expect([...curve.thresholds]).toEqual([0.9, 0.4, 0.2, -Infinity]);
    expect([...curve.truePositives]).toEqual([1, 2, 2, 3]);
    expect([...curve.falsePositives]).toEqual([1, 1, 2, 2]);
  });

  it("refuses one class, a missing score and lengths that differ, each with a sentence", () => {
    expect(() => rocCurve([1, 1], [0.1, 0.2])).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        message: "outcome: an ROC curve needs patients with and without the event, but 2 of 2 have it; check the outcome column",
      }),
    );
    expect(() => rocCurve([1, 0], [0.1, NaN])).toThrow(/score 1 is not a number/);
    expect(() => rocCurve([1, 0, 1], [0.1, 0.2])).toThrow(
      expect.objectContaining({
        name: "ShapeError",
        message: expect.stringMatching(/3 outcomes for 2 scores/),
      }),
    );
  });
});

describe("youdenThreshold", () => {
  it("is the observed score with the highest sensitivity + specificity, by trying all of them (seeds 0 to 39)", () => {
    for (let seed = 0; seed < 40; seed++) {
      const { outcome, scores } = randomCohort(seed, 30, 12);
      const threshold = youdenThreshold(rocCurve(outcome, scores));
      const at = (t: number) => confusionAt(t, outcome, scores);
      const j = (t: number) => at(t).sensitivity! + at(t).specificity!;
      expect(scores).toContain(threshold);
      const better = scores.filter((other) => j(other) > j(threshold) + 1e-12);
      const equal = scores.filter((other) => Math.abs(j(other) - j(threshold)) < 1e-12);
      expect(better).toEqual([]);
      expect(at(threshold).sensitivity!).toBe(Math.max(...equal.map((other) => at(other).sensitivity!)));
    }
  });

  it("takes the higher sensitivity when two thresholds have the same index", () => {
    // 0.9: sensitivity 1/2, specificity 1. 0.5: sensitivity 1, specificity 1/2.
    expect(youdenThreshold(rocCurve([1, 0, 1, 0], [0.9, 0.7, 0.5, 0.3]))).toBe(0.5);
  });

  it("calls everybody positive when a score only ranks the wrong way round", () => {
    expect(youdenThreshold(rocCurve([1, 1, 0, 0], [1, 2, 3, 4]))).toBe(1);
  });
});

describe("confusionAt", () => {
  it("counts a score equal to the threshold as positive", () => {
    expect(confusionAt(0.5, [1, 1, 0, 0], [0.5, 0.4, 0.5, 0.1])).toEqual({
      truePositives: 1,
      falsePositives: 1,
      trueNegatives: 1,
      falseNegatives: 1,
      accuracy: 0.5,
      sensitivity: 0.5,
      specificity: 0.5,
    });
  });

  it("has no rate over no patients", () => {
    expect(confusionAt(0.5, [1, 1], [0.9, 0.1])).toMatchObject({
      accuracy: 0.5,
      sensitivity: 0.5,
      specificity: null,
    });
    expect(confusionAt(0.5, [], [])).toMatchObject({
      accuracy: null,
      sensitivity: null,
      specificity: null,
    });
  });
});
