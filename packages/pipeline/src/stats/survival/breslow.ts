// Breslow's partial likelihood as a function of the linear predictor: what a penalised fit of many covariates needs.

/** Patients in risk-set order: by stratum, within it by falling time. */
export interface RiskOrder {
  /** Original row of each sorted row. */
  readonly row: Uint32Array;
  /** 1 = event, in sorted order. */
  readonly event: Uint8Array;
  /** End (exclusive) of the block of equal times that starts at a sorted row; 0 elsewhere. */
  readonly blockEnd: Uint32Array;
  /** 1 at the first row of a stratum. */
  readonly isStratumStart: Uint8Array;
}

/** The log partial likelihood with its derivatives by each patient's linear predictor. */
export interface BreslowDerivatives {
  readonly logLik: number;
  /** d logLik / d eta_i. */
  readonly gradient: Float64Array;
  /** - d2 logLik / d eta_i^2, 0 or more. */
  readonly weight: Float64Array;
  /** r_i, up to a factor that is the same for all. */
  readonly r: Float64Array;
  /** B_i, times the square of that factor's inverse. */
  readonly b: Float64Array;
}

/**
 * Breslow's log partial likelihood of the linear predictors eta.
 *
 *   over event times with d events D among the risk set R, r_i = exp(eta_i), S = sum_R r:   logLik = sum_D eta - d log S
 *   gradient_i = event_i - r_i A_i,   weight_i = r_i A_i - r_i^2 B_i,   A_i = sum d / S, B_i = sum d / S^2 over the event times up to t_i
 *
 * One pass from the last time to the first for S, one back for A and B. Predictors further apart than doubles can compare have the likelihood 0.
 *
 * @param eta  in sorted order, finite
 * @see Breslow 1974; Simon, Friedman, Hastie & Tibshirani 2011 for the weights
 */
export function breslowDerivatives({ event, blockEnd, isStratumStart }: RiskOrder, eta: Float64Array): BreslowDerivatives {
  const n = eta.length;
  const { logLik, r, atRisk, died } = riskPass({ event, blockEnd, isStratumStart }, eta);
  const gradient = new Float64Array(n);
  const weight = new Float64Array(n);
  // backwards: a block's sums are met at its first row, so they are kept there and its end is walked to first
  const blocks: number[] = [];
  for (let first = 0; first < n; first = blockEnd[first]!) blocks.push(first);
  const bs = new Float64Array(n);
  let a = 0;
  let b = 0;
  for (let k = blocks.length - 1; k >= 0; k--) {
    const first = blocks[k]!;
    if (died[first]! > 0) {
      a += died[first]! / atRisk[first]!;
      b += died[first]! / atRisk[first]! ** 2;
    }
    for (let i = first; i < blockEnd[first]!; i++) {
      gradient[i] = event[i]! - r[i]! * a;
      weight[i] = Math.max(0, r[i]! * a - r[i]! ** 2 * b);
      bs[i] = b;
    }
    if (isStratumStart[first] === 1) [a, b] = [0, 0];
  }
  return { logLik, gradient, weight, r, b: bs };
}

/**
 * The matrix of second derivatives by the linear predictors, times a vector, in O(n).
 *
 *   - d2 logLik / d eta_i d eta_j = - r_i r_j B_(the earlier of i and j)  within a stratum, else 0;   i = j: the weight
 */
export function secondDerivativesTimes(
  { isStratumStart }: Pick<RiskOrder, "isStratumStart">,
  at: BreslowDerivatives,
  v: Float64Array,
): Float64Array {
  const { weight, r, b } = at;
  const n = v.length;
  const out = new Float64Array(n);
  // patients later than i come before it in the order: their B is beyond i's, so i's counts
  for (let i = 0, later = 0; i < n; i++) {
    if (isStratumStart[i] === 1) later = 0;
    out[i] = weight[i]! * v[i]! - r[i]! * b[i]! * later;
    later += r[i]! * v[i]!;
  }
  for (let i = n - 1, earlier = 0; i >= 0; i--) {
    out[i]! -= r[i]! * earlier;
    earlier += r[i]! * b[i]! * v[i]!;
    if (isStratumStart[i] === 1) earlier = 0;
  }
  return out;
}

/**
 * Deviance of linear predictors: twice the distance of their log likelihood from the best any could have.
 *
 *   2 (saturated - logLik),   saturated = - sum over event times of d log d
 *
 * @see glmnet's coxnet.deviance
 */
export function breslowDeviance(order: Omit<RiskOrder, "row">, eta: Float64Array): number {
  const { logLik, died } = riskPass(order, eta);
  let saturated = 0;
  for (const d of died) if (d > 1) saturated -= d * Math.log(d);
  return 2 * (saturated - logLik);
}

/** Below it the square of a sum over a risk set has no digits: predictors 345 apart, hazards beyond comparison. */
const SMALLEST_SUM = 1e-150;

/** The pass from the last time to the first: at each block's first row its number of events and the sum of r over its risk set. */
function riskPass({ event, blockEnd, isStratumStart }: Omit<RiskOrder, "row">, eta: Float64Array) {
  const n = eta.length;
  let highest = -Infinity;
  for (const value of eta) highest = Math.max(highest, value);
  const r = eta.map((value) => Math.exp(value - highest));
  const atRisk = new Float64Array(n);
  const died = new Uint32Array(n);
  let logLik = 0;
  let sum = 0;
  for (let first = 0; first < n; first = blockEnd[first]!) {
    if (isStratumStart[first] === 1) sum = 0;
    for (let i = first; i < blockEnd[first]!; i++) {
      sum += r[i]!;
      if (event[i] !== 1) continue;
      died[first]!++;
      logLik += eta[i]! - highest;
    }
    atRisk[first] = sum;
    if (died[first]! > 0) logLik = sum > SMALLEST_SUM ? logLik - died[first]! * Math.log(sum) : -Infinity;
  }
  return { logLik, r, atRisk, died };
}

/** Sorts patients into risk-set order. */
export function riskOrder(time: ArrayLike<number>, event: ArrayLike<number>, strata?: ArrayLike<number>): RiskOrder {
  const n = time.length;
  const row = Uint32Array.from({ length: n }, (_, i) => i).sort(
    (a, b) => (strata ? strata[a]! - strata[b]! : 0) || time[b]! - time[a]! || a - b,
  );
  const isStratumStart = Uint8Array.from(row, (i, k) => (k === 0 || (strata && strata[i] !== strata[row[k - 1]!]) ? 1 : 0));
  const blockEnd = new Uint32Array(n);
  for (let first = 0, k = 1; k <= n; k++) {
    if (k < n && isStratumStart[k] === 0 && time[row[k]!] === time[row[first]!]) continue;
    blockEnd[first] = k;
    first = k;
  }
  return { row, event: Uint8Array.from(row, (i) => event[i]!), blockEnd, isStratumStart };
}
