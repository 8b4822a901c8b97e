import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt } from "../../random.ts";
import { concordance } from "./concordance.ts";
import { followUp } from "./follow-up.ts";
import { kaplanMeier } from "./kaplan-meier.ts";

interface Count {
  c: number;
  var: number;
  count: number[];
}
interface Cohort {
  time: number[];
  event: number[];
  x: Record<string, number[]>;
  tau: number;
  harrell: Count;
  harrellTau: Count;
  uno: Count;
  unoTau: Count;
}
const { cohorts } = golden<{ cohorts: Cohort[] }>("r-survival");

/** Every pair of patients, the jackknife by weighting one patient at a time. */
function concordanceByPairs(time: readonly number[], event: readonly number[], score: readonly number[], weightOf: (i: number) => number) {
  const n = time.length;
  const sums = (patient: (i: number) => number) => {
    let concordant = 0;
    let total = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) {
        const isComparable = event[i] === 1 && i !== j && (time[j]! > time[i]! || (time[j] === time[i] && event[j] === 0));
        if (!isComparable) continue;
        const w = weightOf(i) * patient(i) * patient(j);
        total += w;
        concordant += w * (score[i]! > score[j]! ? 1 : score[i] === score[j] ? 0.5 : 0);
      }
    }
    return concordant / total;
  };
  const h = 1e-6;
  const c = sums(() => 1);
  const slopes = time.map((_, k) => (sums((i) => (i === k ? 1 + h : 1)) - sums((i) => (i === k ? 1 - h : 1))) / (2 * h));
  return { c, se: Math.sqrt(slopes.reduce((s, d) => s + d * d, 0)) };
}

describe("concordance", () => {
  it("has R's C, standard error and counts: Harrell's and Uno's, whole and up to a time, relative 1e-10", () => {
    for (const { time, event, x, tau, harrell, harrellTau, uno, unoTau } of cohorts) {
      const data = followUp(time, event);
      const score = Object.values(x)[0]!;
      for (const [want, options] of [
        [harrell, {}],
        [harrellTau, { tau }],
        [uno, { weights: "uno" }],
        [unoTau, { weights: "uno", tau }],
      ] as const) {
        const got = concordance(data, score, options);
        expectClose([got.c, got.se ** 2, got.concordant, got.discordant, got.tiedScore], [want.c, want.var, ...want.count.slice(0, 3)], {
          rtol: 1e-10,
        });
      }
    }
  });

  it("is the count over all pairs and its jackknife, on 40 random cohorts with ties (seed 4)", () => {
    const random = randomFor(4, "concordance");
    for (let trial = 0; trial < 40; trial++) {
      const n = 5 + randomInt(random, 12);
      const time = Array.from({ length: n }, () => 1 + randomInt(random, 6));
      const event = time.map((_, i) => (i === 0 ? 1 : randomInt(random, 2)));
      time[0] = 0;
      const score = time.map(() => randomInt(random, 5));
      const data = followUp(time, event);
      const got = concordance(data, score);
      const want = concordanceByPairs(time, event, score, () => 1);
      expectClose([got.c], [want.c], { rtol: 1e-12 });
      // central differences of step 1e-6 carry ten digits
      expectClose([got.se], [want.se], { rtol: 1e-7, atol: 1e-9 });

      // without a tie between an event and a censoring, G is the curve with the codes exchanged
      const apart = time.map((t, i) => t + (event[i] === 0 ? 0.5 : 0));
      const censoring = kaplanMeier(
        followUp(
          apart,
          event.map((code) => 1 - code),
        ),
      );
      const before = (t: number) => censoring.survival.findLast((_, k) => censoring.time[k]! < t) ?? 1;
      const uno = concordanceByPairs(apart, event, score, (i) => before(apart[i]!) ** -2);
      expectClose([concordance(followUp(apart, event), score, { weights: "uno" }).c], [uno.c], { rtol: 1e-10 });
    }
  });

  it("turns into 1 - C when the score is negated, and is 1 for scores that fall with time", () => {
    const data = followUp([1, 2, 3, 4, 5], [1, 0, 1, 1, 0]);
    const score = [0.3, 0.9, 0.1, 0.5, 0.3];
    expect(
      concordance(data, score).c +
        concordance(
          data,
          score.map((s) => -s),
        ).c,
    ).toBeCloseTo(1, 14);
    expect(concordance(data, [5, 4, 3, 2, 1])).toMatchObject({ c: 1, se: 0 });
  });

  it("refuses follow-up in which no pair can be compared, and scores that are no numbers", () => {
    expect(() => concordance(followUp([1, 2], [0, 0]), [1, 2])).toThrow(/no two patients can be compared/);
    expect(() => concordance(followUp([1, 2], [1, 0]), [1, Number.NaN])).toThrow(/score 1 is not a number/);
  });
});
