import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt, randomNormal } from "../../random.ts";
import { aucInterval, delongTest, logitIntervalOf, placements } from "./delong.ts";

interface Curve {
  auc: number;
  variance: number;
  lo: number;
  hi: number;
}
interface DelongGolden {
  cohorts: {
    name: string;
    outcome: number[];
    a: number[];
    b: number[];
    curveA: Curve;
    curveB: Curve;
    z: number;
    p: number;
  }[];
}

const kernel = (case_: number, control: number) => (case_ > control ? 1 : case_ === control ? 0.5 : 0);
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** DeLong by the double loop: placements from every pair, covariances written out. */
function delongByPairs(outcome: readonly number[], scores: readonly (readonly number[])[]) {
  const of = (wanted: number, s: readonly number[]) => s.filter((_, i) => outcome[i] === wanted);
  const v10 = scores.map((s) => of(1, s).map((x) => mean(of(0, s).map((y) => kernel(x, y)))));
  const v01 = scores.map((s) => of(0, s).map((y) => mean(of(1, s).map((x) => kernel(x, y)))));
  const auc = v10.map(mean);
  const covariance = (a: readonly number[], b: readonly number[]) =>
    a.reduce((sum, value, i) => sum + (value - mean(a)) * (b[i]! - mean(b)), 0) / (a.length - 1);
  const s = (r: number, c: number) => covariance(v10[r]!, v10[c]!) / v10[r]!.length + covariance(v01[r]!, v01[c]!) / v01[r]!.length;
  return { v10, v01, auc, variance: s(0, 0), difference: s(0, 0) + s(1, 1) - 2 * s(0, 1) };
}

function randomCohort(seed: number, n: number, round: number) {
  const random = randomFor(seed, "delong");
  const outcome = Array.from({ length: n }, (_, i) => (i < 2 ? 1 : i < 4 ? 0 : randomInt(random, 2)));
  const draw = () => outcome.map((y) => Math.round((randomNormal(random) + y) * round) / round);
  return { outcome, a: draw(), b: draw() };
}

describe("DeLong", () => {
  it("has pROC's area, variance, interval, z and p on seven cohorts, relative 1e-10", () => {
    for (const { outcome, a, b, curveA, curveB, z, p } of golden<DelongGolden>("proc-delong").cohorts) {
      for (const [scores, want] of [
        [a, curveA],
        [b, curveB],
      ] as const) {
        const got = aucInterval(outcome, scores);
        expectClose([got.auc, got.variance, got.lo, got.hi], [want.auc, want.variance, want.lo, want.hi], { rtol: 1e-10 });
      }
      const test = delongTest(outcome, a, b);
      expectClose([test.z, test.p], [z, p], { rtol: 1e-10 });
    }
  });

  it("has the placements and variances of the double loop, with many ties and with few (seeds 0 to 19)", () => {
    for (let seed = 0; seed < 20; seed++) {
      const { outcome, a, b } = randomCohort(seed, 8 + 2 * seed, seed % 2 === 0 ? 2 : 1000);
      const slow = delongByPairs(outcome, [a, b]);
      const fast = placements(outcome, a);
      expectClose(fast.cases, slow.v10[0]!, { rtol: 1e-12 });
      expectClose(fast.controls, slow.v01[0]!, { rtol: 1e-12, atol: 1e-15 });
      expectClose(
        [fast.auc, aucInterval(outcome, a).variance, delongTest(outcome, a, b).variance],
        [slow.auc[0]!, slow.variance, slow.difference],
        { rtol: 1e-11 },
      );
    }
  });

  it("finds identical curves equal: z = 0 and p = 1, also for another scale of the same ranking", () => {
    const { outcome, a } = randomCohort(5, 40, 4);
    expect(delongTest(outcome, a, a)).toMatchObject({ z: 0, p: 1, variance: 0 });
    expect(
      delongTest(
        outcome,
        a,
        a.map((s) => Math.exp(s)),
      ),
    ).toMatchObject({ z: 0, p: 1, variance: 0 });
  });

  it("is antisymmetric: exchanging the scores changes the sign of z and nothing else", () => {
    const { outcome, a, b } = randomCohort(6, 40, 100);
    const [one, two] = [delongTest(outcome, a, b), delongTest(outcome, b, a)];
    expect(two.z).toBe(-one.z);
    expect(two.p).toBe(one.p);
  });

  it("gives a perfect ranking the interval [1, 1], and a perfect against a reversed one p = 0", () => {
    const outcome = [0, 0, 0, 1, 1];
    expect(aucInterval(outcome, [1, 2, 3, 4, 5])).toEqual({ auc: 1, variance: 0, lo: 1, hi: 1 });
    expect(delongTest(outcome, [1, 2, 3, 4, 5], [5, 4, 3, 2, 1])).toMatchObject({
      z: Infinity,
      p: 0,
    });
  });

  it("keeps the interval within 0 and 1, and widens it with the confidence", () => {
    const outcome = [0, 0, 0, 0, 1, 1, 1];
    const scores = [1, 2, 3, 5, 4, 6, 7];
    expect(aucInterval(outcome, scores).hi).toBe(1);
    expect(aucInterval(outcome, scores, 0.99).lo).toBeLessThan(aucInterval(outcome, scores, 0.95).lo);
  });

  it("has no interval for a single case", () => {
    expect(aucInterval([1, 0, 0], [3, 1, 2])).toEqual({ auc: 1, variance: NaN, lo: NaN, hi: NaN });
  });

  it("refuses scores of different lengths, and one class", () => {
    expect(() => delongTest([1, 0], [1, 2], [1])).toThrow(
      expect.objectContaining({
        name: "ShapeError",
        message: expect.stringMatching(/2 scores against 1/),
      }),
    );
    expect(() => aucInterval([0, 0], [1, 2])).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        message: expect.stringMatching(/0 of 2 have it/),
      }),
    );
  });
});

describe("DeLong's interval on the logit scale", () => {
  it("has the formula's ends, mirrors when the score is negated, and never leaves 0 to 1 (seeds 0 to 9)", () => {
    for (let seed = 0; seed < 10; seed++) {
      const { outcome, a } = randomCohort(seed, 20, 100);
      const at = placements(outcome, a);
      const { lo, hi } = logitIntervalOf(at);
      const { auc, variance } = aucInterval(outcome, a);
      const logit = (p: number) => Math.log(p) - Math.log1p(-p);
      const half = (1.959963984540054 * Math.sqrt(variance)) / auc / (1 - auc);
      expectClose([logit(hi) - logit(auc), logit(auc) - logit(lo)], [half, half], { rtol: 1e-9 });
      expect(0 < lo && lo < auc && auc < hi && hi < 1).toBe(true);
      const mirrored = logitIntervalOf(
        placements(
          outcome,
          a.map((score) => -score),
        ),
      );
      expectClose([mirrored.lo, mirrored.hi], [1 - hi, 1 - lo], { rtol: 1e-9 });
    }
  });

  it("has no value for a perfect ranking", () => {
    expect(logitIntervalOf(placements([0, 0, 1, 1], [1, 2, 3, 4]))).toEqual({ lo: NaN, hi: NaN });
  });
});
