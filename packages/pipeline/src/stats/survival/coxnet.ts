// Elastic-net Cox regression along a path of penalties.
import { ConfigError } from "../../errors.ts";
import { breslowDerivatives, breslowDeviance } from "./breslow.ts";
import type { Covariate } from "./cox.ts";
import { ARRIVED, coxnetProblem, pulls, settle } from "./coxnet-solver.ts";
import type { FollowUp } from "./follow-up.ts";

/** A penalised fit at one strength of the penalty. */
export interface CoxnetFit {
  readonly lambda: number;
  /** Coefficient of each covariate per its unit; 0 = left out by the penalty. */
  readonly beta: Float64Array;
  /** Share of the null deviance that the fit explains. */
  readonly devianceRatio: number;
}

/** Fits from the strongest penalty to the weakest. */
export interface CoxnetPath {
  readonly fits: readonly CoxnetFit[];
  /** Mean of each covariate in the patients it was fitted on; x - mean goes with beta into the score. */
  readonly mean: Float64Array;
  /** Standard deviation (divided by n) of each; the penalty is on beta times it. */
  readonly scale: Float64Array;
}

/** Which penalty. */
export interface CoxnetOptions {
  /** 1 = lasso, 0 = ridge, between: elastic net. */
  readonly alpha: number;
  /** Strengths of the penalty, falling. */
  readonly lambdas: readonly number[];
  readonly strata?: ArrayLike<number> | undefined;
}

/** A fit that explains this share of the deviance nearly separates the patients; weaker penalties would only follow it to infinity. */
const SATURATED = 0.99;
/**
 * Cox's regression with an elastic-net penalty, along a path of penalties.
 *
 *   beta = argmin  - logLik(beta) / n + lambda ( alpha sum |b_j| + (1 - alpha)/2 sum b_j^2 ),    b_j = beta_j times the standard deviation of x_j
 *
 * Breslow's likelihood. Coordinate descent on its quadratic approximation (Simon et al. 2011) finds which covariates enter; Newton's steps on those, with the
 * full second derivatives, finish; the fit ends when the optimality conditions hold to 1e-10 of the strongest pull. A covariate that is constant stays out. Penalties weaker than
 * one whose fit explains 99% of the deviance, or than the last at which the fit settles, repeat that fit: patients are all but separated there.
 *
 * @param covariates  one or more, finite; there may be more of them than patients
 * @throws ConfigError without an event, or when no fit settles
 * @see Simon, Friedman, Hastie & Tibshirani 2011; Tibshirani 1997. glmnet(family = "cox"), whose lambda and standardisation these are
 */
export function coxnetPath(
  { time, event }: FollowUp,
  covariates: readonly Covariate[],
  { alpha, lambdas, strata }: CoxnetOptions,
): CoxnetPath {
  const problem = coxnetProblem({ time, event }, covariates, strata);
  const { order, x, n, mean, scale } = problem;
  const p = x.length;
  const beta = new Float64Array(p);
  const eta = new Float64Array(n);
  const nullDeviance = breslowDeviance(order, eta);
  const strongest = Math.max(...pulls(problem, breslowDerivatives(order, eta).gradient).map(Math.abs));
  const active = new Set<number>();
  const fits: CoxnetFit[] = [];
  let isOver = false;
  for (const lambda of lambdas) {
    const last = fits.at(-1);
    if (!isOver && !settle(problem, { alpha, lambda, tolerance: ARRIVED * strongest }, beta, eta, active)) {
      if (!last) throw new ConfigError("coxnet", `the fit did not settle at penalty ${lambda.toPrecision(3)}; look for extreme values`);
      isOver = true;
    }
    if (isOver) {
      fits.push({ ...last!, lambda });
      continue;
    }
    const devianceRatio = 1 - breslowDeviance(order, eta) / nullDeviance;
    fits.push({ lambda, beta: beta.map((value, j) => (scale[j]! > 0 ? value / scale[j]! : 0)), devianceRatio });
    isOver = devianceRatio > SATURATED;
  }
  return { fits, mean, scale };
}

/**
 * Strengths of the penalty to try: from the weakest that leaves every covariate out, down by equal factors.
 *
 *   max_j |x_j' gradient(0)| / (n alpha),   alpha at least 0.001;   the last is 1e-4 of it, or 0.05 with no more patients than covariates
 *
 * @see glmnet, which stops at 0.01 with fewer patients than covariates; so weak a penalty takes long and is never chosen
 */
export function penaltyPath(
  data: FollowUp,
  covariates: readonly Covariate[],
  { alpha, count = 100, strata }: { readonly alpha: number; readonly count?: number; readonly strata?: ArrayLike<number> | undefined },
): number[] {
  const problem = coxnetProblem(data, covariates, strata);
  const { gradient } = breslowDerivatives(problem.order, new Float64Array(problem.n));
  const first = Math.max(...pulls(problem, gradient).map(Math.abs)) / Math.max(alpha, 1e-3);
  if (!(first > 0)) throw new ConfigError("coxnet", "no covariate differs between patients with and without events; nothing can be fitted");
  const last = problem.n > covariates.length ? 1e-4 : 0.05;
  return Array.from({ length: count }, (_, k) => first * last ** (k / (count - 1)));
}
