import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { randomFor, randomNormal } from "../../random.ts";
import { fitLogistic } from "./logistic.ts";
import { logisticDecisions } from "./logistic-problem.ts";
import { balancedWeights, labelsOf } from "./svm.ts";

interface Fit {
  data: "tall" | "wide";
  C: number;
  l1Ratio: number;
  balanced?: boolean;
  intercept: number;
  coefficients: number[];
}
const { sets, fits } = golden<{ sets: Record<string, { x: number[]; y: number[]; d: number }>; fits: Fit[] }>("sklearn-logistic");
const glmnet = golden<{ fits: Fit[] }>("r-glmnet");

function fitted({ data, C, l1Ratio, balanced }: Fit) {
  const { x, y, d } = sets[data]!;
  const labels = labelsOf(y);
  return fitLogistic(Float64Array.from(x), labels, d, {
    C,
    l1Ratio,
    ...(balanced && { classWeight: balancedWeights(labels) }),
    tolerance: 1e-12,
  });
}

/** Some rows of noise with one informative column. */
function rowsOf(seed: number, n: number, d: number) {
  const random = randomFor(seed, "logistic");
  const y = Int8Array.from({ length: n }, (_, i) => (i % 4 === 0 ? 1 : -1));
  const x = Float64Array.from({ length: n * d }, (_, k) => randomNormal(random) + (k % d === 0 && y[Math.floor(k / d)]! > 0 ? 1 : 0));
  return { x, y };
}

describe("penalised logistic regression", () => {
  it.each(fits)("has scikit-learn's coefficients to 1e-8: $data, C = $C, L1 ratio $l1Ratio, balanced $balanced", (fit) => {
    const got = fitted(fit);
    expect(got.isConverged).toBe(true);
    expectClose([got.intercept, ...got.coefficients], [fit.intercept, ...fit.coefficients], { atol: 1e-8 });
  });

  it.each(glmnet.fits)("has glmnet's coefficients to 1e-8: $data, C = $C, L1 ratio $l1Ratio", (fit) => {
    const got = fitted(fit);
    expectClose([got.intercept, ...got.coefficients], [fit.intercept, ...fit.coefficients], { atol: 1e-8 });
  });

  it("fulfils the optimality conditions at every corner: more columns than rows, a strong and a weak penalty (seeds 1 to 3)", () => {
    for (const seed of [1, 2, 3]) {
      for (const [n, d] of [
        [40, 3],
        [40, 120],
      ] as const) {
        const { x, y } = rowsOf(seed, n, d);
        for (const C of [2 ** -7, 1, 2 ** 7]) {
          for (const l1Ratio of [0, 0.5, 1]) {
            const { intercept, coefficients, isConverged } = fitLogistic(x, y, d, { C, l1Ratio });
            expect(isConverged).toBe(true);
            const f = logisticDecisions({ intercept, coefficients }, x, n);
            const first = f.map((value, i) => (-C * y[i]!) / (1 + Math.exp(y[i]! * value)));
            const limit = 1.01e-8 * C;
            expect(Math.abs(first.reduce((a, b) => a + b, 0))).toBeLessThan(limit);
            for (const [j, b] of coefficients.entries()) {
              const g = first.reduce((sum, value, i) => sum + value * x[i * d + j]!, 0) + (1 - l1Ratio) * b;
              expect(b === 0 ? Math.abs(g) - l1Ratio : Math.abs(g + l1Ratio * Math.sign(b))).toBeLessThan(limit);
            }
          }
        }
      }
    }
  });

  it("gives the same L2 solution through rows as through columns: a column of zeros more changes nothing", () => {
    const { x, y } = rowsOf(5, 12, 11);
    const narrow = fitLogistic(x, y, 11, { C: 1, l1Ratio: 0, tolerance: 1e-12 });
    const wide = Float64Array.from({ length: 12 * 14 }, (_, k) => (k % 14 < 11 ? x[Math.floor(k / 14) * 11 + (k % 14)]! : 0));
    const padded = fitLogistic(wide, y, 14, { C: 1, l1Ratio: 0, tolerance: 1e-12 });
    expectClose(padded.coefficients, [...narrow.coefficients, 0, 0, 0], { atol: 1e-10 });
  });

  it("says the share of events where no column may speak: an L1 penalty too strong for any", () => {
    const { x, y } = rowsOf(6, 40, 5);
    const { intercept, coefficients } = fitLogistic(x, y, 5, { C: 1e-4, l1Ratio: 1 });
    expect(coefficients).toEqual([0, 0, 0, 0, 0]);
    expect(intercept).toBeCloseTo(Math.log(10 / 30), 7);
  });

  it("negates its coefficients when the labels are exchanged", () => {
    const { x, y } = rowsOf(7, 40, 5);
    const [a, b] = [y, y.map((label) => -label)].map((labels) => fitLogistic(x, labels, 5, { C: 1, l1Ratio: 0.5, tolerance: 1e-12 }));
    expectClose([b!.intercept, ...b!.coefficients], [-a!.intercept, ...a!.coefficients.map((v) => -v)], { atol: 1e-10 });
  });
});
