// The L1 part of a penalised logistic regression: one quadratic model, minimised a coordinate at a time.
import type { LogisticPoint, LogisticRows, Slopes } from "./logistic-problem.ts";

/** Sweeps over the coordinates that matter; a stuck descent ends here and the next quadratic model goes on. */
const MAX_SWEEPS = 500;

/**
 * Minimises the quadratic model of the losses around a point, with the elastic-net penalty.
 *
 *   b_j <- S( D_j b_j - g_j, l1 ) / ( D_j + l2 ),   S(u, t) = sign(u) max(0, |u| - t)
 *
 * with g_j and D_j the model's first and second derivative by b_j. Only coordinates that are not 0, or that violate their condition at the point, are
 * moved; the others follow with the next model. Stops where no coordinate's condition is violated by more than a hundredth of the point's violation.
 *
 * @see Friedman, Hastie & Tibshirani 2010, Regularization paths for generalized linear models via coordinate descent
 */
export function descendCoordinates(
  { x, y, d }: LogisticRows,
  { first, second, gradient }: Slopes,
  point: LogisticPoint,
  l1Ratio: number,
  violation: number,
): LogisticPoint {
  const n = y.length;
  const l2 = 1 - l1Ratio;
  const coefficients = point.coefficients.slice();
  let intercept = point.intercept;
  // The model's slope by each row's decision value; kept up to date.
  const slope = first.slice();
  let interceptCurve = 0;
  for (let i = 0; i < n; i++) interceptCurve += second[i]!;
  const active: { readonly j: number; readonly column: Float64Array; readonly curve: number }[] = [];
  for (let j = 0; j < d; j++) {
    if (coefficients[j] === 0 && Math.abs(gradient[j]!) <= l1Ratio) continue;
    const column = new Float64Array(n);
    let curve = 0;
    for (let i = 0; i < n; i++) {
      column[i] = x[i * d + j]!;
      curve += second[i]! * column[i]! ** 2;
    }
    if (curve > 0) active.push({ j, column, curve });
  }
  for (let sweep = 0; sweep < MAX_SWEEPS; sweep++) {
    let worst = 0;
    for (const { j, column, curve } of active) {
      let g = 0;
      for (let i = 0; i < n; i++) g += slope[i]! * column[i]!;
      const before = coefficients[j]!;
      const pull = curve * before - g;
      const after = (Math.sign(pull) * Math.max(0, Math.abs(pull) - l1Ratio)) / (curve + l2);
      if (after === before) continue;
      const change = after - before;
      coefficients[j] = after;
      for (let i = 0; i < n; i++) slope[i]! += second[i]! * column[i]! * change;
      worst = Math.max(worst, Math.abs(change) * (curve + l2));
    }
    let sum = 0;
    for (let i = 0; i < n; i++) sum += slope[i]!;
    const change = -sum / interceptCurve;
    intercept += change;
    for (let i = 0; i < n; i++) slope[i]! += second[i]! * change;
    if (Math.max(worst, Math.abs(sum)) <= violation / 100) break;
  }
  return { intercept, coefficients };
}
