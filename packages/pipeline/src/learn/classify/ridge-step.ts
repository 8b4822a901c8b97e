// Newton's step of a logistic regression with an L2 penalty.
import { solveSymmetric } from "../../stats/cholesky.ts";
import { logisticDecisions, type LogisticPoint, type LogisticRows, type Slopes } from "./logistic-problem.ts";

/** The minimum of the quadratic model with the L2 penalty, in as many unknowns as there are features or rows, whichever are fewer. */
export function ridgeStep(rows: LogisticRows, slopes: Slopes, point: LogisticPoint): LogisticPoint {
  return rows.d < rows.y.length ? primalStep(rows, slopes, point) : dualStep(rows, slopes, point);
}

/** (X' D X + I) db = -(X' g + b) with the intercept beside it, D and g the second and first derivatives. */
function primalStep({ x, y, d }: LogisticRows, { second, intercept, gradient }: Slopes, point: LogisticPoint): LogisticPoint {
  const w = d + 1;
  const a = new Float64Array(w * w);
  for (let i = 0; i < y.length; i++) {
    const h = second[i]!;
    a[d * w + d]! += h;
    for (let j = 0; j < d; j++) {
      const hx = h * x[i * d + j]!;
      a[d * w + j]! += hx;
      for (let k = 0; k <= j; k++) a[j * w + k]! += hx * x[i * d + k]!;
    }
  }
  for (let j = 0; j < d; j++) a[j * w + j]! += 1;
  const b = Float64Array.from({ length: w }, (_, j) => (j < d ? -gradient[j]! - point.coefficients[j]! : -intercept));
  const { x: step } = solveSymmetric(a, b, w, 0);
  if (!step) return point;
  return { intercept: point.intercept + step[d]!, coefficients: point.coefficients.map((value, j) => value + step[j]!) };
}

/** The same through b = X' a: (X X' + D^-1) a = z - b0, sum a = 0, with the working response z = f - g / D. */
function dualStep({ x, y, d }: LogisticRows, { first, second }: Slopes, point: LogisticPoint): LogisticPoint {
  const n = y.length;
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let k = 0; k <= i; k++) {
      let sum = 0;
      for (let j = 0; j < d; j++) sum += x[i * d + j]! * x[k * d + j]!;
      a[i * n + k] = sum;
    }
    a[i * n + i]! += 1 / second[i]!;
  }
  const decision = logisticDecisions(point, x, n);
  const b = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    b[2 * i] = decision[i]! - first[i]! / second[i]!;
    b[2 * i + 1] = 1;
  }
  const { x: solved } = solveSymmetric(a, b, n, 0);
  if (!solved) return point;
  let response = 0;
  let ones = 0;
  for (let i = 0; i < n; i++) {
    response += solved[2 * i]!;
    ones += solved[2 * i + 1]!;
  }
  const intercept = response / ones;
  const coefficients = new Float64Array(d);
  for (let i = 0; i < n; i++) {
    const weight = solved[2 * i]! - intercept * solved[2 * i + 1]!;
    for (let j = 0; j < d; j++) coefficients[j]! += weight * x[i * d + j]!;
  }
  return { intercept, coefficients };
}
