import { stringify } from "#csv-stringify";
import { ConfigError } from "../../errors.ts";
import { stratifiedFolds } from "../../learn/validate/folds.ts";
import { randomFor } from "../../random.ts";
import { concordance } from "./concordance.ts";
import { coxnetCrossValidate, linearPredictor } from "./coxnet-cv.ts";
import { coxnetPath, penaltyPath } from "./coxnet.ts";
import type { CoxnetTable } from "./coxnet-table.ts";

/** How the penalty is chosen. */
export interface CoxnetChoice {
  /** Kinds of penalty to try: 1 = lasso, 0 = ridge, between: elastic net. */
  readonly alphas: readonly number[];
  /** Folds asked for; no more than there are events. */
  readonly folds: number;
  readonly seed: number;
  /** The penalty of the smallest deviance, or the strongest within one standard error of it. */
  readonly rule: "min" | "1se";
}

/** The JSON of `islet stats coxnet`. */
export interface CoxnetReport {
  readonly n: number;
  readonly events: number;
  /** Rows left out because a value is missing. */
  readonly leftOut: number;
  readonly candidates: number;
  readonly ignored: CoxnetTable["ignored"];
  readonly strata: number | null;
  readonly folds: number;
  readonly seed: number;
  readonly rule: CoxnetChoice["rule"];
  /** Every kind of penalty tried: its best penalty's deviance an event. */
  readonly alphas: readonly { readonly alpha: number; readonly lambda: number; readonly deviance: number; readonly se: number }[];
  readonly alpha: number;
  readonly lambda: number;
  /** The chosen kind's path, from the strongest penalty. */
  readonly path: readonly {
    readonly lambda: number;
    readonly covariates: number;
    readonly devianceRatio: number;
    readonly deviance: number;
    readonly se: number;
  }[];
  /** Covariates that the penalty leaves in: R-score = sum of coef (value - mean). Largest coefficient per standard deviation first. */
  readonly coefficients: readonly {
    readonly name: string;
    readonly coef: number;
    readonly mean: number;
    /** Hazard ratio of one standard deviation more, shrunk by the penalty. */
    readonly hrPerSd: number;
  }[];
  /** Harrell's C of the R-score on the patients it was fitted on, and of each patient's score by a fit without their fold. */
  readonly concordance: {
    readonly fitted: { readonly c: number; readonly se: number };
    readonly heldOut: { readonly c: number; readonly se: number };
  };
  readonly scores: readonly { readonly id: string; readonly rScore: number; readonly heldOut: number; readonly fold: number }[];
  readonly warnings: readonly string[];
  readonly references: readonly string[];
}

/**
 * Elastic-net Cox regression with a cross-validated penalty, and its linear predictor as a score (the "R-score").
 *
 * Folds are drawn from the seed, stratified by event, and shared by all kinds of penalty; what a fold is judged by is fitted without it, means and standard
 * deviations too. The penalty itself is chosen on all patients, so even the held-out concordance is a little too good: judge the score on other patients.
 *
 * @throws ConfigError with fewer than three events; as `coxnetPath`
 */
export function coxnetReport(
  { data, strata, covariates, leftOut, ids, ignored }: CoxnetTable,
  { alphas, folds: asked, seed, rule }: CoxnetChoice,
): CoxnetReport {
  const n = data.time.length;
  const events = data.event.reduce((sum, code) => sum + code, 0);
  if (events < 3)
    throw new ConfigError("coxnet", `a penalty is chosen by cross-validation, which needs 3 events or more; there are ${events}`);
  const folds = Math.min(asked, events);
  const fold = stratifiedFolds(data.event, folds, randomFor(seed, "coxnet folds"));
  const within = { strata: strata?.codes };
  const tried = alphas.map((alpha) => {
    const lambdas = penaltyPath(data, covariates, { alpha, ...within });
    return { alpha, lambdas, ...coxnetCrossValidate(data, covariates, fold, { alpha, lambdas, ...within }) };
  });
  const chosen = tried.reduce((best, one) => (one.deviance[one.best]! < best.deviance[best.best]! ? one : best));
  const { alpha, lambdas, deviance, se } = chosen;
  const at = rule === "min" ? chosen.best : chosen.withinOneSe;
  const path = coxnetPath(data, covariates, { alpha, lambdas, ...within });
  const { beta } = path.fits[at]!;
  const rScore = linearPredictor(covariates, path, beta, n);
  const heldOut = chosen.heldOut[at]!;
  const harrell = (score: Float64Array) => {
    const { c, se } = concordance(data, score, strata ? { strata: strata.codes } : {});
    return { c, se };
  };
  const kept = covariates
    .map(({ name }, j) => ({ name, coef: beta[j]!, mean: path.mean[j]!, hrPerSd: Math.exp(beta[j]! * path.scale[j]!) }))
    .filter(({ coef }) => coef !== 0)
    .toSorted((a, b) => Math.abs(Math.log(b.hrPerSd)) - Math.abs(Math.log(a.hrPerSd)));
  return {
    n,
    events,
    leftOut,
    candidates: covariates.length,
    ignored,
    strata: strata?.levels.length ?? null,
    folds,
    seed,
    rule,
    alphas: tried.map((one) => ({
      alpha: one.alpha,
      lambda: one.lambdas[one.best]!,
      deviance: one.deviance[one.best]!,
      se: one.se[one.best]!,
    })),
    alpha,
    lambda: lambdas[at]!,
    path: path.fits.map((fit, l) => ({
      lambda: fit.lambda,
      covariates: fit.beta.reduce((count, value) => count + (value === 0 ? 0 : 1), 0),
      devianceRatio: fit.devianceRatio,
      deviance: deviance[l]!,
      se: se[l]!,
    })),
    coefficients: kept,
    concordance: { fitted: harrell(rScore), heldOut: harrell(heldOut) },
    scores: ids.map((id, i) => ({ id, rScore: rScore[i]!, heldOut: heldOut[i]!, fold: fold[i]! })),
    warnings: [
      ...(folds < asked ? [`${folds} folds instead of ${asked}: there are no more events`] : []),
      ...(kept.length === 0
        ? ["no covariate does better than none: the chosen penalty leaves all out, and every R-score is 0"]
        : at === lambdas.length - 1
          ? ["the weakest penalty tried was chosen; an unpenalised model (stats cox) may fit better"]
          : []),
    ],
    references: [
      "Breslow's partial likelihood with an elastic-net penalty on standardised covariates: Simon et al. 2011, lambda as glmnet; Tibshirani 1997 for the lasso",
      `penalty by ${folds}-fold cross-validated partial likelihood (Verweij & van Houwelingen 1993), folds stratified by event, seed ${seed}; ${rule === "min" ? "smallest deviance" : "strongest within one standard error of the smallest deviance"}`,
      "coefficients are shrunk and chosen by the data: they have no valid P values or intervals",
      "concordance: Harrell 1982; held out: by fits without the patient's fold, at a penalty that was chosen with it",
    ],
  };
}

/** The scores as a CSV: cohort (fitted or external), id, r_score, r_score_held_out, fold. */
export function rScoreTable({
  scores,
  external,
}: Pick<CoxnetReport, "scores"> & {
  readonly external: { readonly scores: readonly { readonly id: string; readonly rScore: number }[] } | null;
}): string {
  return stringify([
    ["cohort", "id", "r_score", "r_score_held_out", "fold"],
    ...scores.map(({ id, rScore, heldOut, fold }) => ["fitted", id, rScore, heldOut, fold + 1]),
    ...(external?.scores ?? []).map(({ id, rScore }) => ["external", id, rScore, "", ""]),
  ]);
}
