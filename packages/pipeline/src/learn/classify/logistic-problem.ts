// What a penalised logistic regression minimises, and its derivatives.

/** Rows, and what one pays for their losses. */
export interface LogisticRows {
  /** Row-major [n, d]. */
  readonly x: Float64Array;
  /** -1 or +1. */
  readonly y: Int8Array;
  readonly d: number;
  /** C times the weight of each row's class. */
  readonly cost: Float64Array;
}

/** A point of the descent. */
export interface LogisticPoint {
  readonly intercept: number;
  readonly coefficients: Float64Array;
}

/** Log odds of n rows (row-major [n, d]; d may be 0). */
export function logisticDecisions(
  { intercept, coefficients }: { readonly intercept: number; readonly coefficients: ArrayLike<number> },
  x: Float64Array,
  n: number,
): Float64Array {
  const d = coefficients.length;
  return Float64Array.from({ length: n }, (_, i) => {
    let sum = intercept;
    for (let j = 0; j < d; j++) sum += coefficients[j]! * x[i * d + j]!;
    return sum;
  });
}

/** First and second derivative of each row's loss by its decision value, and the gradient of all losses by intercept and coefficients. */
export interface Slopes {
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly intercept: number;
  readonly gradient: Float64Array;
}

/** Derivatives at a point. */
export function slopesAt({ x, y, d, cost }: LogisticRows, point: LogisticPoint): Slopes {
  const n = y.length;
  const decision = logisticDecisions(point, x, n);
  const first = new Float64Array(n);
  const second = new Float64Array(n);
  const gradient = new Float64Array(d);
  let intercept = 0;
  for (let i = 0; i < n; i++) {
    const f = decision[i]!;
    // P of the label that the row does not have.
    const wrong = 1 / (1 + Math.exp(y[i]! * f));
    first[i] = -y[i]! * cost[i]! * wrong;
    second[i] = cost[i]! * Math.max(wrong * (1 - wrong), 1e-12);
    intercept += first[i]!;
    for (let j = 0; j < d; j++) gradient[j]! += first[i]! * x[i * d + j]!;
  }
  return { first, second, intercept, gradient };
}

/** How far a point is from optimal: the largest distance of 0 from the subgradient, over all coordinates. */
export function violationOf({ intercept, gradient }: Slopes, { coefficients }: LogisticPoint, l1Ratio: number): number {
  let worst = Math.abs(intercept);
  for (let j = 0; j < coefficients.length; j++) {
    const b = coefficients[j]!;
    const smooth = gradient[j]! + (1 - l1Ratio) * b;
    const distance = b === 0 ? Math.max(0, Math.abs(smooth) - l1Ratio) : Math.abs(smooth + l1Ratio * Math.sign(b));
    worst = Math.max(worst, distance);
  }
  return worst;
}

/** What is minimised: the weighted losses and the penalty. */
export function objective({ x, y, cost, d }: LogisticRows, { intercept, coefficients }: LogisticPoint, l1Ratio: number): number {
  let sum = 0;
  for (const b of coefficients) sum += l1Ratio * Math.abs(b) + ((1 - l1Ratio) / 2) * b * b;
  for (let i = 0; i < y.length; i++) {
    let f = intercept;
    for (let j = 0; j < d; j++) f += coefficients[j]! * x[i * d + j]!;
    const z = -y[i]! * f;
    sum += cost[i]! * (z > 0 ? z + Math.log1p(Math.exp(-z)) : Math.log1p(Math.exp(z)));
  }
  return sum;
}
