import { breslowDeviance, riskOrder } from "./breslow.ts";
import type { Covariate } from "./cox.ts";
import { coxnetPath, type CoxnetOptions, type CoxnetPath } from "./coxnet.ts";
import type { FollowUp } from "./follow-up.ts";

/** How well each penalty of a path does for patients left out. */
export interface CoxnetCrossValidation {
  /** By penalty: the deviance that patients left out add, an event; smaller is better. */
  readonly deviance: Float64Array;
  /** Its standard error over the folds. */
  readonly se: Float64Array;
  /** By penalty: every patient's linear predictor from the fit without the patient's fold, each less its mean where it was fitted. */
  readonly heldOut: readonly Float64Array[];
  /** Where the deviance is smallest. */
  readonly best: number;
  /** The strongest penalty whose deviance is within one standard error of the smallest. */
  readonly withinOneSe: number;
}

/**
 * Cross-validates a path of penalties by the partial likelihood.
 *
 *   deviance = sum over folds of  D(all; beta without fold) - D(all but fold; beta without fold),  over the events
 *   se^2 = mean over folds, weighted by their events, of (the fold's share an event - deviance)^2, / (folds - 1)
 *
 * The difference, not the fold's own deviance: few patients have few risk sets. A fold without events has no share. Standard deviations and means are those of the
 * patients fitted on.
 *
 * @param fold  0, 1, ... a patient
 * @see Verweij & van Houwelingen 1993; cv.glmnet(family = "cox", grouped = TRUE), lambda.min and lambda.1se
 */
export function coxnetCrossValidate(
  { time, event }: FollowUp,
  covariates: readonly Covariate[],
  fold: ArrayLike<number>,
  options: CoxnetOptions,
): CoxnetCrossValidation {
  const n = time.length;
  const { lambdas, strata } = options;
  const heldOut = lambdas.map(() => new Float64Array(n));
  const folds = Math.max(...Array.from(fold)) + 1;
  const all = riskOrder(time, event, strata);
  const shares: { events: number; deviance: Float64Array }[] = [];
  for (let k = 0; k < folds; k++) {
    const rows = Uint32Array.from(Array.from(fold, (_, i) => i).filter((i) => fold[i] !== k));
    const pick = (values: ArrayLike<number>) => Float64Array.from(rows, (i) => values[i]!);
    const trained = { time: pick(time), event: Uint8Array.from(rows, (i) => event[i]!) };
    const within = strata && pick(strata);
    const path = coxnetPath(
      trained,
      covariates.map(({ name, values }) => ({ name, values: pick(values) })),
      { ...options, strata: within },
    );
    const order = riskOrder(trained.time, trained.event, within);
    const deviance = Float64Array.from(path.fits, ({ beta }, l) => {
      const eta = linearPredictor(covariates, path, beta, n);
      for (let i = 0; i < n; i++) if (fold[i] === k) heldOut[l]![i] = eta[i]!;
      const sorted = Float64Array.from(all.row, (i) => eta[i]!);
      const part = Float64Array.from(order.row, (i) => eta[rows[i]!]!);
      return breslowDeviance(all, sorted) - breslowDeviance(order, part);
    });
    const events = event.reduce((sum, code, i) => sum + (fold[i] === k ? code : 0), 0);
    if (events > 0) shares.push({ events, deviance });
  }
  const events = shares.reduce((sum, share) => sum + share.events, 0);
  const deviance = Float64Array.from(lambdas, (_, l) => shares.reduce((sum, share) => sum + share.deviance[l]!, 0) / events);
  const se = Float64Array.from(lambdas, (_, l) => {
    const spread = shares.reduce((sum, share) => sum + share.events * (share.deviance[l]! / share.events - deviance[l]!) ** 2, 0);
    return Math.sqrt(spread / events / (shares.length - 1));
  });
  const best = deviance.indexOf(Math.min(...deviance));
  const withinOneSe = deviance.findIndex((value) => value <= deviance[best]! + se[best]!);
  return { deviance, se, heldOut, best, withinOneSe };
}

/** sum of beta_j (x_j - mean_j), the mean that of the patients fitted on. */
export function linearPredictor(covariates: readonly Covariate[], { mean }: CoxnetPath, beta: Float64Array, n: number): Float64Array {
  const eta = new Float64Array(n);
  for (const [j, { values }] of covariates.entries()) {
    if (beta[j] === 0) continue;
    for (let i = 0; i < n; i++) eta[i]! += beta[j]! * (values[i]! - mean[j]!);
  }
  return eta;
}
