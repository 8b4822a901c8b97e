import { normalQuantile } from "../distributions.ts";

/** A fitted coefficient with its interval (Wald's). */
export interface Coefficient {
  readonly value: number;
  readonly se: number;
  readonly lo: number;
  readonly hi: number;
}

/** How risks must be stretched and shifted to fit the outcomes. A coefficient without a value is null. */
export interface Recalibration {
  /** b of logit P(y = 1) = a + b logit(risk): 1 is right, below 1 risks are too extreme. */
  readonly slope: Coefficient | null;
  /** a of the same model. */
  readonly intercept: Coefficient | null;
  /** a of logit P(y = 1) = a + logit(risk), calibration in the large: 0 is right, above 0 risks are too low. */
  readonly inTheLarge: Coefficient | null;
  /** Why a coefficient is null. */
  readonly reason: string | null;
}

/** Newton's steps end when the largest is below this; the likelihood is quadratic there, so the next would be below 1e-20. */
const CONVERGED = 1e-10;
const MOST_STEPS = 100;
/** Half of a step, as often as this, is no step. */
const MOST_HALVINGS = 60;

/**
 * Logistic recalibration: the maximum-likelihood fit of the outcomes on the logit of the risks.
 *
 * No value: risks of exactly 0 or 1 (their logit is infinite); one class only; for the slope and its intercept also risks that are all equal, and
 * risks that separate the outcomes, whose best slope is infinite.
 *
 * @param outcome  1 = event, 0 = none
 * @param risks    probabilities, one a patient
 * @see Cox 1958, Two further applications of a model for binary regression; Steyerberg 2019. R's glm(y ~ qlogis(p), binomial) and with offset()
 */
export function recalibrate(outcome: ArrayLike<number>, risks: ArrayLike<number>): Recalibration {
  const none = (reason: string, inTheLarge: Coefficient | null = null) => ({ slope: null, intercept: null, inTheLarge, reason });
  const logits = Float64Array.from(risks, (p) => Math.log(p) - Math.log1p(-p));
  if (logits.some((x) => !Number.isFinite(x))) return none("a risk is exactly 0 or 1, so its logit is infinite");
  const cases = logits.filter((_, i) => outcome[i] !== 0);
  const controls = logits.filter((_, i) => outcome[i] === 0);
  if (cases.length === 0 || controls.length === 0) return none("all outcomes are equal");
  const shift = fitShift(outcome, logits);
  const [lowCase, highCase, lowControl, highControl] = [smallest(cases), largest(cases), smallest(controls), largest(controls)];
  if (Math.min(lowCase, lowControl) === Math.max(highCase, highControl))
    return none("all risks are equal, so no slope can be fitted", shift);
  if (lowCase >= highControl || highCase <= lowControl)
    return none("the risks separate the outcomes, so the best slope is infinite", shift);
  const line = fitLine(outcome, logits);
  return line ? { ...line, inTheLarge: shift, reason: null } : none("the fit did not converge", shift);
}

/** A change of risks on the logit scale. */
export interface LogitLine {
  readonly intercept: number;
  readonly slope: number;
}

/**
 * Risks changed on the logit scale: 1 / (1 + exp(-(intercept + slope logit(risk)))).
 *
 * The line should come from patients other than those it is used on: on its own patients it makes any risks look calibrated.
 *
 * @param risks  0 .. 1; 0 and 1 stay (they change places with a slope below 0)
 */
export function recalibratedRisks(risks: ArrayLike<number>, { intercept, slope }: LogitLine): Float64Array {
  return Float64Array.from(risks, (p) => logistic(intercept + slope * (Math.log(p) - Math.log1p(-p))));
}

function smallest(values: Float64Array): number {
  return values.reduce((least, value) => Math.min(least, value), Infinity);
}

function largest(values: Float64Array): number {
  return values.reduce((most, value) => Math.max(most, value), -Infinity);
}

/** logit P = a + x by Newton's method; the likelihood has one maximum when both classes are there. */
function fitShift(outcome: ArrayLike<number>, x: Float64Array): Coefficient | null {
  let a = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    let gradient = 0;
    let information = 0;
    for (let i = 0; i < x.length; i++) {
      const p = logistic(a + x[i]!);
      gradient += outcome[i]! - p;
      information += p * (1 - p);
    }
    // A step is at most 2: far out the information vanishes and Newton's step would overshoot.
    const move = Math.max(-2, Math.min(2, gradient / information));
    a += move;
    if (Math.abs(move) < CONVERGED) return coefficient(a, 1 / information);
  }
  return null;
}

/** logit P = a + b x by Newton's method with halved steps where the likelihood would fall. */
function fitLine(outcome: ArrayLike<number>, x: Float64Array): { slope: Coefficient; intercept: Coefficient } | null {
  let [a, b] = [0, 1];
  let likelihood = logLikelihood(outcome, x, a, b);
  for (let step = 0; step < MOST_STEPS; step++) {
    let [ga, gb, haa, hab, hbb] = [0, 0, 0, 0, 0];
    for (let i = 0; i < x.length; i++) {
      const p = logistic(a + b * x[i]!);
      const w = p * (1 - p);
      ga += outcome[i]! - p;
      gb += (outcome[i]! - p) * x[i]!;
      haa += w;
      hab += w * x[i]!;
      hbb += w * x[i]! ** 2;
    }
    const determinant = haa * hbb - hab ** 2;
    let da = (hbb * ga - hab * gb) / determinant;
    let db = (haa * gb - hab * ga) / determinant;
    if (!Number.isFinite(da) || !Number.isFinite(db)) return null;
    const isLast = Math.max(Math.abs(da), Math.abs(db)) < CONVERGED;
    let next = logLikelihood(outcome, x, a + da, b + db);
    for (let half = isLast ? MOST_HALVINGS : 0; half < MOST_HALVINGS && !(next >= likelihood); half++) {
      [da, db] = [da / 2, db / 2];
      next = logLikelihood(outcome, x, a + da, b + db);
    }
    [a, b, likelihood] = [a + da, b + db, next];
    if (isLast) return { slope: coefficient(b, haa / determinant), intercept: coefficient(a, hbb / determinant) };
  }
  return null;
}

function coefficient(value: number, variance: number): Coefficient {
  const se = Math.sqrt(variance);
  const half = normalQuantile(0.975) * se;
  return { value, se, lo: value - half, hi: value + half };
}

function logistic(x: number): number {
  return 1 / (1 + Math.exp(-x));
}

function logLikelihood(outcome: ArrayLike<number>, x: Float64Array, a: number, b: number): number {
  let sum = 0;
  for (let i = 0; i < x.length; i++) {
    const eta = (outcome[i] !== 0 ? 1 : -1) * (a + b * x[i]!);
    sum -= eta > 0 ? Math.log1p(Math.exp(-eta)) : Math.log1p(Math.exp(eta)) - eta;
  }
  return sum;
}
