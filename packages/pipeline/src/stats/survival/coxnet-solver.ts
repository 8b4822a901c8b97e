// Elastic-net Cox regression at one penalty: coordinate descent finds who enters, Newton's steps finish.
import { ConfigError, ShapeError } from "../../errors.ts";
import { breslowDerivatives, riskOrder, type BreslowDerivatives, type RiskOrder } from "./breslow.ts";
import type { Covariate } from "./cox.ts";
import { newtonMove } from "./coxnet-newton.ts";
import type { FollowUp } from "./follow-up.ts";

/** An optimum is where no covariate's pull differs from its penalty by more than this share of the strongest pull at 0. */
export const ARRIVED = 1e-10;
const MOST_ROUNDS = 300;
/** Coordinate descent only has to say which covariates enter, and with which sign, where Newton's steps can follow; else it has to arrive. */
const JOINING_SWEEPS = 8;
const MOST_SWEEPS = 200;
const MOST_HALVINGS = 40;
/** Where the likelihood is flat Newton's step has no bounds: a hazard ratio of e^5 per standard deviation is far enough for one. */
const LONGEST_STEP = 5;

/** Standardised columns in risk-set order. */
export interface CoxnetProblem {
  readonly n: number;
  readonly order: RiskOrder;
  /** One array a covariate, mean 0 and variance 1; zeros for a constant one. */
  readonly x: readonly Float64Array[];
  readonly mean: Float64Array;
  readonly scale: Float64Array;
}

/**
 * Standardises columns of numbers and sorts the patients.
 *
 * @throws ShapeError for columns of another length, or none; ConfigError without an event
 */
export function coxnetProblem(
  { time, event }: FollowUp,
  covariates: readonly Covariate[],
  strata: ArrayLike<number> | undefined,
): CoxnetProblem {
  const n = time.length;
  for (const { name, values } of covariates)
    if (values.length !== n) throw new ShapeError(`coxnet: ${values.length} values of ${name} for ${n} patients; give one a patient`);
  if (covariates.length === 0) throw new ShapeError("coxnet: no covariate; give one or more");
  if (!event.includes(1)) throw new ConfigError("coxnet", "a regression needs events; nobody has one");
  const order = riskOrder(time, event, strata);
  const mean = new Float64Array(covariates.length);
  const scale = new Float64Array(covariates.length);
  const x = covariates.map(({ values }, j) => {
    let sum = 0;
    for (let i = 0; i < n; i++) sum += values[i]!;
    mean[j] = sum / n;
    let squares = 0;
    for (let i = 0; i < n; i++) squares += (values[i]! - mean[j]!) ** 2;
    const sd = Math.sqrt(squares / n);
    // a column that varies by no more than its rounding is constant
    scale[j] = sd > 1e-13 * Math.abs(mean[j]!) ? sd : 0;
    return Float64Array.from(order.row, (i) => (scale[j]! > 0 ? (values[i]! - mean[j]!) / sd : 0));
  });
  return { n, order, x, mean, scale };
}

/** x_j' gradient / n of every covariate. */
export function pulls({ x, n }: CoxnetProblem, gradient: Float64Array): number[] {
  return x.map((column) => dot(column, gradient) / n);
}

/** One penalty, and how far from its optimum a fit may end. */
interface Penalty {
  readonly alpha: number;
  readonly lambda: number;
  readonly tolerance: number;
}

/** Moves beta and eta to the optimum at one penalty, and says whether it got there; `active` holds the covariates that may differ from 0 and grows. */
export function settle(problem: CoxnetProblem, penalty: Penalty, beta: Float64Array, eta: Float64Array, active: Set<number>): boolean {
  const { order, x, n } = problem;
  const { alpha, lambda, tolerance } = penalty;
  const objective = (logLik: number) => {
    let [one, two] = [0, 0];
    for (const j of active) {
      one += Math.abs(beta[j]!);
      two += beta[j]! ** 2;
    }
    return -logLik / n + lambda * (alpha * one + ((1 - alpha) / 2) * two);
  };
  let at = breslowDerivatives(order, eta);
  let newtonFailed = false;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    // optimality of every covariate; those outside that are pulled in join
    let worst = 0;
    let hasJoined = false;
    const pull = pulls(problem, at.gradient);
    for (const [j, g] of pull.entries()) {
      const b = beta[j]!;
      const excess =
        b === 0 ? Math.max(0, Math.abs(g) - lambda * alpha) : Math.abs(g - lambda * (1 - alpha) * b - lambda * alpha * Math.sign(b));
      if (excess > tolerance && b === 0) {
        active.add(j);
        hasJoined = true;
      }
      worst = Math.max(worst, excess);
    }
    if (worst <= tolerance) return true;
    const before = { beta: Float64Array.from(beta), eta: Float64Array.from(eta), value: objective(at.logLik) };
    const byNewton: boolean = !hasJoined && !newtonFailed && newtonStep(problem, penalty, at, beta, active);
    if (!byNewton) descend(problem, penalty, at, beta, active, hasJoined ? JOINING_SWEEPS : MOST_SWEEPS);
    // the approximation may overstep: halve until the objective does not rise
    for (let halving = 0; ; halving++) {
      eta.set(before.eta);
      for (const j of active) if (beta[j] !== before.beta[j]) addScaled(eta, x[j]!, beta[j]! - before.beta[j]!);
      at = breslowDerivatives(order, eta);
      if (objective(at.logLik) <= before.value + 1e-13 * Math.abs(before.value)) break;
      if (halving === MOST_HALVINGS) {
        // no way down along this step: go back, and try the other kind
        beta.set(before.beta);
        eta.set(before.eta);
        at = breslowDerivatives(order, eta);
        if (!byNewton) return false;
        break;
      }
      for (const j of active) beta[j] = (beta[j]! + before.beta[j]!) / 2;
    }
    newtonFailed = byNewton && eta.every((value, i) => value === before.eta[i]);
  }
  return false;
}

/** Coordinate descent on the quadratic approximation of the likelihood at the present eta. */
function descend(
  { x, n }: CoxnetProblem,
  { alpha, lambda, tolerance }: Penalty,
  { gradient, weight }: BreslowDerivatives,
  beta: Float64Array,
  active: Set<number>,
  sweeps: number,
): void {
  const residual = Float64Array.from(gradient);
  const among = [...active];
  const curvature = among.map((j) => {
    const column = x[j]!;
    let sum = 0;
    for (let i = 0; i < n; i++) sum += weight[i]! * column[i]! ** 2;
    return sum / n;
  });
  for (let sweep = 0; sweep < sweeps; sweep++) {
    let largest = 0;
    for (const [k, j] of among.entries()) {
      const h = curvature[k]!;
      if (h === 0 && alpha === 1) continue;
      const column = x[j]!;
      const target = h * beta[j]! + dot(column, residual) / n;
      const next = (Math.sign(target) * Math.max(0, Math.abs(target) - lambda * alpha)) / (h + lambda * (1 - alpha));
      const move = Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, next - beta[j]!));
      if (move === 0) continue;
      beta[j]! += move;
      for (let i = 0; i < n; i++) residual[i]! -= move * weight[i]! * column[i]!;
      largest = Math.max(largest, h * Math.abs(move));
    }
    if (largest <= 0.1 * tolerance) return;
  }
}

/**
 * One Newton step on the covariates that are not 0, as far as the first of them to reach 0, which then leaves.
 *
 * @returns false, with beta untouched, where no step can be found
 */
function newtonStep(
  { x, order }: CoxnetProblem,
  { alpha, lambda }: Penalty,
  at: BreslowDerivatives,
  beta: Float64Array,
  active: Set<number>,
): boolean {
  const among = [...active].filter((j) => beta[j] !== 0);
  const b = Float64Array.from(among, (j) => beta[j]!);
  const columns = among.map((j) => x[j]!);
  const n = at.gradient.length;
  const downhill = b.map((value, k) => dot(columns[k]!, at.gradient) / n - lambda * ((1 - alpha) * value + alpha * Math.sign(value)));
  const move = newtonMove(order, columns, at, downhill, lambda * (1 - alpha));
  if (!move) return false;
  // shares of the step at which a coefficient reaches 0
  const crossing = move.map((value, k) => ((b[k]! + value) * b[k]! > 0 ? Infinity : -b[k]! / value));
  const longest = move.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const share = crossing.reduce((least, value) => Math.min(least, value), Math.min(1, LONGEST_STEP / longest));
  for (const [k, j] of among.entries()) beta[j] = crossing[k]! <= share ? 0 : b[k]! + share * move[k]!;
  return true;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addScaled(sum: Float64Array, column: Float64Array, factor: number): void {
  for (let i = 0; i < sum.length; i++) sum[i]! += factor * column[i]!;
}
