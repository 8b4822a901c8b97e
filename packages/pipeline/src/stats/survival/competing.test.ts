import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt } from "../../random.ts";
import { aalenJohansen } from "./aalen-johansen.ts";
import { followUp } from "./follow-up.ts";
import { grayTest } from "./gray.ts";
import { kaplanMeier } from "./kaplan-meier.ts";

type Column = readonly (number | null)[];
interface Test {
  chi2: [number, number];
  p: [number, number];
  df: [number, number];
}
interface Cohort {
  name: string;
  time: number[];
  event: number[];
  group: number[];
  strata: number[];
  at: number[];
  incidence: [Column, Column];
  se: [Column, Column];
  lo: [Column, Column];
  hi: [Column, Column];
  gray: Test;
  stratified: Test;
}
const { cohorts } = golden<{ cohorts: Cohort[] }>("r-competing");
const numbers = (values: Column) => values.map((value) => value ?? Number.NaN);

describe("Aalen-Johansen", () => {
  it("has survfit's incidence of both events, relative 1e-10, and its error and interval, 1e-8", () => {
    for (const cohort of cohorts) {
      for (const cause of [1, 2] as const) {
        const got = aalenJohansen(followUp(cohort.time, cohort.event, 2), cause);
        expect([...got.time]).toEqual(cohort.at);
        expectClose(got.incidence, numbers(cohort.incidence[cause - 1]), { rtol: 1e-10 });
        // a difference of sums near each other where the incidence is still small
        expectClose(got.se, numbers(cohort.se[cause - 1]), { rtol: 1e-8, atol: 1e-12 });
        const known = [...got.incidence.keys()].filter((k) => got.incidence[k]! > 0);
        for (const key of ["lo", "hi"] as const)
          expectClose(
            known.map((k) => got[key][k]!),
            known.map((k) => numbers(cohort[key][cause - 1])[k]!),
            { rtol: 1e-8 },
          );
      }
    }
  });

  it("sums with the survival of either event to 1, and without the other event is 1 - Kaplan-Meier with Greenwood's error (seed 6)", () => {
    const random = randomFor(6, "aalen-johansen");
    for (let trial = 0; trial < 30; trial++) {
      const time = Array.from({ length: 12 }, () => randomInt(random, 9));
      const event = time.map(() => randomInt(random, 3));
      const data = followUp(time, event, 2);
      const either = kaplanMeier(
        followUp(
          time,
          event.map((code) => Math.min(code, 1)),
        ),
      );
      const [one, two] = [aalenJohansen(data, 1), aalenJohansen(data, 2)];
      expectClose(
        either.survival.map((s, k) => s + one.incidence[k]! + two.incidence[k]!),
        time.length > 0 ? Array.from(either.time, () => 1) : [],
        { rtol: 1e-12 },
      );
      const alone = followUp(
        time,
        event.map((code) => (code === 1 ? 1 : 0)),
      );
      const [km, aj] = [kaplanMeier(alone), aalenJohansen(alone, 1)];
      expectClose(
        aj.incidence,
        km.survival.map((s) => 1 - s),
        { rtol: 1e-12, atol: 1e-15 },
      );
      for (const [k, se] of km.se.entries()) if (km.survival[k]! > 0) expectClose([aj.se[k]!], [se], { rtol: 1e-7, atol: 1e-9 });
    }
  });
});

describe("Gray's test", () => {
  it("has cmprsk's statistic and P for both events, plain and stratified, relative 1e-10", () => {
    for (const { time, event, group, strata, gray, stratified } of cohorts) {
      const data = followUp(time, event, 2);
      const k = Math.max(...group) + 1;
      for (const cause of [1, 2] as const) {
        const [a, b] = [grayTest(data, group, k, cause), grayTest(data, group, k, cause, strata)];
        expect([a.df, b.df]).toEqual([gray.df[cause - 1], stratified.df[cause - 1]]);
        expectClose(
          [a.chi2, a.p, b.chi2, b.p],
          [gray.chi2[cause - 1]!, gray.p[cause - 1]!, stratified.chi2[cause - 1]!, stratified.p[cause - 1]!],
          { rtol: 1e-10 },
        );
      }
    }
  });

  it("does not depend on the order of the groups", () => {
    const { time, event, group } = cohorts[1]!;
    const data = followUp(time, event, 2);
    expectClose(
      [
        grayTest(
          data,
          group.map((g) => 2 - g),
          3,
          1,
        ).chi2,
      ],
      [grayTest(data, group, 3, 1).chi2],
      { rtol: 1e-10 },
    );
  });

  it("refuses one group and a cohort without the event, in one sentence each", () => {
    expect(() => grayTest(followUp([1, 2], [1, 2], 2), [0, 0], 1, 1)).toThrow(/two groups or more/);
    expect(() => grayTest(followUp([1, 2], [1, 0], 2), [0, 1], 2, 2)).toThrow(/at least one event 2/);
  });
});
