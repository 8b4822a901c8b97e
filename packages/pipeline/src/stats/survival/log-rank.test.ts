import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt } from "../../random.ts";
import { followUp } from "./follow-up.ts";
import { logRank } from "./log-rank.ts";

interface Test {
  chi2: number;
  df: number;
  observed: number[];
  expected: number[];
}
interface Cohort {
  name: string;
  time: number[];
  event: number[];
  group: number[];
  strata: number[];
  logRank: Test;
  petoPeto: Test;
  stratified: Test;
}
const { cohorts } = golden<{ cohorts: Cohort[] }>("r-survival");
type Pair = [chi2: number, p: number];
const { tests } = golden<{ tests: Record<string, Record<"log-rank" | "gehan-breslow" | "tarone-ware", [Pair, Pair]>> }>(
  "statsmodels-survival",
);

describe("log-rank test", () => {
  it("has survdiff's statistic, plain, Peto-Peto and stratified, with what was seen and expected, relative 1e-10", () => {
    for (const cohort of cohorts) {
      const data = followUp(cohort.time, cohort.event);
      const k = Math.max(...cohort.group) + 1;
      for (const [want, got] of [
        [cohort.logRank, logRank(data, cohort.group, k)],
        [cohort.petoPeto, logRank(data, cohort.group, k, { weights: "peto-peto" })],
        [cohort.stratified, logRank(data, cohort.group, k, { strata: cohort.strata })],
      ] as const) {
        expect(got.df).toBe(want.df);
        expectClose([got.chi2], [want.chi2], { rtol: 1e-10 });
        expectClose(
          got.groups.map((g) => g.observed),
          want.observed,
          { rtol: 1e-10 },
        );
        expectClose(
          got.groups.map((g) => g.expected),
          want.expected,
          { rtol: 1e-10 },
        );
      }
    }
  });

  it("has statsmodels' Gehan-Breslow and Tarone-Ware statistics and P, plain and stratified, relative 1e-10", () => {
    for (const { name, time, event, group, strata } of cohorts) {
      for (const [weights, [plain, stratified]] of Object.entries(tests[name]!)) {
        const options = { weights: weights as "log-rank" };
        const data = followUp(time, event);
        const k = Math.max(...group) + 1;
        const a = logRank(data, group, k, options);
        const b = logRank(data, group, k, { ...options, strata });
        expectClose([a.chi2, a.p, b.chi2, b.p], [...plain, ...stratified], { rtol: 1e-10 });
      }
    }
  });

  it("is, for two groups, the square of the summed 2x2 tables, on 40 random cohorts (seed 3)", () => {
    const random = randomFor(3, "log-rank");
    for (let trial = 0; trial < 40; trial++) {
      const n = 8 + randomInt(random, 10);
      const time = Array.from({ length: n }, () => randomInt(random, 7));
      const event = time.map((_, i) => (i === 0 ? 1 : randomInt(random, 2)));
      const group = time.map((_, i) => (i < 2 ? i : randomInt(random, 2)));
      let difference = 0;
      let variance = 0;
      for (const t of new Set(time)) {
        const at = (wanted: (i: number) => boolean) => time.filter((_, i) => wanted(i)).length;
        const all = at((i) => time[i]! >= t);
        const one = at((i) => time[i]! >= t && group[i] === 1);
        const d = at((i) => time[i] === t && event[i] === 1);
        difference += at((i) => time[i] === t && event[i] === 1 && group[i] === 1) - (d * one) / all;
        if (all > 1) variance += (d * one * (all - one) * (all - d)) / (all * all * (all - 1));
      }
      if (variance === 0) continue;
      expectClose([logRank(followUp(time, event), group, 2).chi2], [difference ** 2 / variance], { rtol: 1e-10, atol: 1e-14 });
    }
  });

  it("finds no difference between identical groups: chi-square 0, P 1", () => {
    const time = [1, 2, 3, 1, 2, 3];
    expect(logRank(followUp(time, [1, 0, 1, 1, 0, 1]), [0, 0, 0, 1, 1, 1], 2)).toMatchObject({ chi2: 0, df: 1, p: 1 });
  });

  it("leaves a group out that was never at risk when events happened, as survdiff does", () => {
    const got = logRank(followUp([1, 5, 6, 7, 8], [0, 1, 1, 1, 0]), [2, 0, 1, 0, 1], 3);
    expect(got.df).toBe(1);
  });

  it("refuses one group, and a cohort without events, in one sentence each", () => {
    expect(() => logRank(followUp([1, 2], [1, 1]), [0, 0], 1)).toThrow(/two groups or more; got 1/);
    expect(() => logRank(followUp([1, 2], [0, 0]), [0, 1], 2)).toThrow(/at least one event/);
  });
});
