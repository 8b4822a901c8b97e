import { secondDerivativesTimes, type BreslowDerivatives, type RiskOrder } from "./breslow.ts";
import { solveSymmetric } from "../cholesky.ts";

/** Added to the diagonal, as a share of it: covariates that say the same share a step instead of having none. */
const RIDGE = 1e-9;

/** Multiplications a step may take, some two seconds. */
const MOST_WORK = 2e9;

/**
 * Newton's step of k coefficients in a Cox likelihood with a ridge.
 *
 *   (X' M X / n + c I) move = downhill,    M = - d2 logLik / d eta d eta'
 *
 * Solved as it stands for k up to n; for more coefficients than patients in the patients' space (Woodbury), where the system is n by n:
 *   move = ( downhill - X' (n c I + M X X')^-1 M X downhill ) / c
 *
 * @param columns   k columns of X in risk-set order
 * @param at        the derivatives at the present linear predictors
 * @param downhill  minus the gradient of the objective, [k]
 * @param c         the ridge, 0 or more
 * @returns         [k]; null without coefficients, where the system is singular, or too large
 * @see Golub & Van Loan 2013, 2.1.4 for the identity of Sherman, Morrison and Woodbury
 */
export function newtonMove(
  order: Pick<RiskOrder, "isStratumStart">,
  columns: readonly Float64Array[],
  at: BreslowDerivatives,
  downhill: Float64Array,
  c: number,
): Float64Array | null {
  const k = columns.length;
  const n = at.gradient.length;
  if (k === 0) return null;
  const isWide = k > n && c > 0;
  if (Math.min(k, isWide ? n : k) ** 2 * (n + k) > MOST_WORK) return null;
  if (isWide) return throughPatients(order, columns, at, downhill, c);
  const hessian = new Float64Array(k * k);
  for (let a = 0; a < k; a++) {
    const mx = secondDerivativesTimes(order, at, columns[a]!);
    for (let b = 0; b <= a; b++) hessian[a * k + b] = hessian[b * k + a] = dot(columns[b]!, mx) / n + (a === b ? c : 0);
    hessian[a * k + a]! *= 1 + RIDGE;
  }
  return finiteOrNull(solveSymmetric(hessian, downhill, k).x);
}

function finiteOrNull(move: Float64Array | undefined): Float64Array | null {
  return move?.every(Number.isFinite) ? move : null;
}

function throughPatients(
  order: Pick<RiskOrder, "isStratumStart">,
  columns: readonly Float64Array[],
  at: BreslowDerivatives,
  downhill: Float64Array,
  c: number,
): Float64Array | null {
  const n = at.gradient.length;
  const gram = Array.from({ length: n }, () => new Float64Array(n));
  const image = new Float64Array(n);
  for (const [k, column] of columns.entries()) {
    for (let i = 0; i < n; i++) {
      image[i]! += column[i]! * downhill[k]!;
      const row = gram[i]!;
      for (let j = 0; j <= i; j++) row[j]! += column[i]! * column[j]!;
    }
  }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) gram[j]![i] = gram[i]![j]!;
  // column j of M X X'; kept as rows of the transpose
  const system = gram.map((row, j) => {
    const column = secondDerivativesTimes(order, at, row);
    column[j]! += n * c;
    return column;
  });
  const v = solveTransposed(system, secondDerivativesTimes(order, at, image));
  return v && finiteOrNull(downhill.map((value, k) => (value - dot(columns[k]!, v)) / c));
}

/**
 * Solves A' x = b, A given by rows (so that they are the columns of the system), by elimination with pivots.
 *
 * @returns null where A is singular
 */
function solveTransposed(a: readonly Float64Array[], b: Float64Array): Float64Array | null {
  const n = b.length;
  const rows = Array.from({ length: n }, (_, i) => Float64Array.from({ length: n + 1 }, (_, j) => (j < n ? a[j]![i]! : b[i]!)));
  for (let j = 0; j < n; j++) {
    let pivot = j;
    for (let i = j + 1; i < n; i++) if (Math.abs(rows[i]![j]!) > Math.abs(rows[pivot]![j]!)) pivot = i;
    [rows[j], rows[pivot]] = [rows[pivot]!, rows[j]!];
    const top = rows[j]!;
    if (!(Math.abs(top[j]!) > 0)) return null;
    for (let i = j + 1; i < n; i++) {
      const row = rows[i]!;
      const factor = row[j]! / top[j]!;
      if (factor !== 0) for (let k = j; k <= n; k++) row[k]! -= factor * top[k]!;
    }
  }
  const x = new Float64Array(n);
  for (let i = n - 1; i >= 0; i--) {
    let sum = rows[i]![n]!;
    for (let k = i + 1; k < n; k++) sum -= rows[i]![k]! * x[k]!;
    x[i] = sum / rows[i]![i]!;
  }
  return x;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}
