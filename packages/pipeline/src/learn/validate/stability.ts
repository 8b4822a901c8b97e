import { normalQuantile } from "../../stats/distributions.ts";

/** How alike the selections of several models are. */
export interface Stability {
  /** Nogueira's index; 1 where all models select the same, 0 on average where they select at random; null where it is not defined. */
  readonly index: number | null;
  /** Its 95% interval, as if the models' training parts were independent samples. */
  readonly lo: number | null;
  readonly hi: number | null;
  /** Why there is no index; absent when there is one. */
  readonly reason?: string;
}

/**
 * Nogueira's stability of feature selection.
 *
 *   Phi = 1 - mean over features of s_f^2 / ( k/d (1 - k/d) ),   s_f^2 = M/(M-1) p_f (1 - p_f)
 *
 * with p_f the share of the M models that select feature f, d candidates and k features a model on average. Corrected for chance, so that selecting more does not
 * look more stable. The folds of a cross-validation share most of their rows: their index is higher, and their interval narrower, than that of new cohorts;
 * bootstrap resamples are nearer to it.
 *
 * @param selections  the names each model selected
 * @param candidates  d, the number of features that could be selected
 * @see Nogueira, Sechidis & Brown 2018, On the stability of feature selection algorithms, JMLR 18(174); theorem 7 for the variance
 */
export function selectionStability(selections: readonly (readonly string[])[], candidates: number): Stability {
  const M = selections.length;
  const d = candidates;
  const none = (reason: string) => ({ index: null, lo: null, hi: null, reason });
  if (M < 2) return none("one model has nothing to agree with");
  const share = new Map<string, number>();
  for (const names of selections) for (const name of names) share.set(name, (share.get(name) ?? 0) + 1 / M);
  const k = selections.reduce((sum, names) => sum + names.length, 0) / M;
  const chance = (k / d) * (1 - k / d);
  if (!(chance > 0)) return none(k === 0 ? "no model selected anything" : "every model selected every feature");
  let spread = 0;
  for (const p of share.values()) spread += (M / (M - 1)) * p * (1 - p);
  const index = 1 - spread / d / chance;
  const parts = selections.map((names) => {
    const own = names.length;
    const overlap = names.reduce((sum, name) => sum + share.get(name)!, 0) / d;
    return (overlap - (own * k) / d ** 2 + (index / 2) * ((2 * k * own) / d ** 2 - own / d - k / d + 1)) / chance;
  });
  const mean = parts.reduce((a, b) => a + b, 0) / M;
  const variance = (4 / M ** 2) * parts.reduce((sum, part) => sum + (part - mean) ** 2, 0);
  const half = normalQuantile(0.975) * Math.sqrt(variance);
  return { index, lo: index - half, hi: index + half };
}
