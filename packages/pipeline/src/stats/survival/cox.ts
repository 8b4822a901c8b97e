import { ConfigError, ShapeError } from "../../errors.ts";
import { identity, inverseForm, solveSymmetric } from "../cholesky.ts";
import { partialLikelihood, type RiskSets, type Ties } from "./cox-likelihood.ts";
import { chiSquareUpperTail, normalQuantile, normalTwoSided } from "../distributions.ts";
import type { FollowUp } from "./follow-up.ts";
import { risingOrder } from "../rising-order.ts";

/** A covariate: its name and one finite number a patient. */
export interface Covariate {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/** One covariate's place in the fitted model; lo and hi are the limits of the hazard ratio. */
export interface CoxCoefficient {
  readonly name: string;
  readonly coef: number;
  readonly se: number;
  /** Hazard ratio per unit, exp(coef). */
  readonly hr: number;
  readonly lo: number;
  readonly hi: number;
  readonly z: number;
  readonly p: number;
}

/** A chi-square test of the whole model. */
export interface ModelTest {
  readonly chi2: number;
  readonly df: number;
  readonly p: number;
}

/** A fitted proportional hazards model. */
export interface CoxModel {
  readonly n: number;
  readonly events: number;
  readonly ties: Ties;
  readonly coefficients: readonly CoxCoefficient[];
  /** Covariance of the coefficients, row-major [p, p]. */
  readonly covariance: Float64Array;
  /** Log partial likelihood with all coefficients 0. */
  readonly logLikNull: number;
  readonly logLik: number;
  readonly likelihoodRatio: ModelTest;
  readonly wald: ModelTest;
  readonly score: ModelTest;
  /** x beta of every patient, less its mean: higher = earlier event. */
  readonly linearPredictor: Float64Array;
  readonly iterations: number;
  /** The fit's sorted form, for `proportionalHazardsTest`. */
  readonly sorted: SortedCox;
}

/** Risk sets with what leads back to the patients and their units. */
export interface SortedCox extends RiskSets {
  /** Original row of each sorted row. */
  readonly row: Uint32Array;
  /** Standard deviation by which each column was divided. */
  readonly scale: Float64Array;
  /** Coefficients of the standardised columns. */
  readonly beta: Float64Array;
}

const MAX_ITERATIONS = 60;
/** A Newton step that moves no linear predictor by more than this has arrived: it is quadratic, so the next would be rounding. */
const ARRIVED = 1e-9;

/**
 * Cox's proportional hazards regression.
 *
 *   hazard(t | x) = h0(t) exp(x beta), beta by maximum partial likelihood; se from the inverse information at beta
 *
 * Newton-Raphson from 0 with halved steps where the likelihood would fall; columns are standardised within and returned in their units.
 * Wald z and p per coefficient; the whole model by likelihood ratio, Wald and score. With strata, each has a baseline hazard of its own.
 *
 * @param covariates  at least one
 * @param strata      any whole number from 0 a patient
 * @throws ConfigError without an event; naming a covariate that is constant, that the ones before it determine, or that separates (with events
 *   always at its highest or lowest value of those at risk the likelihood has no maximum, and its coefficient is infinite)
 * @see Cox 1972; R's coxph (Efron by default, as here), SPSS's COXREG (Breslow)
 */
export function coxRegression(
  { time, event }: FollowUp,
  covariates: readonly Covariate[],
  {
    ties = "efron",
    strata,
    confidence = 0.95,
  }: { readonly ties?: Ties; readonly strata?: ArrayLike<number>; readonly confidence?: number } = {},
): CoxModel {
  const n = time.length;
  const p = covariates.length;
  for (const { name, values } of covariates)
    if (values.length !== n) throw new ShapeError(`cox: ${values.length} values of ${name} for ${n} patients; give one a patient`);
  if (p === 0) throw new ShapeError("cox: no covariate; give one or more");
  const events = event.reduce((sum, code) => sum + code, 0);
  if (events === 0) throw new ConfigError("cox", "a regression needs events; nobody has one");
  const names = covariates.map(({ name }) => name);
  const { sets, row, scale } = sortRiskSets(time, event, covariates, strata);

  let beta: Float64Array = new Float64Array(p);
  let at = partialLikelihood(sets, beta, ties);
  const start = at;
  requireIndependent(start.information, names, events);
  let iterations = 0;
  for (let arrived = false; !arrived; iterations++) {
    if (iterations === MAX_ITERATIONS)
      throw new ConfigError(
        "cox",
        `the fit did not settle in ${MAX_ITERATIONS} iterations; leave out covariates, or look for extreme values`,
      );
    let step = solveSymmetric(at.information, at.score, p, 0).x;
    if (!step)
      throw separated(
        names,
        beta,
        names.map(() => 1),
      );
    const move = reach(sets, step);
    arrived = move < ARRIVED;
    const before = at;
    for (let halvings = 0; ; halvings++) {
      const next = beta.map((value, a) => value + step![a]!);
      at = partialLikelihood(sets, next, ties);
      // near the maximum the likelihood changes by less than its rounding
      if (at.logLik >= before.logLik - 1e-13 * Math.abs(before.logLik) || halvings === 30) {
        beta = next;
        break;
      }
      step = step.map((value) => value / 2);
    }
    // A likelihood that has stopped rising while the linear predictors still move by a tenth a step rises for ever (towards 0 where all are separated,
    // so the rise is measured against the events too).
    if (at.logLik - before.logLik < 1e-9 * (events + Math.abs(at.logLik)) && reach(sets, step) > 0.1) throw separated(names, beta, step);
  }

  const inverse = solveSymmetric(at.information, identity(p), p, 0).x;
  if (!inverse)
    throw separated(
      names,
      beta,
      names.map(() => 1),
    );
  const covariance = inverse.map((value, i) => value / (scale[Math.floor(i / p)]! * scale[i % p]!));
  const zHalf = normalQuantile(1 - (1 - confidence) / 2);
  const test = (chi2: number): ModelTest => ({ chi2, df: p, p: chiSquareUpperTail(chi2, p) });
  const linearPredictor = new Float64Array(n);
  for (let i = 0; i < n; i++) for (let a = 0; a < p; a++) linearPredictor[row[i]!]! += beta[a]! * sets.x[i * p + a]!;
  return {
    n,
    events,
    ties,
    coefficients: names.map((name, a) => {
      const coef = beta[a]! / scale[a]!;
      const se = Math.sqrt(covariance[a * p + a]!);
      return {
        name,
        coef,
        se,
        hr: Math.exp(coef),
        lo: Math.exp(coef - zHalf * se),
        hi: Math.exp(coef + zHalf * se),
        z: coef / se,
        p: normalTwoSided(coef / se),
      };
    }),
    covariance,
    logLikNull: start.logLik,
    logLik: at.logLik,
    likelihoodRatio: test(2 * (at.logLik - start.logLik)),
    wald: test(
      beta.reduce((sum, value, a) => sum + value * beta.reduce((inner, other, b) => inner + at.information[a * p + b]! * other, 0), 0),
    ),
    score: test(inverseForm(start.information, start.score, p)),
    linearPredictor,
    iterations,
    sorted: { ...sets, row, scale, beta },
  };
}

/** Sorts patients by stratum and falling time and standardises the covariates. */
function sortRiskSets(time: Float64Array, event: Uint8Array, covariates: readonly Covariate[], strata: ArrayLike<number> | undefined) {
  const n = time.length;
  const p = covariates.length;
  const row = risingOrder(time).reverse();
  if (strata) row.sort((a, b) => strata[a]! - strata[b]! || time[b]! - time[a]! || a - b);
  const x = new Float64Array(n * p);
  const scale = new Float64Array(p);
  for (const [a, { name, values }] of covariates.entries()) {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[i]!;
    const mean = sum / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2;
    const sd = Math.sqrt(squares / n);
    // a column that varies by no more than its rounding is constant
    if (!(sd > 1e-13 * Math.abs(mean)))
      throw new ConfigError(`covariate ${name}`, `is ${values[0]} for every patient and says nothing; leave it out`);
    scale[a] = sd;
    for (let i = 0; i < n; i++) x[i * p + a] = (values[row[i]!]! - mean) / sd;
  }
  const isStratumStart = Uint8Array.from({ length: n }, (_, i) => (i === 0 || (strata && strata[row[i]!] !== strata[row[i - 1]!]) ? 1 : 0));
  const blockEnd = new Uint32Array(n);
  for (let first = 0, i = 1; i <= n; i++) {
    if (i < n && !isStratumStart[i] && time[row[i]!] === time[row[first]!]) continue;
    blockEnd[first] = i;
    first = i;
  }
  const sets: RiskSets = { x, p, event: Uint8Array.from(row, (i) => event[i]!), blockEnd, isStratumStart };
  return { sets, row, scale };
}

/** How far a step in beta moves the linear predictor of any patient. */
function reach({ x, p, event }: RiskSets, step: Float64Array): number {
  let lowest = Infinity;
  let highest = -Infinity;
  for (let i = 0; i < event.length; i++) {
    let move = 0;
    for (let a = 0; a < p; a++) move += step[a]! * x[i * p + a]!;
    lowest = Math.min(lowest, move);
    highest = Math.max(highest, move);
  }
  return highest - lowest;
}

/** Information of standardised columns is about 1 an event; what is left of a column that says nothing is rounding. */
function requireIndependent(information: Float64Array, names: readonly string[], events: number): void {
  const p = names.length;
  for (const [a, name] of names.entries()) {
    if (information[a * p + a]! > 1e-12 * events) continue;
    throw new ConfigError(
      `covariate ${name}`,
      "is the same for all patients compared at every event (within strata), so it says nothing; leave it out",
    );
  }
  const { dependent } = solveSymmetric(information, new Float64Array(p), p);
  if (dependent === undefined) return;
  throw new ConfigError(
    `covariate ${names[dependent]}`,
    `is determined by the covariates before it (${names.slice(0, dependent).join(", ")}); leave one of them out`,
  );
}

function separated(names: readonly string[], beta: Float64Array, step: ArrayLike<number>): ConfigError {
  const largest = Math.max(...Array.from(step, Math.abs));
  const guilty = names.filter((_, a) => Math.abs(step[a]!) > 0.01 * largest);
  return new ConfigError(
    `covariate ${guilty.join(", ")}`,
    `separates the patients with events from the others at risk, so the hazard ratio is ${names.length === 1 ? (beta[0]! > 0 ? "infinite" : "0") : "infinite or 0"} and has no interval; leave it out, merge rare categories, or report the log-rank test`,
  );
}
