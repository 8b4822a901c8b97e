// The dual problem of one support vector machine: its arrays in wasm memory, its solution, its bias.
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

/** What a solution says of itself; its beta = y * alpha lies in `dual.beta`. */
export interface Solution {
  readonly rho: number;
  readonly steps: number;
  /** Whether the tolerance was reached within the limit of steps. */
  readonly isConverged: boolean;
}

/** The default tolerance of libsvm. */
export const TOLERANCE = 1e-3;

/** Pairwise steps after which the solver gives up, as in libsvm. */
const stepLimit = (n: number) => Math.max(10_000_000, 100 * n);

/**
 * Pairwise steps between Newton steps on the free coefficients. Most problems are solved before the first of them; with a large C on few
 * features pairwise steps alone need millions (56 x 5, C = 2^15: not converged after 10^7, with Newton steps after 10^4).
 */
const stepsBeforeNewton = (n: number) => Math.max(500, 10 * n);

/** Newton steps factorise a matrix of the free coefficients; beyond this many, pairwise steps go on alone. */
const MAX_FREE = 512;

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
    direction: arena.empty(Float64Array, free + 1),
  };
}

/**
 * Solves the dual of y.length rows from beta = 0; `dual.kernel` holds their kernel matrix with rows of `n` numbers, `dual.diagonal` its diagonal.
 *
 * rho is the mean of the gradient over the free support vectors, or the middle of its bounds when there is none, as in libsvm.
 */
export function solve({ exports }: Core, dual: Dual, y: Int8Array, n: number, { negative, positive }: Costs, tolerance: number): Solution {
  const [lower, upper, beta, gradient] = [dual.lower.view(), dual.upper.view(), dual.beta.view(), dual.gradient.view()];
  lower.fill(0);
  upper.fill(0);
  beta.fill(0);
  gradient.fill(0);
  for (let t = 0; t < y.length; t++) {
    if (y[t] === 1) upper[t] = positive;
    else lower[t] = -negative;
    gradient[t] = -y[t]!;
  }
  const pairwise = (limit: number) =>
    exports.solveDual(
      dual.kernel.ptr,
      n,
      dual.diagonal.ptr,
      dual.lower.ptr,
      dual.upper.ptr,
      dual.beta.ptr,
      dual.gradient.ptr,
      dual.up.ptr,
      dual.down.ptr,
      tolerance,
      limit,
    );
  const newton = () =>
    exports.newtonOnFree(
      dual.kernel.ptr,
      n,
      dual.lower.ptr,
      dual.upper.ptr,
      dual.beta.ptr,
      dual.gradient.ptr,
      dual.free.ptr,
      dual.matrix.ptr,
      dual.direction.ptr,
      Math.min(n, MAX_FREE),
    );
  const [period, limit] = [stepsBeforeNewton(y.length), stepLimit(y.length)];
  let steps = 0;
  for (;;) {
    const done = pairwise(period);
    steps += done;
    if (done < period || steps >= limit) break;
    // Each step but the last puts a free coefficient on its bound, so there are at most n.
    while (newton() === 1);
  }
  let free = 0;
  let sum = 0;
  let least = -Infinity;
  let most = Infinity;
  for (let t = 0; t < y.length; t++) {
    const g = gradient[t]!;
    if (beta[t] === upper[t]) least = Math.max(least, g);
    else if (beta[t] === lower[t]) most = Math.min(most, g);
    else {
      free++;
      sum += g;
    }
  }
  return { rho: free > 0 ? sum / free : (least + most) / 2, steps, isConverged: steps < limit };
}
