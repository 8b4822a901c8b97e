// The dual problem of one support vector machine: its arrays in wasm memory, its solution, its bias.
//
//   minimise  beta' K beta / 2 - y' beta    subject to  sum beta = 0,  lower <= beta <= upper,  where beta = y * alpha
import type { Slot } from "./arena.ts";
import type { Core } from "./core.ts";

/** The cost of an error in each class. */
export interface Costs {
  readonly negative: number;
  readonly positive: number;
}

/** Room for a dual of up to `capacity` rows, used again for every problem of that size. */
export interface Dual {
  readonly kernel: Slot<Float64Array>;
  readonly diagonal: Slot<Float64Array>;
  readonly lower: Slot<Float64Array>;
  readonly upper: Slot<Float64Array>;
  readonly beta: Slot<Float64Array>;
  readonly gradient: Slot<Float64Array>;
  readonly up: Slot<Float64Array>;
  readonly down: Slot<Float64Array>;
  /** Scratch of the Newton steps: indices, a matrix of up to MAX_FREE rows, a direction. */
  readonly free: Slot<Int32Array>;
  readonly matrix: Slot<Float64Array>;
  readonly direction: Slot<Float64Array>;
}

/** The default tolerance of libsvm. */
export const TOLERANCE = 1e-3;

/** Pairwise steps after which the solver gives up, as in libsvm. */
export const stepLimit = (n: number) => Math.max(10_000_000, 100 * n);

/** Pairwise steps before the free coefficients are first moved together. Most problems are solved by then. */
const stepsAlone = (n: number) => Math.max(500, 2 * n);

/**
 * Pairwise steps between later moves of the free coefficients. With a large C on few features pairwise steps alone need millions: of 40 sets of
 * 30 to 110 rows with 1 to 12 features, some discrete, some with outliers, the grid of 420 had points not converged after 10^7 steps on 12;
 * with these moves it has none, and takes 0.5 s at most. For those sizes any number from 2 to 20 does; with many rows a step costs more.
 */
const stepsBetween = (n: number) => Math.max(5, Math.floor(n / 10));

/** Moving the free coefficients factorises a matrix of them; beyond this many, pairwise steps go on alone. */
const MAX_FREE = 200;

/** Allocates the arrays of a dual; `kernel` is taken as it is when given. */
export function allocateDual({ arena }: Core, capacity: number, kernel?: Slot<Float64Array>): Dual {
  const vector = () => arena.zeros(Float64Array, capacity);
  const free = Math.min(capacity, MAX_FREE);
  return {
    kernel: kernel ?? arena.zeros(Float64Array, capacity * capacity),
    diagonal: vector(),
    lower: vector(),
    upper: vector(),
    beta: vector(),
    gradient: vector(),
    up: vector(),
    down: vector(),
    free: arena.empty(Int32Array, capacity),
    matrix: arena.empty(Float64Array, free * free),
    direction: arena.empty(Float64Array, 2 * (free + 1)),
  };
}

/** Sets the bounds of `y.length` rows of `n` (the others are padding), beta to 0 and the gradient to -y; notes the kernel's diagonal. */
export function begin(dual: Dual, y: Int8Array, n: number, { negative, positive }: Costs): void {
  const [kernel, diagonal, lower, upper] = [dual.kernel.view(), dual.diagonal.view(), dual.lower.view(), dual.upper.view()];
  const [beta, gradient] = [dual.beta.view(), dual.gradient.view()];
  for (const view of [lower, upper, beta, gradient]) view.fill(0);
  for (let t = 0; t < n; t++) diagonal[t] = kernel[t * (n + 1)]!;
  for (let t = 0; t < y.length; t++) {
    if (y[t] === 1) upper[t] = positive;
    else lower[t] = -negative;
    gradient[t] = -y[t]!;
  }
}

/** How a descent ended. */
export interface Descent {
  /** Pairwise steps. */
  readonly steps: number;
  /** Whether the tolerance was reached within the limit of steps. */
  readonly isConverged: boolean;
}

/** Goes on from the present beta until the violation of the optimality conditions is below the tolerance, or `limit` steps are made. */
export function descend({ exports }: Core, dual: Dual, n: number, tolerance: number, limit: number): Descent {
  const { kernel, diagonal, lower, upper, beta, gradient } = dual;
  const pairwise = (most: number) =>
    exports.solveDual(
      kernel.ptr,
      n,
      diagonal.ptr,
      lower.ptr,
      upper.ptr,
      beta.ptr,
      gradient.ptr,
      dual.up.ptr,
      dual.down.ptr,
      tolerance,
      most,
    );
  const together = () =>
    exports.moveFree(
      kernel.ptr,
      n,
      diagonal.ptr,
      lower.ptr,
      upper.ptr,
      beta.ptr,
      gradient.ptr,
      dual.free.ptr,
      dual.matrix.ptr,
      dual.direction.ptr,
      Math.min(n, MAX_FREE),
    );
  let steps = 0;
  while (steps < limit) {
    const most = steps === 0 ? stepsAlone(n) : stepsBetween(n);
    const done = pairwise(most);
    steps += done;
    if (done < most) return { steps, isConverged: true };
    // Each move but the last puts a free coefficient on its bound, so there are at most n.
    while (together() === 1);
  }
  return { steps, isConverged: false };
}

/** A coefficient this close to a bound, in proportion to the distance of its bounds, is free by rounding only. */
const AT_BOUND = 1e-9;

/**
 * The mean of the gradient over the free support vectors, or the middle of its bounds when there is none, as in libsvm.
 *
 * Where all coefficients are at their bounds but for rounding (a small C with balanced weights), libsvm takes the gradient of whichever row
 * the rounding fell on, an end of the interval; we take the middle.
 */
export function biasOf(dual: Dual, count: number): number {
  const [lower, upper, beta, gradient] = [dual.lower.view(), dual.upper.view(), dual.beta.view(), dual.gradient.view()];
  let free = 0;
  let sum = 0;
  let least = -Infinity;
  let most = Infinity;
  for (let t = 0; t < count; t++) {
    const g = gradient[t]!;
    const margin = AT_BOUND * (upper[t]! - lower[t]!);
    if (upper[t]! - beta[t]! <= margin) least = Math.max(least, g);
    else if (beta[t]! - lower[t]! <= margin) most = Math.min(most, g);
    else {
      free++;
      sum += g;
    }
  }
  return free > 0 ? sum / free : (least + most) / 2;
}

/** Rounds the kernel matrix to f32 and computes the gradient of the present beta anew. */
export function roundKernel({ exports }: Core, dual: Dual, y: Int8Array, n: number): void {
  exports.roundToSingle(dual.kernel.ptr, n * n);
  const [kernel, beta, gradient] = [dual.kernel.view(), dual.beta.view(), dual.gradient.view()];
  for (let t = 0; t < y.length; t++) gradient[t] = -y[t]!;
  for (let s = 0; s < y.length; s++) {
    if (beta[s] === 0) continue;
    for (let t = 0; t < y.length; t++) gradient[t]! += beta[s]! * kernel[s * n + t]!;
  }
}
