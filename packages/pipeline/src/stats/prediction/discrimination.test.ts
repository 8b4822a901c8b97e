import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomInt, randomNormal } from "../../random.ts";
import { confusionReport } from "./confusion-report.ts";
import { compareUnpaired, placements } from "./delong.ts";
import { mcnemar } from "./mcnemar.ts";
import { measures } from "./measures.ts";
import { partialAuc } from "./partial-auc.ts";
import { precisionRecall } from "./precision-recall.ts";
import { clopperPearson, wilson } from "../proportion.ts";
import { confusionAt, rocCurve } from "./roc.ts";

interface RGolden {
  curves: {
    y: number[];
    s: number[];
    ranges: { axis: "specificity" | "sensitivity"; from: number; to: number; area: number; standardised: number }[];
  }[];
  unpaired: { a: number; b: number; t: number; df: number; p: number }[];
  discordant: { a: number; b: number; exact: number; chi2: number; p: number }[];
}
interface SklearnGolden {
  rows: {
    y: number[];
    s: number[];
    threshold: number;
    averagePrecision: number;
    accuracy: number;
    sensitivity: number;
    specificity: number;
    ppv: number;
    npv: number;
    f1: number;
    mcc: number;
    balancedAccuracy: number;
  }[];
}
const r = golden<RGolden>("r-discrimination");
const { rows } = golden<SklearnGolden>("sklearn-measures");

describe("partialAuc", () => {
  it("is pROC's, plain and as McClish standardises it, with ties too, relative 1e-10", () => {
    for (const { y, s, ranges } of r.curves) {
      const got = ranges.map(({ axis, from, to }) => partialAuc(rocCurve(y, s), axis, from, to));
      expectClose(
        got.map(({ area }) => area),
        ranges.map(({ area }) => area),
        { rtol: 1e-10, atol: 1e-15 },
      );
      expectClose(
        got.map(({ standardised }) => standardised),
        ranges.map(({ standardised }) => standardised),
        { rtol: 1e-10 },
      );
    }
  });

  it("over the whole range is the AUC on either axis, and parts add up", () => {
    const { y, s } = r.curves[3]!;
    const curve = rocCurve(y, s);
    for (const axis of ["specificity", "sensitivity"] as const) {
      expect(partialAuc(curve, axis, 0, 1).area).toBeCloseTo(curve.auc, 13);
      expect(partialAuc(curve, axis, 0, 0.37).area + partialAuc(curve, axis, 0.37, 1).area).toBeCloseTo(curve.auc, 13);
    }
  });

  it("standardised is 1 for a perfect score and one half for a constant one", () => {
    const y = [0, 0, 1, 1];
    for (const axis of ["specificity", "sensitivity"] as const) {
      expect(partialAuc(rocCurve(y, [1, 2, 3, 4]), axis, 0.8, 1).standardised).toBeCloseTo(1, 14);
      expect(partialAuc(rocCurve(y, [5, 5, 5, 5]), axis, 0.8, 1).standardised).toBeCloseTo(0.5, 14);
    }
  });
});

describe("precisionRecall", () => {
  it("has scikit-learn's average precision, with ties too, relative 1e-12", () => {
    expectClose(
      rows.map(({ y, s }) => precisionRecall(rocCurve(y, s)).averagePrecision),
      rows.map((row) => row.averagePrecision),
      { rtol: 1e-12 },
    );
  });

  it("of a constant score is the prevalence, of a perfect one 1", () => {
    expect(precisionRecall(rocCurve([0, 1, 0, 0], [2, 2, 2, 2])).averagePrecision).toBe(0.25);
    expect(precisionRecall(rocCurve([0, 1, 0, 1], [1, 3, 2, 4])).averagePrecision).toBe(1);
  });
});

describe("measures", () => {
  it("are scikit-learn's at a threshold, relative 1e-12, with both intervals of each share", () => {
    for (const row of rows) {
      const got = measures(confusionAt(row.threshold, row.y, row.s));
      const rates = [got.accuracy, got.sensitivity, got.specificity, got.ppv, got.npv];
      expectClose(
        [...rates.map(({ value }) => value!), got.f1!, got.mcc!, got.balancedAccuracy!],
        [row.accuracy, row.sensitivity, row.specificity, row.ppv, row.npv, row.f1, row.mcc, row.balancedAccuracy],
        { rtol: 1e-12 },
      );
      for (const rate of rates)
        expect([rate.exact, rate.wilson]).toEqual([clopperPearson(rate.count, rate.of), wilson(rate.count, rate.of)]);
    }
  });

  it("that divide by nobody are null, with intervals that say nothing", () => {
    const nobody = measures(confusionAt(9, [1, 1], [1, 2]));
    expect(nobody.ppv).toEqual({ count: 0, of: 0, value: null, exact: [0, 1], wilson: [0, 1] });
    expect([nobody.specificity.value, nobody.mcc, nobody.balancedAccuracy, nobody.f1]).toEqual([null, null, null, 0]);
    expect(measures(confusionAt(9, [0, 0], [1, 2])).f1).toBeNull();
  });
});

describe("compareUnpaired", () => {
  it("has pROC's t, degrees of freedom and p, relative 1e-10", () => {
    for (const { a, b, t, df, p } of r.unpaired) {
      const [one, two] = [r.curves[a]!, r.curves[b]!].map(({ y, s }) => placements(y, s)) as [
        ReturnType<typeof placements>,
        ReturnType<typeof placements>,
      ];
      const got = compareUnpaired(one, two);
      expectClose([got.t, got.df, got.p], [t, df, p], { rtol: 1e-10 });
      expect(compareUnpaired(two, one).t).toBe(-got.t);
    }
  });

  it("has p = 1 for the same perfect area in both groups, and no value with a single case", () => {
    const perfect = placements([0, 0, 1, 1], [1, 2, 3, 4]);
    expect(compareUnpaired(perfect, perfect)).toMatchObject({ t: 0, p: 1 });
    expect(compareUnpaired(perfect, placements([0, 0, 1, 1], [4, 3, 2, 1]))).toMatchObject({ t: Infinity, p: 0 });
    expect(compareUnpaired(perfect, placements([0, 0, 1], [1, 2, 3])).p).toBeNaN();
  });
});

describe("mcnemar", () => {
  it("has R's exact and asymptotic p, relative 1e-10", () => {
    const got = r.discordant.map(({ a, b }) => mcnemar(a, b));
    expectClose(
      got.map(({ pExact }) => pExact),
      r.discordant.map(({ exact }) => exact),
      { rtol: 1e-10 },
    );
    expectClose(
      got.map(({ chi2 }) => chi2),
      r.discordant.map(({ chi2 }) => chi2),
      { rtol: 1e-12 },
    );
    expectClose(
      got.map(({ pAsymptotic }) => pAsymptotic),
      r.discordant.map(({ p }) => p),
      { rtol: 1e-10 },
    );
  });

  it("is 1 without disagreements or with as many either way", () => {
    expect([mcnemar(0, 0), mcnemar(4, 4)].map(({ pExact, pAsymptotic }) => [pExact, pAsymptotic])).toEqual([
      [1, 1],
      [1, 1],
    ]);
  });
});

describe("confusionReport", () => {
  it("counts the disagreements of two scores as a loop over the patients does (seed 8)", () => {
    const random = randomFor(8, "confusion");
    const outcome = Array.from({ length: 60 }, (_, i) => (i < 2 ? i : randomInt(random, 2)));
    const [a, b] = [0, 1].map(() => outcome.map((y) => y + randomNormal(random))) as [number[], number[]];
    const report = confusionReport(
      outcome,
      [
        { name: "a", values: a },
        { name: "b", values: b },
      ],
      0.5,
    );
    const only = (x: number[], y: number[], cls?: number) =>
      outcome.filter((truth, i) => (cls === undefined || truth === cls) && x[i]! >= 0.5 === (truth === 1) && y[i]! >= 0.5 !== (truth === 1))
        .length;
    const [test] = report.mcnemar;
    expect(test).toMatchObject({
      a: "a",
      b: "b",
      accuracy: mcnemar(only(a, b), only(b, a)),
      sensitivity: mcnemar(only(a, b, 1), only(b, a, 1)),
      specificity: mcnemar(only(a, b, 0), only(b, a, 0)),
    });
    expect(test!.accuracy).toMatchObject({ pHolm: test!.accuracy.pExact, pBenjaminiHochberg: test!.accuracy.pExact });
    expect(report.scores[0]).toMatchObject({ score: "a", threshold: 0.5, sensitivity: { of: report.positives } });
  });

  it("says that thresholds chosen on the same rows flatter", () => {
    const report = confusionReport([0, 1, 0, 1], [{ name: "a", values: [1, 3, 2, 4] }], "youden");
    expect(report.scores[0]).toMatchObject({ threshold: 3, mcc: expect.closeTo(1, 14) });
    expect(report.method).toMatch(/on these same rows/);
  });
});
