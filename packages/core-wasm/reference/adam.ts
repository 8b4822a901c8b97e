// Adam and AdamW in f64, as the papers write them.

/** How weights follow their gradients. */
export interface AdamSettings {
  readonly isDecoupled: boolean;
  readonly learningRate: number;
  readonly betas: readonly [number, number];
  readonly epsilon: number;
  readonly weightDecay: number;
}

/**
 * Step t = 1, 2, ... in place: bias-corrected moments first, then the quotient (Kingma & Ba 2015, algorithm 1). Decoupled decay subtracts
 * learningRate * weightDecay * parameter besides (Loshchilov & Hutter 2019, algorithm 2); the other adds weightDecay * parameter to the gradient.
 */
export function adamStep(
  state: { parameter: Float64Array; mean: Float64Array; square: Float64Array },
  gradient: ArrayLike<number>,
  { isDecoupled, learningRate, betas, epsilon, weightDecay }: AdamSettings,
  t: number,
): void {
  for (let i = 0; i < state.parameter.length; i++) {
    const p = state.parameter[i]!;
    const g = gradient[i]! + (isDecoupled ? 0 : weightDecay * p);
    state.mean[i] = betas[0] * state.mean[i]! + (1 - betas[0]) * g;
    state.square[i] = betas[1] * state.square[i]! + (1 - betas[1]) * g * g;
    const [mean, square] = [state.mean[i]! / (1 - betas[0] ** t), state.square[i]! / (1 - betas[1] ** t)];
    const decayed = isDecoupled ? p - learningRate * weightDecay * p : p;
    state.parameter[i] = decayed - (learningRate * mean) / (Math.sqrt(square) + epsilon);
  }
}
