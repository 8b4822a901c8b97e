// Selection by an L1 penalty.
import type { Random } from "../../random.ts";
import { innerFoldCount, stratifiedFolds } from "../validate/folds.ts";
import { fitLogistic, type LogisticParameters } from "../classify/logistic.ts";
import { logisticDecisions } from "../classify/logistic-problem.ts";
import { fitScaler, rowsScaled } from "../columns/scaler.ts";
import { balancedWeights, labelsOf } from "../classify/svm.ts";

/** Penalties of a path, from the one that lets no column in; glmnet has 100 over the same range. */
const PENALTIES = 50;
const FOLDS = 5;
/** What the last penalty is of the first, as glmnet: where there are fewer rows than columns, and otherwise. */
const RANGE = { wide: 0.01, tall: 1e-4 };
/** The path ends early where the fit leaves this share of the deviance: further penalties only separate what is separated. */
const FITTED = 0.01;

/**
 * The columns with a coefficient other than 0 in an L1 logistic regression of z-scores, whose penalty has the smallest mean deviance of held-out rows in a
 * stratified cross-validation (`min`), or is the strongest within one standard error of it (`1se`).
 *
 * @param values   row-major [n, width], finite; training rows only
 * @param columns  the candidates, in order
 * @param random   the stream of the folds
 * @returns        a part of the candidates, in their order; none where the strongest penalty is best
 * @see Tibshirani 1996; R's cv.glmnet
 */
export function inLasso(
  values: Float64Array,
  width: number,
  columns: readonly number[],
  outcome: ArrayLike<number>,
  { rule, balanced }: { readonly rule: "min" | "1se"; readonly balanced: boolean },
  random: Random,
): number[] {
  const n = outcome.length;
  const d = columns.length;
  const raw = Float64Array.from({ length: n * d }, (_, k) => values[Math.floor(k / d) * width + columns[k % d]!]!);
  const x = rowsScaled(fitScaler(raw, d), raw);
  const y = labelsOf(outcome);
  const all = y.map((_, i) => i);
  const weights = (rows: Int8Array): Pick<LogisticParameters, "classWeight"> => (balanced ? { classWeight: balancedWeights(rows) } : {});
  const path = lassoPath(x, y, d, weights(y));

  const folds = innerFoldCount(outcome, FOLDS);
  const fold = stratifiedFolds(outcome, folds, random);
  const deviance = path.map(() => [] as number[]);
  for (let k = 0; k < folds; k++) {
    const train = [...all.keys()].filter((i) => fold[i] !== k);
    const held = [...all.keys()].filter((i) => fold[i] === k);
    const rows = (which: readonly number[]) => Float64Array.from(which.flatMap((i) => [...x.subarray(i * d, (i + 1) * d)]));
    const labels = Int8Array.from(train, (i) => y[i]!);
    const [inside, outside] = [rows(train), rows(held)];
    const weight = weights(y).classWeight ?? [1, 1];
    let start: Parameters<typeof fitLogistic>[4];
    for (const [c, { C }] of path.entries()) {
      const fit = fitLogistic(inside, labels, d, { C, l1Ratio: 1, tolerance: 1e-6, ...weights(labels) }, start);
      start = { intercept: fit.intercept, coefficients: Float64Array.from(fit.coefficients) };
      deviance[c]!.push(
        devianceOf(
          logisticDecisions(fit, outside, held.length),
          Int8Array.from(held, (i) => y[i]!),
          weight,
        ),
      );
    }
  }
  const mean = deviance.map((parts) => parts.reduce((a, b) => a + b, 0) / folds);
  let best = 0;
  for (let c = 1; c < mean.length; c++) if (mean[c]! < mean[best]!) best = c;
  if (rule === "1se") {
    const squares = deviance[best]!.reduce((sum, value) => sum + (value - mean[best]!) ** 2, 0);
    const limit = mean[best]! + Math.sqrt(squares / (folds - 1) / folds);
    best = mean.findIndex((value) => value <= limit);
  }
  return columns.filter((_, j) => path[best]!.coefficients[j] !== 0);
}

/** Fits by falling penalty 1 / C, from the strongest that matters. */
function lassoPath(
  x: Float64Array,
  y: Int8Array,
  d: number,
  weights: Pick<LogisticParameters, "classWeight">,
): { C: number; coefficients: number[] }[] {
  const n = y.length;
  const [negative, positive] = weights.classWeight ?? [1, 1];
  const weight = Float64Array.from(y, (label) => (label > 0 ? positive : negative));
  const total = weight.reduce((a, b) => a + b, 0);
  const share = weight.reduce((sum, w, i) => sum + (y[i]! > 0 ? w : 0), 0) / total;
  // The steepest column at the fit of the intercept alone: penalties above its slope keep every column out.
  let steepest = 0;
  for (let j = 0; j < d; j++) {
    let slope = 0;
    for (let i = 0; i < n; i++) slope += weight[i]! * (share - (y[i]! > 0 ? 1 : 0)) * x[i * d + j]!;
    steepest = Math.max(steepest, Math.abs(slope));
  }
  if (steepest === 0) return [{ C: 1, coefficients: Array.from({ length: d }, () => 0) }];
  const nullDeviance = devianceOf(new Float64Array(n).fill(Math.log(share / (1 - share))), y, [negative, positive]);
  const range = n < d ? RANGE.wide : RANGE.tall;
  const path: { C: number; coefficients: number[] }[] = [];
  let start: Parameters<typeof fitLogistic>[4];
  for (let step = 0; step < PENALTIES; step++) {
    const C = 1 / (steepest * range ** (step / (PENALTIES - 1)));
    const fit = fitLogistic(x, y, d, { C, l1Ratio: 1, tolerance: 1e-6, ...weights }, start);
    start = { intercept: fit.intercept, coefficients: Float64Array.from(fit.coefficients) };
    path.push({ C, coefficients: fit.coefficients });
    if (devianceOf(logisticDecisions(fit, x, n), y, [negative, positive]) < FITTED * nullDeviance) break;
  }
  return path;
}

/** Weighted mean of 2 log(1 + exp(-y f)). */
function devianceOf(decision: Float64Array, y: Int8Array, [negative, positive]: readonly [number, number]): number {
  let sum = 0;
  let total = 0;
  for (let i = 0; i < y.length; i++) {
    const z = -y[i]! * decision[i]!;
    const weight = y[i]! > 0 ? positive : negative;
    sum += weight * 2 * (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)));
    total += weight;
  }
  return sum / total;
}
