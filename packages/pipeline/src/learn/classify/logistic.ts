// Penalised logistic regression.
import { descendCoordinates } from "./coordinate-descent.ts";
import { objective, slopesAt, violationOf, type LogisticPoint, type LogisticRows } from "./logistic-problem.ts";
import { ridgeStep } from "./ridge-step.ts";

/** How a logistic regression is fitted. */
export interface LogisticParameters {
  /** Weight of the data against the penalty, positive. */
  readonly C: number;
  /** 0 for L2, 1 for L1, between them elastic net. */
  readonly l1Ratio: number;
  /** Factors on C for the rows with y = -1 and y = +1; 1 and 1 by default. */
  readonly classWeight?: readonly [negative: number, positive: number];
  /** The largest violation of the optimality conditions at which fitting stops, relative to the largest C of a row; 1e-8 by default. */
  readonly tolerance?: number;
}

/** A fitted logistic regression as plain JSON: decision(x) = intercept + x . coefficients, the log odds of y = +1. */
export interface StoredLogistic {
  readonly intercept: number;
  readonly coefficients: number[];
  /** Newton steps. */
  readonly iterations: number;
  readonly isConverged: boolean;
}

/** Newton steps need fewer than 30; this many say that something is wrong, and `isConverged` says so. */
const MAX_STEPS = 200;

/**
 * Fits a logistic regression by Newton's method: exact steps for L2, coordinate descent on each quadratic model where there is an L1 part.
 *
 *   minimise   sum over rows of  C w(y) log(1 + exp(-y f(x)))  +  l1Ratio |b|_1  +  (1 - l1Ratio) |b|^2 / 2,    f(x) = b0 + b . x
 *
 * The intercept is not penalised, so it is finite only because both classes are there.
 *
 * @param x      row-major [n, d], finite, scaled by the caller
 * @param y      -1 or +1 for each row; both occur
 * @param start  where to begin, such as the solution of a neighbouring C
 * @see scikit-learn's LogisticRegression has the same objective; glmnet's lambda is 1 / (n C) and its alpha our l1Ratio. Friedman, Hastie & Tibshirani 2010
 */
export function fitLogistic(
  x: Float64Array,
  y: Int8Array,
  d: number,
  { C, l1Ratio, classWeight = [1, 1], tolerance = 1e-8 }: LogisticParameters,
  start?: LogisticPoint,
): StoredLogistic {
  const rows: LogisticRows = { x, y, d, cost: Float64Array.from(y, (label) => C * classWeight[label > 0 ? 1 : 0]) };
  const scale = C * Math.max(...classWeight);
  let point: LogisticPoint = start ?? { intercept: 0, coefficients: new Float64Array(d) };
  let value = objective(rows, point, l1Ratio);
  let iterations = 0;
  let isConverged = false;
  for (; iterations < MAX_STEPS; iterations++) {
    const slopes = slopesAt(rows, point);
    const violation = violationOf(slopes, point, l1Ratio);
    isConverged = violation <= tolerance * scale;
    if (isConverged) break;
    const target = l1Ratio > 0 ? descendCoordinates(rows, slopes, point, l1Ratio, violation) : ridgeStep(rows, slopes, point);
    let step = 1;
    let next = between(point, target, step);
    let nextValue = objective(rows, next, l1Ratio);
    // Rounding of the sum must not refuse the last step.
    while (nextValue > value + 1e-14 * Math.abs(value) && step > 1e-10) {
      step /= 2;
      next = between(point, target, step);
      nextValue = objective(rows, next, l1Ratio);
    }
    if (step <= 1e-10) break;
    point = next;
    value = nextValue;
  }
  return { intercept: point.intercept, coefficients: [...point.coefficients], iterations, isConverged };
}

function between(from: LogisticPoint, to: LogisticPoint, step: number): LogisticPoint {
  if (step === 1) return to;
  return {
    intercept: from.intercept + step * (to.intercept - from.intercept),
    coefficients: from.coefficients.map((b, j) => b + step * (to.coefficients[j]! - b)),
  };
}
