import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt, randomNormal } from "../../random.ts";
import { concordance } from "./concordance.ts";
import { coxRegression, type Covariate } from "./cox.ts";
import { followUp } from "./follow-up.ts";
import { proportionalHazardsTest, type TimeTransform } from "./proportional-hazards.ts";

type Some = number | number[];
interface Fit {
  coef: Some;
  var: number[][];
  se: Some;
  z: Some;
  p: Some;
  hr: Some;
  lo: Some;
  hi: Some;
  logLik: [number, number];
  lr: number;
  waldFull: number;
  score: number;
  concordance: [number, number];
  zph: { transform: TimeTransform; chi2: Some; p: Some; x?: number[]; y?: (number | number[])[] }[];
}
interface Cohort {
  name: string;
  time: number[];
  event: number[];
  strata: number[];
  x: Record<string, number[]>;
  efron: Fit;
  breslow: Fit;
  stratifiedCox?: Pick<Fit, "coef" | "se" | "logLik" | "zph" | "concordance">;
}
const { cohorts } = golden<{ cohorts: Cohort[] }>("r-survival");
const many = (some: Some) => [some].flat();
const covariatesOf = ({ x }: Cohort): Covariate[] => Object.entries(x).map(([name, values]) => ({ name, values }));

/** Efron's log likelihood with every sum taken anew. */
function logLikelihood(
  time: readonly number[],
  event: readonly number[],
  x: readonly (readonly number[])[],
  beta: readonly number[],
): number {
  const eta = time.map((_, i) => beta.reduce((s, b, a) => s + b * x[a]![i]!, 0));
  let sum = 0;
  for (const t of new Set(time)) {
    const dead = eta.filter((_, i) => time[i] === t && event[i] === 1);
    const risk = eta.filter((_, i) => time[i]! >= t).reduce((s, e) => s + Math.exp(e), 0);
    const deadRisk = dead.reduce((s, e) => s + Math.exp(e), 0);
    for (const [k, e] of dead.entries()) sum += e - Math.log(risk - (k / dead.length) * deadRisk);
  }
  return sum;
}

describe("Cox regression", () => {
  it.each(["efron", "breslow"] as const)("has coxph's fit with %s ties on five cohorts, relative 1e-8", (ties) => {
    for (const cohort of cohorts) {
      const want = cohort[ties];
      const got = coxRegression(followUp(cohort.time, cohort.event), covariatesOf(cohort), { ties });
      for (const key of ["coef", "se", "z", "p", "hr", "lo", "hi"] as const)
        expectClose(
          got.coefficients.map((c) => c[key]),
          many(want[key]),
          { rtol: 1e-8 },
        );
      expectClose(got.covariance, want.var.flat(), { rtol: 1e-8, atol: 1e-14 });
      expectClose(
        [got.logLikNull, got.logLik, got.likelihoodRatio.chi2, got.wald.chi2, got.score.chi2],
        [...want.logLik, want.lr, want.waldFull, want.score],
        { rtol: 1e-8 },
      );
      const c = concordance(followUp(cohort.time, cohort.event), got.linearPredictor);
      expectClose([c.c, c.se], want.concordance, { rtol: 1e-8 });
    }
  });

  it("has coxph's stratified fit, relative 1e-8", () => {
    for (const cohort of cohorts) {
      if (!cohort.stratifiedCox?.coef) continue;
      const got = coxRegression(followUp(cohort.time, cohort.event), covariatesOf(cohort), { strata: cohort.strata });
      expectClose(
        got.coefficients.map((c) => c.coef),
        many(cohort.stratifiedCox.coef),
        { rtol: 1e-8 },
      );
      expectClose(
        got.coefficients.map((c) => c.se),
        many(cohort.stratifiedCox.se),
        { rtol: 1e-8 },
      );
      expectClose([got.logLikNull, got.logLik], cohort.stratifiedCox.logLik, { rtol: 1e-10 });
      const c = concordance(followUp(cohort.time, cohort.event), got.linearPredictor, { strata: cohort.strata });
      expectClose([c.c, c.se], cohort.stratifiedCox.concordance, { rtol: 1e-8 });
      for (const { transform, chi2 } of cohort.stratifiedCox.zph) {
        const test = proportionalHazardsTest(got, followUp(cohort.time, cohort.event), transform);
        expectClose(
          [...test.covariates, test.global].map((row) => row.chi2),
          many(chi2),
          { rtol: 1e-7 },
        );
      }
    }
  });

  it("has cox.zph's chi-square and P on every scale of time, and its scaled residuals, relative 1e-7", () => {
    for (const cohort of cohorts) {
      const data = followUp(cohort.time, cohort.event);
      for (const ties of ["efron", "breslow"] as const) {
        const model = coxRegression(data, covariatesOf(cohort), { ties });
        for (const { transform, chi2, p, x, y } of cohort[ties].zph) {
          const got = proportionalHazardsTest(model, data, transform);
          const rows = [...got.covariates, got.global];
          // the test inverts a matrix of twice the size at fitted coefficients, which are known to 1e-8
          expectClose(
            rows.map((row) => row.chi2),
            many(chi2),
            { rtol: 1e-7 },
          );
          expectClose(
            rows.map((row) => row.p),
            many(p),
            { rtol: 1e-7 },
          );
          if (!x || !y) continue;
          expectClose(got.residuals.x, x, { rtol: 1e-10, atol: 1e-15 });
          const sorted = (values: ArrayLike<number>) => Array.from(values).sort((a, b) => a - b);
          // events of one time have no order of their own
          expectClose(sorted(got.residuals.y), sorted(y.flat()), { rtol: 1e-7, atol: 1e-9 });
        }
      }
    }
  });

  it("climbs to a point where the likelihood, summed anew, has no slope and the curvature of its covariance (seed 5)", () => {
    const random = randomFor(5, "cox");
    for (let trial = 0; trial < 10; trial++) {
      const n = 25;
      const time = Array.from({ length: n }, () => 1 + randomInt(random, 9));
      const event = time.map(() => (random() < 0.7 ? 1 : 0));
      const x = [time.map(() => randomNormal(random)), time.map(() => randomInt(random, 3) * 10)];
      const fit = coxRegression(
        followUp(time, event),
        x.map((values, a) => ({ name: `x${a}`, values })),
      );
      const beta = fit.coefficients.map(({ coef }) => coef);
      expectClose([fit.logLik], [logLikelihood(time, event, x, beta)], { rtol: 1e-12 });
      for (const a of [0, 1]) {
        const h = fit.coefficients[a]!.se * 1e-4;
        const at = (by: number) =>
          logLikelihood(
            time,
            event,
            x,
            beta.map((b, k) => (k === a ? b + by : b)),
          );
        expect(Math.abs((at(h) - at(-h)) / (2 * h)) * fit.coefficients[a]!.se).toBeLessThan(1e-7);
        const others = logLikelihood(time, event, x, beta);
        const curvature = (2 * others - at(h) - at(-h)) / (h * h);
        // the inverse of the covariance has this diagonal
        const [v00, v01, , v11] = fit.covariance;
        expectClose([curvature], [(a === 0 ? v11! : v00!) / (v00! * v11! - v01! ** 2)], { rtol: 1e-4 });
      }
    }
  });

  it("is unmoved by units and origins: covariates of 1e6 and 1e-6 give the same z", () => {
    const { time, event, x } = cohorts[0]!;
    const fit = (by: number) =>
      coxRegression(followUp(time, event), [{ name: "age", values: x["age"]!.map((age) => (age - 20) * by) }]).coefficients[0]!;
    expectClose([fit(1e6).z, fit(1e-6).z], [fit(1).z, fit(1).z], { rtol: 1e-10 });
  });

  it("refuses perfect separation, constant and dependent covariates and a cohort without events, in one sentence each", () => {
    const time = [1, 2, 3, 4, 5, 6, 7, 8];
    const event = [1, 1, 1, 1, 0, 0, 0, 0];
    const fit =
      (...columns: number[][]) =>
      () =>
        coxRegression(
          followUp(time, event),
          columns.map((values, a) => ({ name: `x${a}`, values })),
        );
    expect(fit([1, 1, 1, 1, 0, 0, 0, 0])).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(/covariate x0: separates .* infinite/) }),
    );
    // the likelihood rises to 0 itself, so no gain is small beside it
    expect(() => coxRegression(followUp([1, 2, 3], [1, 1, 0]), [{ name: "x", values: [3, 2, 1] }])).toThrow(/covariate x: separates/);
    expect(fit([8, 7, 6, 5, 4, 3, 2, 1])).toThrow(/separates/);
    expect(fit([0, 1, 0, 1, 1, 0, 1, 0], [0, 0, 0, 0, 0, 1, 0, 1])).toThrow(/covariate x1: separates/);
    expect(fit([2, 2, 2, 2, 2, 2, 2, 2])).toThrow(/covariate x0: is 2 for every patient/);
    expect(fit([0, 1, 0, 1, 1, 0, 1, 0], [1, 3, 1, 3, 3, 1, 3, 1])).toThrow(
      /covariate x1: is determined by the covariates before it \(x0\)/,
    );
    expect(() =>
      coxRegression(followUp(time, event), [{ name: "x", values: [0, 1, 0, 1, 0, 1, 0, 1] }], { strata: [0, 1, 0, 1, 0, 1, 0, 1] }),
    ).toThrow(/covariate x: is the same for all patients compared/);
    expect(() =>
      coxRegression(
        followUp(
          time,
          time.map(() => 0),
        ),
        [{ name: "x", values: time }],
      ),
    ).toThrow(/nobody has one/);
  });
});
