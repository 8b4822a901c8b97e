import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt } from "../../random.ts";
import { followUp } from "./follow-up.ts";
import { kaplanMeier, type ConfidenceType } from "./kaplan-meier.ts";
import { medianAsR, medianAsSpss } from "./median-survival.ts";
import { restrictedMean } from "./restricted-mean.ts";

type Numbers = readonly (number | null)[];
type Curve = Record<"time" | "atRisk" | "died" | "censored" | "survival" | "se" | "lo" | "hi", Numbers>;
interface Summary {
  n: number;
  events: number;
  median: Numbers;
  common: number[];
  individual: number[];
}
interface Cohort {
  name: string;
  time: number[];
  event: number[];
  group: number[];
  curves: Record<ConfidenceType, Curve[]>;
  summaries: Record<ConfidenceType, Summary[]>;
}
const { cohorts } = golden<{ cohorts: Cohort[] }>("r-survival");
const numbers = (values: Numbers) => values.map((value) => value ?? Number.NaN);

function byGroup({ time, event, group }: Cohort) {
  return [...new Set(group)]
    .sort((a, b) => a - b)
    .map((g) => {
      const of = (values: readonly number[]) => values.filter((_, i) => group[i] === g);
      return followUp(of(time), of(event));
    });
}

/** Kaplan-Meier by counting at every time anew, the area by adding days of a staircase. */
function curveByCounting(time: readonly number[], event: readonly number[], limit: number) {
  const times = [...new Set(time)].sort((a, b) => a - b);
  const rows = times.map((t) => ({
    t,
    n: time.filter((u) => u >= t).length,
    d: time.filter((u, i) => u === t && event[i] === 1).length,
  }));
  const upTo = (t: number) => rows.filter((row) => row.t <= t);
  const survivalAt = (t: number) => upTo(t).reduce((s, { n, d }) => s * (1 - d / n), 1);
  const greenwoodAt = (t: number) => upTo(t).reduce((s, { n, d }) => s + (d > 0 ? d / (n * (n - d)) : 0), 0);
  const area = (from: number) => {
    const knots = [from, ...times.filter((t) => t > from && t < limit), limit];
    return knots.slice(1).reduce((s, t, i) => s + (t - knots[i]!) * survivalAt(knots[i]!), 0);
  };
  return {
    times,
    survival: times.map(survivalAt),
    se: times.map((t) => survivalAt(t) * Math.sqrt(greenwoodAt(t))),
    mean: area(0),
    meanVariance: rows.reduce((s, { t, n, d }) => s + (t < limit && d > 0 && d < n ? (area(t) ** 2 * d) / (n * (n - d)) : 0), 0),
  };
}

describe("Kaplan-Meier", () => {
  it.each(["log", "plain", "log-log"] as const)(
    "has survfit's curve, Greenwood's error and %s interval on five cohorts, relative 1e-10",
    (confType) => {
      for (const cohort of cohorts) {
        for (const [g, data] of byGroup(cohort).entries()) {
          const got = kaplanMeier(data, { confType });
          const want = cohort.curves[confType][g]!;
          for (const key of ["time", "atRisk", "died", "censored"] as const) expect([...got[key]]).toEqual(want[key]);
          // where S is 0 R's error is 0 times infinity too
          for (const key of ["survival", "se", "lo", "hi"] as const)
            expectClose(got[key], numbers(want[key]), { rtol: 1e-10, atol: 1e-15 });
        }
      }
    },
  );

  it("has R's median with its limits and both of R's restricted means, relative 1e-10", () => {
    for (const cohort of cohorts) {
      for (const confType of ["log", "plain", "log-log"] as const) {
        for (const [g, data] of byGroup(cohort).entries()) {
          const want = cohort.summaries[confType][g]!;
          const curve = kaplanMeier(data, { confType });
          expect({ n: curve.n, events: curve.events }).toEqual({ n: want.n, events: want.events });
          const { value, lo, hi } = medianAsR(curve);
          expectClose([value, lo, hi], numbers(want.median), { rtol: 1e-10 });
          const common = restrictedMean(curve, Math.max(...cohort.time));
          expectClose([common.value, common.se], want.common, { rtol: 1e-10 });
          const own = restrictedMean(curve, curve.time.at(-1)!);
          expectClose([own.value, own.se], want.individual, { rtol: 1e-10 });
        }
      }
    }
  });

  it("has SPSS's median and error for Freireich's trial, worked by hand: 23.0 (5.26) and 8.0 (1.67)", () => {
    const [placebo, treated] = byGroup(cohorts.find(({ name }) => name === "leukaemia")!).map((data) => kaplanMeier(data));
    // 6-MP: S(16) = 0.6275 is the last above 0.55, S(23) = 0.4482 the first below 0.45; se(S(23)) = 0.1346
    const six = medianAsSpss(treated!);
    expectClose([six.value, six.se], [23, (0.13459147 * 7) / (0.62745098 - 0.44817927)], { rtol: 1e-6 });
    // placebo: S(5) = 12/21, S(8) = 8/21 with binomial error, as nobody is censored
    const none = medianAsSpss(placebo!);
    const se = (Math.sqrt(((8 / 21) * (13 / 21)) / 21) * 3) / (4 / 21);
    expectClose([none.value, none.se, none.lo, none.hi], [8, se, 8 - 1.959963984540054 * se, 8 + 1.959963984540054 * se], { rtol: 1e-12 });
  });

  it("is the curve and area counted anew at every time, on 60 random cohorts with ties (seed 1)", () => {
    const random = randomFor(1, "kaplan-meier");
    for (let trial = 0; trial < 60; trial++) {
      const n = 1 + randomInt(random, 14);
      const time = Array.from({ length: n }, () => randomInt(random, 8));
      const event = time.map(() => randomInt(random, 2));
      const limit = 0.5 + randomInt(random, 9);
      const want = curveByCounting(time, event, limit);
      const got = kaplanMeier(followUp(time, event));
      expect([...got.time]).toEqual(want.times);
      expectClose(got.survival, want.survival, { rtol: 1e-12, atol: 1e-15 });
      for (const [k, survival] of want.survival.entries()) if (survival > 0) expectClose([got.se[k]!], [want.se[k]!], { rtol: 1e-12 });
      const mean = restrictedMean(got, limit);
      expectClose([mean.value, mean.se ** 2], [want.mean, want.meanVariance], { rtol: 1e-10, atol: 1e-14 });
    }
  });

  it("takes the middle of a flat stretch at one half as R does, its beginning as SPSS does", () => {
    const curve = kaplanMeier(followUp([1, 2, 3, 4], [1, 1, 1, 1]));
    expect(medianAsR(curve).value).toBe(2.5);
    expect(medianAsSpss(curve).value).toBe(2);
  });

  it("has no median when the curve stays above one half, and a mean equal to the limit when nobody has an event", () => {
    const curve = kaplanMeier(followUp([5, 6, 7], [0, 0, 0]), { confType: "log-log" });
    expect(medianAsR(curve)).toEqual({ value: Number.NaN, lo: Number.NaN, hi: Number.NaN });
    expect(medianAsSpss(curve).value).toBeNaN();
    expect(restrictedMean(curve, 7)).toEqual({ value: 7, se: 0, lo: 7, hi: 7, limit: 7 });
    expect([...curve.lo]).toEqual([Number.NaN, Number.NaN, Number.NaN]);
  });

  it("refuses negative and missing times, other codes and an empty group in one sentence each", () => {
    const failing =
      (time: number[], event: number[], codes: 1 | 2 = 1) =>
      () =>
        kaplanMeier(followUp(time, event, codes));
    expect(failing([1, -2], [1, 0])).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(/row 2, time: expected a time of 0 or more; got -2/) }),
    );
    expect(failing([Number.NaN], [1])).toThrow(/got NaN/);
    expect(failing([1, 2], [1, 2])).toThrow(/row 2, event: expected 1 \(event\) or 0 \(censored\); got 2/);
    expect(failing([1, 2], [1, 3], 2)).toThrow(/or 2 \(competing event\); got 3/);
    expect(failing([], [])).toThrow(/at least one patient/);
  });
});
