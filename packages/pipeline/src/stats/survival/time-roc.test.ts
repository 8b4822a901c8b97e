import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt } from "../../random.ts";
import { followUp } from "./follow-up.ts";
import { rocCurve } from "../prediction/roc.ts";
import { timeRoc } from "./time-roc.ts";

interface Cohort {
  name: string;
  time: number[];
  event: number[];
  score: number[];
  at: number[];
  auc: number[];
}
const { cohorts } = golden<{ cohorts: Cohort[] }>("sksurv-time-roc");

/** Every pair, every patient with a weight of its own, the censoring's curve counted anew. */
function aucByPairs(
  time: readonly number[],
  event: readonly number[],
  score: readonly number[],
  at: number,
  weight: (i: number) => number,
): number {
  const all = [...time.keys()];
  const sum = (of: (i: number) => boolean) => all.reduce((total, i) => total + (of(i) ? weight(i) : 0), 0);
  const gBefore = (u: number) =>
    [...new Set(time)]
      .filter((s) => s < u)
      .reduce((g, s) => {
        const censored = sum((i) => time[i] === s && event[i] === 0);
        const atRisk = sum((i) => time[i]! > s || (time[i] === s && event[i] === 0));
        return censored > 0 ? g * (1 - censored / atRisk) : g;
      }, 1);
  let pairs = 0;
  let total = 0;
  for (const i of all.filter((i) => time[i]! <= at && event[i] === 1)) {
    for (const j of all.filter((j) => time[j]! > at)) {
      const w = (weight(i) * weight(j)) / gBefore(time[i]!);
      total += w;
      pairs += w * (score[i]! > score[j]! ? 1 : score[i] === score[j] ? 0.5 : 0);
    }
  }
  return pairs / total;
}

describe("time-dependent ROC", () => {
  it("has scikit-survival's cumulative/dynamic AUC, relative 1e-10", () => {
    for (const { time, event, score, at, auc } of cohorts) {
      const data = followUp(time, event);
      expectClose(
        at.map((t) => timeRoc(data, score, t).auc),
        auc,
        { rtol: 1e-10 },
      );
    }
  });

  it("is the count over all pairs, and its error the jackknife by weighting one patient at a time, on 30 random cohorts with ties (seed 7)", () => {
    const random = randomFor(7, "time-roc");
    for (let trial = 0; trial < 30; trial++) {
      const n = 8 + randomInt(random, 10);
      const time = Array.from({ length: n }, (_, i) => (i === 0 ? 1 : i === 1 ? 9 : 1 + randomInt(random, 9)));
      const event = time.map((_, i) => (i === 0 ? 1 : randomInt(random, 2)));
      const score = time.map(() => randomInt(random, 5));
      const at = 2 + randomInt(random, 6);
      const got = timeRoc(followUp(time, event), score, at);
      expectClose([got.auc], [aucByPairs(time, event, score, at, () => 1)], { rtol: 1e-12, atol: 1e-15 });
      const h = 1e-6;
      const slopes = time.map((_, l) => {
        const at_ = (by: number) => aucByPairs(time, event, score, at, (i) => (i === l ? 1 + by : 1));
        return (at_(h) - at_(-h)) / (2 * h);
      });
      // central differences of step 1e-6 carry ten digits
      expectClose([got.se], [Math.sqrt(slopes.reduce((sum, slope) => sum + slope * slope, 0))], { rtol: 1e-6, atol: 1e-8 });
    }
  });

  it("is the ROC curve of the event by the time when nobody is censored before it", () => {
    const [time, event, score] = [
      [1, 2, 3, 4, 5, 6],
      [1, 1, 1, 0, 1, 0],
      [0.9, 0.3, 0.6, 0.5, 0.3, 0.1],
    ];
    const got = timeRoc(followUp(time, event), score, 3.5);
    const want = rocCurve(
      time.map((t) => (t <= 3.5 ? 1 : 0)),
      score,
    );
    expect(got).toMatchObject({ cases: 3, controls: 3, censored: 0 });
    expect(got.auc).toBeCloseTo(want.auc, 14);
    expectClose(
      got.curve.map((point) => point.sensitivity),
      want.tpr,
      { atol: 1e-14 },
    );
    expectClose(
      got.curve.map((point) => 1 - point.specificity),
      want.fpr,
      { atol: 1e-14 },
    );
  });

  it("refuses a time before the first event or after all follow-up, in one sentence each", () => {
    const data = followUp([2, 3, 4], [1, 0, 0]);
    expect(() => timeRoc(data, [1, 2, 3], 1)).toThrow(/time 1: nobody has the event by then/);
    expect(() => timeRoc(data, [1, 2, 3], 4)).toThrow(/time 4: nobody is followed beyond it/);
  });
});
