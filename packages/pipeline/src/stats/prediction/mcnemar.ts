import { chiSquareUpperTail, fUpperTail } from "../distributions.ts";

/** Two classifiers of the same patients compared by their disagreements. */
export interface McNemar {
  /** Patients whom only the first, and only the second, calls rightly. */
  readonly onlyA: number;
  readonly onlyB: number;
  /** Exact two-sided p: the disagreements fall either way like a fair coin. */
  readonly pExact: number;
  /** (|onlyA - onlyB| - 1)^2 / (onlyA + onlyB), with one degree of freedom; 0 without disagreements. */
  readonly chi2: number;
  readonly pAsymptotic: number;
}

/**
 * McNemar's test that two classifiers are right equally often on the same patients.
 *
 *   exact:       p = min(1, 2 P(X <= min(onlyA, onlyB))),   X binomial (onlyA + onlyB, 1/2)
 *   asymptotic:  chi-square with Edwards's continuity correction
 *
 * Without disagreements both p are 1.
 *
 * @param onlyA,onlyB  counts of patients, whole and not negative
 * @see McNemar 1947; Edwards 1948. R's mcnemar.test and binom.test
 */
export function mcnemar(onlyA: number, onlyB: number): McNemar {
  const n = onlyA + onlyB;
  const k = Math.min(onlyA, onlyB);
  // P(X <= k) by the F distribution; where k is half of n it is above one half, and p is 1.
  const pExact = 2 * k >= n - 1 ? 1 : Math.min(1, 2 * fUpperTail((n - k) / (k + 1), 2 * (k + 1), 2 * (n - k)));
  const chi2 = n > 0 ? Math.max(0, Math.abs(onlyA - onlyB) - 1) ** 2 / n : 0;
  return { onlyA, onlyB, pExact, chi2, pAsymptotic: chiSquareUpperTail(chi2, 1) };
}
