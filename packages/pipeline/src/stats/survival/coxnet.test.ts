import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { readCsv } from "../../intake/csv.ts";
import { randomFor, randomInt, randomNormal } from "../../random.ts";
import { breslowDerivatives, riskOrder, secondDerivativesTimes } from "./breslow.ts";
import { coxRegression } from "./cox.ts";
import { coxnetCrossValidate } from "./coxnet-cv.ts";
import { externalRScore } from "./coxnet-external.ts";
import { coxnetReport, rScoreTable } from "./coxnet-report.ts";
import { coxnetTable } from "./coxnet-table.ts";
import { coxnetPath, penaltyPath } from "./coxnet.ts";

interface Cohort {
  name: string;
  time: number[];
  event: number[];
  x: number[][];
  alpha: number;
  first: number;
  lambda: number[];
  beta: number[][];
  devianceRatio: number[];
  fold: number[];
  cvm: number[];
  cvsd: number[];
  best: number;
  sparse: number;
}
const cohorts = golden<{ cohorts: Cohort[] }>("r-coxnet").cohorts.map((cohort) => ({
  ...cohort,
  data: { time: Float64Array.from(cohort.time), event: Uint8Array.from(cohort.event) },
  covariates: cohort.x.map((values, j) => ({ name: `x${j}`, values })),
}));

/** Log partial likelihood of eta, straight from its definition. */
function logLikByRiskSets(time: ArrayLike<number>, event: ArrayLike<number>, eta: ArrayLike<number>, strata?: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < time.length; i++) {
    if (event[i] !== 1) continue;
    let atRisk = 0;
    for (let j = 0; j < time.length; j++) if (time[j]! >= time[i]! && (!strata || strata[j] === strata[i])) atRisk += Math.exp(eta[j]!);
    sum += eta[i]! - Math.log(atRisk);
  }
  return sum;
}

/** A cohort with tied times, some strata, and a covariate that matters. */
function randomCohort(seed: number, n: number, p: number) {
  const random = randomFor(seed, "coxnet test");
  const x = Array.from({ length: p }, () => Float64Array.from({ length: n }, () => randomNormal(random)));
  return {
    data: {
      time: Float64Array.from({ length: n }, (_, i) => Math.ceil(-8 * Math.log(1 - random()) * Math.exp(-0.8 * x[0]![i]!))),
      event: Uint8Array.from({ length: n }, (_, i) => (i < 3 ? 1 : randomInt(random, 2))),
    },
    strata: Int32Array.from({ length: n }, () => randomInt(random, 3)),
    covariates: x.map((values, j) => ({ name: `x${j}`, values })),
  };
}

describe("Breslow's likelihood by the linear predictor", () => {
  it("is the sum over risk sets, with the slopes and curvatures of central differences, ties and strata too (seeds 0 to 5)", () => {
    for (let seed = 0; seed < 6; seed++) {
      const { data, strata, covariates } = randomCohort(seed, 14, 1);
      const within = seed % 2 === 0 ? undefined : strata;
      const eta = covariates[0]!.values;
      const order = riskOrder(data.time, data.event, within);
      const sorted = Float64Array.from(order.row, (i) => eta[i]!);
      const at = breslowDerivatives(order, sorted);
      const logLik = (shifted: ArrayLike<number>) => logLikByRiskSets(data.time, data.event, shifted, within);
      expectClose([at.logLik], [logLik(eta)], { rtol: 1e-12 });
      const moved = (i: number, j: number, a: number, b: number) =>
        logLik(eta.map((value, k) => value + (k === order.row[i] ? a : 0) + (k === order.row[j] ? b : 0)));
      const h = 1e-3;
      for (let i = 0; i < sorted.length; i++) {
        // central differences of step h err by h^2 times a third derivative of at most the number of events
        expectClose([at.gradient[i]!], [(moved(i, i, h, 0) - moved(i, i, -h, 0)) / (2 * h)], { atol: 1e-5 });
        const column = secondDerivativesTimes(
          order,
          at,
          Float64Array.from(sorted, (_, k) => (k === i ? 1 : 0)),
        );
        const differences = sorted.map(
          (_, j) => -(moved(i, j, h, h) - moved(i, j, h, -h) - moved(i, j, -h, h) + moved(i, j, -h, -h)) / (4 * h * h),
        );
        expectClose(column, differences, { atol: 1e-5 });
        expect(column[i]).toBe(at.weight[i]);
      }
    }
  });
});

describe("coxnetPath", () => {
  it("has glmnet's coefficients and explained deviance along seven paths, 1e-8 of the largest coefficient", () => {
    for (const { data, covariates, alpha, lambda, beta, devianceRatio } of cohorts) {
      const { fits } = coxnetPath(data, covariates, { alpha, lambdas: lambda });
      const largest = Math.max(...beta.flat().map(Math.abs));
      for (const [l, fit] of fits.entries())
        expectClose(
          fit.beta,
          beta.map((row) => row[l]!),
          { atol: 1e-8 * largest },
        );
      expectClose(
        fits.map((fit) => fit.devianceRatio),
        devianceRatio,
        { rtol: 1e-8 },
      );
    }
  });

  it("begins where glmnet does: at the weakest penalty that leaves every covariate out", () => {
    for (const { data, covariates, alpha, first } of cohorts) {
      const [strongest] = penaltyPath(data, covariates, { alpha });
      expectClose([strongest!], [first], { rtol: 1e-12 });
      if (alpha === 0) continue;
      const [at, below] = coxnetPath(data, covariates, { alpha, lambdas: [strongest! * (1 + 1e-9), strongest! * 0.99] }).fits;
      expect(at!.beta.every((value) => value === 0)).toBe(true);
      expect(below!.beta.some((value) => value !== 0)).toBe(true);
    }
  });

  it("fulfils the conditions of the optimum by slopes taken from the definition, with strata and more covariates than patients (seeds 10 to 15)", () => {
    for (let seed = 10; seed < 16; seed++) {
      const p = seed % 2 === 0 ? 4 : 40;
      const { data, strata, covariates } = randomCohort(seed, 24, p);
      const n = data.time.length;
      for (const alpha of [1, 0.4, 0]) {
        const lambdas = penaltyPath(data, covariates, { alpha, strata, count: 5 }).slice(1, 4);
        const { fits, scale } = coxnetPath(data, covariates, { alpha, lambdas, strata });
        let worst = 0;
        for (const { lambda, beta } of fits) {
          const logLik = (j: number, by: number) =>
            logLikByRiskSets(
              data.time,
              data.event,
              Float64Array.from({ length: n }, (_, i) =>
                covariates.reduce((sum, { values }, k) => sum + (beta[k]! + (k === j ? by / scale[j]! : 0)) * values[i]!, 0),
              ),
              strata,
            );
          for (let j = 0; j < p; j++) {
            const slope = (logLik(j, 1e-4) - logLik(j, -1e-4)) / 2e-4 / n;
            const b = beta[j]! * scale[j]!;
            const pull = slope - lambda * (1 - alpha) * b;
            worst = Math.max(worst, b === 0 ? Math.abs(pull) - lambda * alpha : Math.abs(pull - lambda * alpha * Math.sign(b)));
          }
        }
        expect(worst).toBeLessThan(1e-7);
      }
    }
  });

  it("is Cox's regression where there is no penalty, whatever the units, and leaves a constant out", () => {
    const { data, covariates } = randomCohort(3, 60, 3);
    const scaled = covariates.map(({ name, values }, j) => ({ name, values: values.map((value) => 10 ** j * value + 5) }));
    const want = coxRegression(data, scaled, { ties: "breslow" }).coefficients.map(({ coef }) => coef);
    const { fits } = coxnetPath(data, [...scaled, { name: "constant", values: new Float64Array(60).fill(7) }], {
      alpha: 0.5,
      lambdas: [0.1, 0],
    });
    expectClose(fits[1]!.beta, [...want, 0], { rtol: 1e-8 });
  });

  it("settles where covariates repeat each other, separate the patients or have one extreme value, and then repeats the last fit (seed 4)", () => {
    const { data, covariates } = randomCohort(4, 30, 5);
    const time = Float64Array.from(data.time, (_, i) => i + 1);
    const hard = [
      ...covariates,
      { name: "twin", values: covariates[0]!.values },
      { name: "separates", values: time.map((t) => -t) },
      { name: "extreme", values: time.map((t) => (t === 3 ? 1e4 : 0)) },
    ];
    for (const alpha of [1, 0.5]) {
      const lambdas = penaltyPath({ ...data, time }, hard, { alpha });
      const { fits } = coxnetPath({ ...data, time }, hard, { alpha, lambdas });
      expect(fits.every(({ beta }) => beta.every(Number.isFinite))).toBe(true);
      const ratios = fits.map(({ devianceRatio }) => devianceRatio);
      expect(ratios).toEqual(ratios.toSorted((a, b) => a - b));
    }
  });

  it("refuses a cohort without events", () => {
    expect(() =>
      coxnetPath({ time: Float64Array.of(1, 2), event: Uint8Array.of(0, 0) }, [{ name: "x", values: [1, 2] }], { alpha: 1, lambdas: [1] }),
    ).toThrow(expect.objectContaining({ name: "ConfigError", message: "coxnet: a regression needs events; nobody has one" }));
  });
});

describe("coxnetCrossValidate", () => {
  it("has cv.glmnet's deviances and errors on given folds, and chooses its penalties, relative 1e-8", () => {
    for (const { data, covariates, alpha, lambda, fold, cvm, cvsd, best, sparse } of cohorts) {
      const got = coxnetCrossValidate(data, covariates, fold, { alpha, lambdas: lambda });
      expectClose(got.deviance, cvm, { rtol: 1e-8 });
      expectClose(got.se, cvsd, { rtol: 1e-8 });
      expect([lambda[got.best], lambda[got.withinOneSe]]).toEqual([best, sparse]);
    }
  });

  it("scores each patient by a fit that never saw the patient's fold", () => {
    const { data, covariates } = randomCohort(8, 30, 5);
    const fold = data.time.map((_, i) => i % 3);
    const lambdas = [0.05];
    const [scores] = coxnetCrossValidate(data, covariates, fold, { alpha: 1, lambdas }).heldOut;
    // A patient's own follow-up has no part in the patient's score.
    const other = { ...data, time: data.time.map((t, i) => (fold[i] === 1 ? t + 3 : t)) };
    const [again] = coxnetCrossValidate(other, covariates, fold, { alpha: 1, lambdas }).heldOut;
    expect(Array.from(again!, (score, i) => score === scores![i])).toEqual(Array.from(fold, (k) => k === 1));
  });
});

describe("coxnetReport", () => {
  const text = (noise: boolean) => {
    const { data, covariates } = randomCohort(5, 80, 6);
    const header = ["id", "t", "e", ...covariates.map(({ name }) => name), "x_flat", "x_none", "word"];
    const rows = Array.from(data.time, (t, i) =>
      [
        `p${i}`,
        t,
        data.event[i],
        ...covariates.map(({ values }, j) => values[noise && j === 0 ? (i + 17) % 80 : i]),
        4,
        "",
        i % 2 === 0 ? "a" : "b",
      ].join(","),
    );
    return readCsv([header.join(","), ...rows].join("\n"), "t.csv");
  };
  const choice = { alphas: [1, 0.5], folds: 5, seed: 2, rule: "min" } as const;
  const columns = { time: "t", event: "e", covariates: ["x*", "word"] };

  it("finds a planted covariate, names what it left out, and gives a score for every patient", () => {
    const report = coxnetReport(coxnetTable(text(false), "t.csv", columns, "id"), choice);
    expect(report).toMatchObject({ n: 80, candidates: 7, folds: 5, alphas: [{ alpha: 1 }, { alpha: 0.5 }] });
    expect(report.ignored).toEqual([
      { column: "x_flat", reason: "has a single value" },
      { column: "x_none", reason: "has no values" },
    ]);
    expect(report.coefficients[0]!.name).toBe("x0");
    expect(report.concordance.heldOut.c).toBeGreaterThan(0.6);
    expect(report.scores.map(({ id }) => id).slice(0, 3)).toEqual(["p0", "p1", "p2"]);
    expect(
      rScoreTable({ ...report, external: { scores: [{ id: "q", rScore: 2 }] } })
        .split("\n")
        .filter((_, i) => i === 0 || i === 81),
    ).toEqual(["cohort,id,r_score,r_score_held_out,fold", "external,q,2,,"]);
    expect(coxnetReport(coxnetTable(text(false), "t.csv", columns, "id"), choice)).toEqual(report);
  });

  it("gives the same patients the same score as an external table, words too, and says what such a table lacks", () => {
    const table = coxnetTable(text(false), "t.csv", columns, "id");
    const report = coxnetReport(table, { ...choice, alphas: [0] });
    const worded = report.coefficients.some(({ name }) => name === "word=b");
    const external = externalRScore(text(false), "e.csv", { time: "t", event: "e", id: "id" }, report.coefficients);
    expect([worded, external.n, external.leftOut]).toEqual([true, 80, 0]);
    expectClose(
      external.scores.map(({ rScore }) => rScore),
      report.scores.map(({ rScore }) => rScore),
      { atol: 1e-12 },
    );
    expect(external.concordance).toEqual(report.concordance.fitted);
    const lacking = readCsv("t,e,x0\n1,1,2\n", "e.csv");
    expect(() => externalRScore(lacking, "e.csv", { time: "t", event: "e" }, report.coefficients)).toThrow(/e\.csv: has no column "/);
  });

  it("takes no more covariates by the rule of one standard error", () => {
    const table = coxnetTable(text(false), "t.csv", columns, "id");
    const [lowest, sparse] = (["min", "1se"] as const).map((rule) => coxnetReport(table, { ...choice, rule }));
    expect(sparse!.lambda).toBeGreaterThanOrEqual(lowest!.lambda);
    expect(sparse!.coefficients.length).toBeLessThanOrEqual(lowest!.coefficients.length);
  });

  it("refuses fewer than three events, a pattern that fits nothing, and one that fits only useless columns", () => {
    expect(() => coxnetTable(text(false), "t.csv", { ...columns, covariates: ["z*"] })).toThrow(/t\.csv: no column begins with "z"/);
    expect(() => coxnetTable(text(false), "t.csv", { ...columns, covariates: ["x_*"] })).toThrow(
      "t.csv: no candidate is left (x_flat has a single value, x_none has no values)",
    );
    const few = readCsv("t,e,x\n1,1,1\n2,1,3\n3,0,2\n4,0,5", "t.csv");
    expect(() => coxnetReport(coxnetTable(few, "t.csv", { time: "t", event: "e", covariates: ["x"] }), choice)).toThrow(
      /needs 3 events or more; there are 2/,
    );
  });
});
