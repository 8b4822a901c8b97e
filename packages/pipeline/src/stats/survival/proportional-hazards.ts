import { identity, inverseForm, solveSymmetric } from "../cholesky.ts";
import { partialLikelihood } from "./cox-likelihood.ts";
import type { CoxModel, ModelTest } from "./cox.ts";
import { chiSquareUpperTail } from "../distributions.ts";
import type { FollowUp } from "./follow-up.ts";
import { risingOrder } from "../rising-order.ts";
import { kaplanMeier } from "./kaplan-meier.ts";

/** On which scale of time a coefficient may drift: 1 - S(t-) of all patients (R's default), time, its rank, or its logarithm. */
export type TimeTransform = "km" | "identity" | "rank" | "log";

/** Test that the hazard ratios do not change with time. */
export interface ProportionalHazardsTest {
  readonly transform: TimeTransform;
  readonly covariates: readonly (ModelTest & { readonly name: string })[];
  readonly global: ModelTest;
  /** One row an event, by rising time (within strata): its transformed time and its scaled Schoenfeld residuals plus the coefficients, whose trend is beta(t). */
  readonly residuals: { readonly x: Float64Array; readonly y: Float64Array };
}

/**
 * Proportional hazards, by Grambsch and Therneau's score test on Schoenfeld residuals.
 *
 *   Schoenfeld residual of an event:  s_i = x_i - mean x of its risk set (weighted by exp(x beta))
 *   U(j) = sum of g(t_i) s_i(j),   g centred over the events
 *   chi2(j) = (0, U(j)) I^-1 (0, U(j))',   I = sum over event times of V [1, g; g, g^2],   V the time's information
 *
 * That is the score test of adding x(j) g(t) to the model (R's cox.zph from survival 3.0 on; before, it took V as constant in time).
 * Scaled residuals: s_i V-bar^-1 + beta, V-bar = information / events.
 *
 * @param model  as fitted on `data`
 * @see Grambsch & Therneau 1994
 */
export function proportionalHazardsTest(model: CoxModel, data: FollowUp, transform: TimeTransform = "km"): ProportionalHazardsTest {
  const { sorted, events, coefficients } = model;
  const { p, x, row, scale, beta } = sorted;
  const g = transformed(data, transform);
  let mean = 0;
  for (let i = 0; i < g.length; i++) mean += (data.event[i]! * g[i]!) / events;
  const u = new Float64Array(p);
  const v = [new Float64Array(p * p), new Float64Array(p * p), new Float64Array(p * p)] as const;
  const schoenfeld: number[][] = [];
  const at: number[] = [];
  partialLikelihood(sorted, beta, model.ties, (block) => {
    const centred = g[row[block.first]!]! - mean;
    for (let i = block.end - 1; i >= block.first; i--) {
      if (sorted.event[i] !== 1) continue;
      const residual = Array.from(block.mean, (value, a) => x[i * p + a]! - value);
      for (let a = 0; a < p; a++) u[a]! += centred * residual[a]!;
      schoenfeld.push(residual);
      at.push(g[row[i]!]!);
    }
    for (let a = 0; a < p * p; a++) for (let k = 0; k < 3; k++) v[k]![a]! += centred ** k * block.information[a]!;
  });
  const test = (which: readonly number[]): ModelTest => {
    const size = p + which.length;
    const full = new Float64Array(size * size);
    const source = [...coefficients.keys(), ...which];
    for (let a = 0; a < size; a++)
      for (let b = 0; b < size; b++) full[a * size + b] = v[(a >= p ? 1 : 0) + (b >= p ? 1 : 0)]![source[a]! * p + source[b]!]!;
    const chi2 = inverseForm(
      full,
      Float64Array.from(source, (a, i) => (i < p ? 0 : u[a]!)),
      size,
    );
    return { chi2, df: which.length, p: Number.isNaN(chi2) ? Number.NaN : chiSquareUpperTail(chi2, which.length) };
  };
  const inverse = solveSymmetric(v[0], identity(p), p, 0).x!;
  const y = new Float64Array(events * p);
  // the pass ran from the last time to the first
  for (let i = 0; i < events; i++) {
    const residual = schoenfeld[events - 1 - i]!;
    for (let a = 0; a < p; a++) {
      let sum = 0;
      for (let b = 0; b < p; b++) sum += inverse[a * p + b]! * residual[b]!;
      y[i * p + a] = (beta[a]! + events * sum) / scale[a]!;
    }
  }
  return {
    transform,
    covariates: coefficients.map(({ name }, a) => ({ name, ...test([a]) })),
    global: test([...coefficients.keys()]),
    residuals: { x: Float64Array.from(at.reverse()), y },
  };
}

/** g(t) of every patient's time. */
function transformed(data: FollowUp, transform: TimeTransform): Float64Array {
  const { time } = data;
  switch (transform) {
    case "identity":
      return time;
    case "log":
      return time.map(Math.log);
    case "rank": {
      const order = risingOrder(time);
      const ranks = new Float64Array(time.length);
      for (let i = 0, end = 0; i < order.length; i = end) {
        while (end < order.length && time[order[end]!] === time[order[i]!]) end++;
        for (let j = i; j < end; j++) ranks[order[j]!] = (i + 1 + end) / 2;
      }
      return ranks;
    }
    case "km": {
      const curve = kaplanMeier(data);
      const before = new Map<number, number>(Array.from(curve.time, (t, k) => [t, k === 0 ? 0 : 1 - curve.survival[k - 1]!]));
      return time.map((t) => before.get(t)!);
    }
  }
}
