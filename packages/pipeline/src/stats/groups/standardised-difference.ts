import { inverseForm } from "../cholesky.ts";
import type { Summary } from "../summary.ts";

/**
 * Standardised difference of two means.
 *
 *   ( mean(a) - mean(b) ) / sqrt( ( sd(a)^2 + sd(b)^2 ) / 2 )
 *
 * Unlike p it does not shrink or grow with the number of patients; 0.1 and less is called balanced.
 *
 * @returns  positive when a is higher; NaN when a group has one value or both are constant
 * @see Cohen 1988; Austin 2009 for the reading
 */
export function meanDifference(a: Summary, b: Summary): number {
  const sd = Math.sqrt((a.sd ** 2 + b.sd ** 2) / 2);
  return sd > 0 ? (a.mean - b.mean) / sd : Number.NaN;
}

/**
 * Standardised difference of two distributions over categories, without sign.
 *
 *   sqrt( (p - q)' S^-1 (p - q) ),    S = ( cov(p) + cov(q) ) / 2,   cov(p) = diag(p) - p p'
 *
 * p and q are the shares of all categories but the first; which one is left out does not matter. Categories that neither group has are passed over.
 *
 * @param a,b  counts by category
 * @returns    0 and more; NaN when a group is empty or S cannot be inverted (groups that share no category)
 * @see Yang & Dalton 2012, A unified approach to measuring the effect size between two groups
 */
export function categoryDifference(a: readonly number[], b: readonly number[]): number {
  const kept = a.map((_, k) => k).filter((k) => a[k]! + b[k]! > 0);
  const share = (counts: readonly number[]) => {
    const n = counts.reduce((sum, count) => sum + count, 0);
    return kept.slice(1).map((k) => counts[k]! / n);
  };
  const [p, q] = [share(a), share(b)];
  const difference = p.map((value, k) => value - q[k]!);
  if (difference.some(Number.isNaN)) return Number.NaN;
  const covariance = p.flatMap((_, i) => p.map((_, j) => ((i === j ? p[i]! + q[i]! : 0) - p[i]! * p[j]! - q[i]! * q[j]!) / 2));
  return p.length === 0 ? 0 : Math.sqrt(inverseForm(Float64Array.from(covariance), Float64Array.from(difference), p.length));
}
