// The definition of Adam and AdamW, in f64.
import type { AdamSettings } from "../src/ops/adam.ts";

/** One parameter's values with their moments. */
export interface AdamState {
  parameter: Float64Array;
  mean: Float64Array;
  square: Float64Array;
}

/**
 * Step t = 1, 2, ... as in Kingma & Ba 2015, algorithm 1: bias-corrected moments first, then the quotient. "adamw" subtracts
 * learningRate * weightDecay * parameter besides (Loshchilov & Hutter 2019, algorithm 2); "adam" adds weightDecay * parameter to the gradient.
 */
export function adamStep(state: AdamState, gradient: ArrayLike<number>, settings: AdamSettings, t: number, learningRate: number): void {
  const { optimiser, weightDecay, epsilon } = settings;
  const [beta1, beta2] = settings.betas;
  for (let i = 0; i < state.parameter.length; i++) {
    const p = state.parameter[i]!;
    const g = gradient[i]! + (optimiser === "adam" ? weightDecay * p : 0);
    state.mean[i] = beta1 * state.mean[i]! + (1 - beta1) * g;
    state.square[i] = beta2 * state.square[i]! + (1 - beta2) * g * g;
    const [mean, square] = [state.mean[i]! / (1 - beta1 ** t), state.square[i]! / (1 - beta2 ** t)];
    const decayed = optimiser === "adamw" ? p - learningRate * weightDecay * p : p;
    state.parameter[i] = decayed - (learningRate * mean) / (Math.sqrt(square) + epsilon);
  }
}
