import { normalTwoSided } from "../distributions.ts";

/** Result of the two-sample Mann-Whitney U test. */
export interface MannWhitney {
  /** Pairs with x > y, ties counted half: 0 .. x.length * y.length. R calls it W. */
  readonly u: number;
  /** Two-sided p. */
  readonly p: number;
  /** Whether p comes from the exact distribution or from the normal approximation. */
  readonly exact: boolean;
}

/** Both groups below this size and no ties: exact p, as R does. */
const EXACT_BELOW = 50;

/**
 * The Mann-Whitney U test (Wilcoxon rank sum) for two groups of given sizes, two-sided.
 *
 *   U = sum over pairs of  1 if x > y, 1/2 if x = y
 *   exact:   p = min(1, 2 * P(U <= min(u, m*n - u)))
 *   normal:  z = (|U - m*n/2| - 1/2) / sigma,   sigma^2 = m*n/12 * ( m+n+1 - sum over ties (t^3 - t) / ((m+n)(m+n-1)) )
 *
 * One rule for both: exact when both groups have fewer than 50 values and no two values are equal, otherwise the normal approximation with
 * tie and continuity corrections. When all values are equal there is nothing to rank and p is 1.
 *
 * The distribution depends on the sizes alone, so the test of many columns of one table is made once and used for all.
 *
 * @param m  size of the first group, at least 1
 * @param n  size of the second group, at least 1
 * @returns  the test; it leaves its arguments untouched
 * @see Mann & Whitney 1947. The rule is that of R's wilcox.test up to R 4.5 (R 4.6 is exact with ties too); SciPy turns normal above 8.
 */
export function mannWhitneyFor(m: number, n: number): (x: Float64Array, y: Float64Array) => MannWhitney {
  let exactBelow: Float64Array | undefined;
  const sortedX = new Float64Array(m);
  const sortedY = new Float64Array(n);
  return (x, y) => {
    sortedX.set(x);
    sortedY.set(y);
    const { u, ties } = rankSum(sortedX.sort(), sortedY.sort());
    if (ties === 0 && m < EXACT_BELOW && n < EXACT_BELOW) {
      exactBelow ??= cumulativeU(m, n);
      return { u, p: Math.min(1, 2 * exactBelow[Math.min(u, m * n - u)]!), exact: true };
    }
    const N = m + n;
    const sigma = Math.sqrt(((m * n) / 12) * (N + 1 - ties / (N * (N - 1))));
    const distance = Math.abs(u - (m * n) / 2);
    const z = (distance - (distance > 0 ? 0.5 : 0)) / sigma;
    return { u, p: sigma > 0 ? Math.min(1, normalTwoSided(z)) : 1, exact: false };
  };
}

/**
 * The Mann-Whitney test of an AUC against one half, two-sided: could a model without any knowledge have ranked so well?
 *
 *   z = (auc - 1/2) / sqrt( (cases + controls + 1) / (12 * cases * controls) )
 *
 * No tie and no continuity correction: it gives the P of the paper's tables (docs/method.md, section 8), and of Hanley & McNeil's null variance.
 */
export function aucNullTest(auc: number, cases: number, controls: number): { z: number; p: number } {
  const z = (auc - 0.5) / Math.sqrt((cases + controls + 1) / (12 * cases * controls));
  return { z, p: normalTwoSided(z) };
}

/** U of two sorted groups, and the sum of t^3 - t over runs of t equal values. */
function rankSum(x: Float64Array, y: Float64Array): { u: number; ties: number } {
  let u = 0;
  let ties = 0;
  let i = 0;
  let j = 0;
  while (i < x.length || j < y.length) {
    const value = j >= y.length || (i < x.length && x[i]! < y[j]!) ? x[i]! : y[j]!;
    const below = j;
    const first = i;
    while (i < x.length && x[i] === value) i++;
    while (j < y.length && y[j] === value) j++;
    u += (i - first) * (below + (j - below) / 2);
    const t = i - first + (j - below);
    ties += t * t * t - t;
  }
  return { u, ties };
}

/**
 * P(U <= u) for u = 0 .. m*n when all orders of m + n different values are equally likely.
 *
 * The largest value is an x with probability i/(i+j), and then stands above all j values of y:
 *   P(i,j; u) = i/(i+j) * P(i-1,j; u-j) + j/(i+j) * P(i,j-1; u).    Only sums of positive terms: small tails keep their digits.
 */
function cumulativeU(m: number, n: number): Float64Array {
  let previous: Float64Array[] = Array.from({ length: n + 1 }, () => Float64Array.of(1));
  for (let i = 1; i <= m; i++) {
    const row: Float64Array[] = [Float64Array.of(1)];
    for (let j = 1; j <= n; j++) {
      const p = new Float64Array(i * j + 1);
      const withoutX = previous[j]!;
      const withoutY = row[j - 1]!;
      for (let u = 0; u < withoutX.length; u++) p[u + j]! += (i / (i + j)) * withoutX[u]!;
      for (let u = 0; u < withoutY.length; u++) p[u]! += (j / (i + j)) * withoutY[u]!;
      row.push(p);
    }
    previous = row;
  }
  const below = previous[n]!;
  for (let u = 1; u < below.length; u++) below[u]! += below[u - 1]!;
  return below;
}
