import { identity, solveSymmetric } from "../stats/cholesky.ts";

/** A step below this ends the fit. */
const CONVERGED = 1e-9;
const MOST_STEPS = 200;
/** Near its maximum the penalised likelihood falls and rises by its rounding. */
const ROUNDING = 1e-9;
/** Longest step of a coefficient of standardised columns. */
const LONGEST = 5;

/** A fitted logistic regression: log odds = intercept + sum of coefficients times columns. */
export interface LogisticFit {
  readonly intercept: number;
  readonly coefficients: readonly number[];
}

/**
 * Logistic regression with Firth's penalty, for few events and for columns that separate the outcomes.
 *
 *   maximises  log L(beta) + 1/2 log det I(beta),      I = X' W X,  W = diag( p (1 - p) )
 *   score      U* = X' ( y - p + h (1/2 - p) ),        h = diagonal of W^1/2 X I^-1 X' W^1/2
 *
 * The penalty takes away the first-order bias and keeps every coefficient finite. Columns are standardised inside, which does not change the fit.
 *
 * @param columns  of one length, none constant, none a combination of the others; rows must outnumber them
 * @param outcome  1 = event, 0 = none
 * @returns null where the columns depend on each other or the fit does not converge
 * @see Firth 1993, Bias reduction of maximum likelihood estimates; Heinze & Schemper 2002
 */
export function firthLogistic(columns: readonly (readonly number[])[], outcome: readonly number[]): LogisticFit | null {
  const n = outcome.length;
  const k = columns.length + 1;
  const scales = columns.map((values) => {
    const mean = values.reduce((sum, x) => sum + x, 0) / n;
    return { mean, sd: Math.sqrt(values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / n) };
  });
  if (scales.some(({ sd }) => sd === 0)) return null;
  const x = Float64Array.from({ length: n * k }, (_, at) => {
    const [i, j] = [Math.floor(at / k), at % k];
    return j === 0 ? 1 : (columns[j - 1]![i]! - scales[j - 1]!.mean) / scales[j - 1]!.sd;
  });
  const beta = new Float64Array(k);
  let state = stateAt(x, outcome, beta, k);
  for (let step = 0; state && step < MOST_STEPS; step++) {
    const move = solveSymmetric(state.information, state.score, k).x;
    if (!move) return null;
    const longest = move.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
    const shrink = Math.min(1, LONGEST / longest);
    let factor = shrink;
    let next = stateAt(x, outcome, moved(beta, move, factor), k);
    // Where the penalised likelihood would fall, half the step.
    for (let left = longest > CONVERGED ? 30 : 0; left > 0 && !(next && next.value >= state.value - ROUNDING); left--) {
      factor /= 2;
      next = stateAt(x, outcome, moved(beta, move, factor), k);
    }
    beta.set(moved(beta, move, factor));
    state = next;
    if (longest < CONVERGED) return unscaled(beta, scales);
  }
  return null;
}

const moved = (beta: Float64Array, move: Float64Array, factor: number) => beta.map((value, j) => value + factor * move[j]!);

function unscaled(beta: Float64Array, scales: readonly { mean: number; sd: number }[]): LogisticFit {
  const coefficients = scales.map(({ sd }, j) => beta[j + 1]! / sd);
  return { intercept: scales.reduce((sum, { mean }, j) => sum - coefficients[j]! * mean, beta[0]!), coefficients };
}

/** Penalised likelihood, its score and the information; null where the information is singular. */
function stateAt(x: Float64Array, outcome: readonly number[], beta: Float64Array, k: number) {
  const n = outcome.length;
  const p = Float64Array.from({ length: n }, (_, i) => {
    let eta = 0;
    for (let j = 0; j < k; j++) eta += x[i * k + j]! * beta[j]!;
    return 1 / (1 + Math.exp(-eta));
  });
  const information = new Float64Array(k * k);
  for (let i = 0; i < n; i++) {
    const w = p[i]! * (1 - p[i]!);
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) information[a * k + b]! += w * x[i * k + a]! * x[i * k + b]!;
  }
  const inverse = solveSymmetric(information, identity(k), k).x;
  if (!inverse) return null;
  const score = new Float64Array(k);
  let logLikelihood = 0;
  for (let i = 0; i < n; i++) {
    const w = p[i]! * (1 - p[i]!);
    let h = 0;
    for (let a = 0; a < k; a++) for (let b = 0; b < k; b++) h += w * x[i * k + a]! * inverse[a * k + b]! * x[i * k + b]!;
    const residual = outcome[i]! - p[i]! + h * (0.5 - p[i]!);
    for (let a = 0; a < k; a++) score[a]! += x[i * k + a]! * residual;
    logLikelihood += Math.log(outcome[i] === 1 ? p[i]! : 1 - p[i]!);
  }
  return { value: logLikelihood + 0.5 * logDeterminant(information, k), score, information };
}

/** By elimination; the matrix is positive definite. */
function logDeterminant(matrix: Float64Array, k: number): number {
  const a = Float64Array.from(matrix);
  let sum = 0;
  for (let j = 0; j < k; j++) {
    sum += Math.log(a[j * k + j]!);
    for (let i = j + 1; i < k; i++) {
      const factor = a[i * k + j]! / a[j * k + j]!;
      for (let c = j; c < k; c++) a[i * k + c]! -= factor * a[j * k + c]!;
    }
  }
  return sum;
}
