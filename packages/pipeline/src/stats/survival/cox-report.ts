import { concordance } from "./concordance.ts";
import type { Ties } from "./cox-likelihood.ts";
import { coxRegression, type CoxCoefficient, type ModelTest } from "./cox.ts";
import { orNull } from "./km-report.ts";
import { proportionalHazardsTest, type TimeTransform } from "./proportional-hazards.ts";
import type { SurvivalTable } from "./survival-table.ts";

/** A chi-square test; chi2 and p are null where they have no value. */
type Test = { readonly chi2: number | null; readonly df: number; readonly p: number | null };

/** The JSON of `islet stats cox`. */
export interface CoxReport {
  readonly n: number;
  readonly events: number;
  /** Rows left out because a value is missing. */
  readonly leftOut: number;
  readonly ties: Ties;
  readonly strata: number | null;
  readonly coefficients: readonly CoxCoefficient[];
  /** Harrell's C of the linear predictor, on the patients it was fitted on; with strata, over pairs of one stratum. */
  readonly concordance: number;
  readonly concordanceSe: number;
  /** Uno's C, up to `tau` where it was asked for. */
  readonly uno: { readonly c: number; readonly se: number; readonly tau: number | null };
  /** Log partial likelihood of the fit. */
  readonly logLik: number;
  readonly logLikNull: number;
  readonly tests: { readonly likelihoodRatio: Test; readonly wald: Test; readonly score: Test };
  readonly proportionalHazards: {
    readonly transform: TimeTransform;
    readonly rows: readonly (Test & { readonly name: string })[];
    readonly global: Test;
  };
  readonly eventsPerCovariate: number;
  readonly warnings: readonly string[];
  readonly references: readonly string[];
}

/**
 * A proportional hazards model with its tests, its proportional hazards check and its concordance.
 *
 * @param tau  events after it do not count for Uno's C
 */
export function coxReport(
  { data, strata, covariates, leftOut }: SurvivalTable,
  {
    ties = "efron",
    transform = "km",
    tau,
  }: { readonly ties?: Ties; readonly transform?: TimeTransform; readonly tau?: number | undefined } = {},
): CoxReport {
  const model = coxRegression(data, covariates, { ties, ...(strata && { strata: strata.codes }) });
  const { n, events, coefficients, logLik, logLikNull, linearPredictor } = model;
  const drift = proportionalHazardsTest(model, data, transform);
  const within = strata ? { strata: strata.codes } : {};
  const harrell = concordance(data, linearPredictor, within);
  const uno = concordance(data, linearPredictor, { ...within, weights: "uno", ...(tau !== undefined && { tau }) });
  const plain = ({ chi2, df, p }: ModelTest): Test => ({ chi2: orNull(chi2), df, p: orNull(p) });
  const eventsPerCovariate = events / covariates.length;
  return {
    n,
    events,
    leftOut,
    ties,
    strata: strata?.levels.length ?? null,
    coefficients,
    concordance: harrell.c,
    concordanceSe: harrell.se,
    uno: { c: uno.c, se: uno.se, tau: tau ?? null },
    logLik,
    logLikNull,
    tests: { likelihoodRatio: plain(model.likelihoodRatio), wald: plain(model.wald), score: plain(model.score) },
    proportionalHazards: {
      transform,
      rows: drift.covariates.map((row) => ({ name: row.name, ...plain(row) })),
      global: plain(drift.global),
    },
    eventsPerCovariate,
    warnings:
      eventsPerCovariate < 10
        ? [
            `${eventsPerCovariate.toFixed(1)} events per covariate; with fewer than 10 the hazard ratios are likely too far from 1 and their intervals unreliable`,
          ]
        : [],
    references: [
      `Cox 1972; ties: ${ties === "efron" ? "Efron 1977" : "Breslow 1974"}${strata ? "; one baseline hazard per stratum" : ""}`,
      "proportional hazards: Grambsch & Therneau 1994, score test as R's cox.zph since survival 3.0",
      "concordance: Harrell 1982; Uno et al. 2011; standard errors by infinitesimal jackknife as R's concordance",
      "warning below 10 events per covariate: Peduzzi et al. 1995",
    ],
  };
}
