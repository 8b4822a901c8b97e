import { crossDecisions, decisionFunction, type Core, type GridPoint, type SvmKernel, type SvmModel } from "@islet/core-wasm";
import { ConfigError } from "../errors.ts";

/** A trained support vector machine as plain JSON: it is cached and bundled. */
export interface StoredSvm {
  readonly kernel: SvmKernel;
  /** Number of features. */
  readonly d: number;
  /** Row-major [number of support vectors, d]. */
  readonly supportVectors: number[];
  /** alpha_i * y_i, one a support vector. */
  readonly dualCoef: number[];
  readonly rho: number;
  readonly iterations: number;
  /** Whether the solver reached its tolerance within its limit of steps. */
  readonly isConverged: boolean;
}

/** The winner of a grid search. */
export interface GridSearch {
  readonly params: GridPoint;
  /** Mean over the inner folds of the AUC of the held-out rows. */
  readonly innerAuc: number;
  /** The winner's decision value of each row by the inner model that has not seen it. */
  readonly decisions: Float64Array;
}

/** AUCs closer than this are equal: they are sums of few fractions, whose rounding must not decide. */
const SAME_AUC = 1e-12;

/** C = 2^-5 .. 2^15, by factors of 2. */
const C_VALUES = powersOfTwo(-5, 15);
/** gamma = 2^-15 .. 2^3, by factors of 2. */
const GAMMA_VALUES = powersOfTwo(-15, 3);

/**
 * The method's grid of 420 points: 21 linear and 21 x 19 RBF.
 *
 * Ordered from the plainest model: linear before RBF, then by rising C, then by rising gamma. The search takes the first of equals, so
 * this order is its rule for ties.
 *
 * @see method.md section 7
 */
export const METHOD_GRID: readonly GridPoint[] = [
  ...C_VALUES.map((C) => ({ kernel: { kind: "linear" } as const, C })),
  ...C_VALUES.flatMap((C) => GAMMA_VALUES.map((gamma) => ({ kernel: { kind: "rbf", gamma } as const, C }))),
];

/**
 * Finds the grid point with the highest AUC in an inner cross-validation.
 *
 * The AUC is computed in each inner fold and averaged, so decision values of different inner models are never ranked against each other.
 * Equal AUC: the first in the grid's order. Class weights are balanced, n / (2 * class size), in every training part.
 *
 * @param x      row-major [n, d], scaled
 * @param y      -1 or +1
 * @param fold   inner fold of each row, each with both classes
 * @param grid   at least one point
 */
export function searchGrid(
  core: Core,
  x: Float64Array,
  y: Int8Array,
  d: number,
  fold: Uint8Array,
  folds: number,
  grid: readonly GridPoint[],
  tolerance: number,
): GridSearch {
  if (grid.length === 0) throw new ConfigError("grid", "has no point; give at least one kernel and C");
  const n = y.length;
  const decisions = crossDecisions(core, x, y, d, fold, folds, grid, { balanced: true, tolerance });
  let best = 0;
  let innerAuc = -Infinity;
  for (let g = 0; g < grid.length; g++) {
    const auc = meanFoldAuc(decisions.subarray(g * n, (g + 1) * n), y, fold, folds);
    if (auc > innerAuc + SAME_AUC) {
      best = g;
      innerAuc = auc;
    }
  }
  return { params: grid[best]!, innerAuc, decisions: decisions.slice(best * n, (best + 1) * n) };
}

/** Class weights n / (2 * class size), as scikit-learn's "balanced". */
export function balancedWeights(y: Int8Array): readonly [negative: number, positive: number] {
  let positive = 0;
  for (const label of y) if (label > 0) positive++;
  return [y.length / (2 * (y.length - positive)), y.length / (2 * positive)];
}

/** -1 for no event, +1 for an event. */
export function labelsOf(outcome: ArrayLike<number>): Int8Array {
  return Int8Array.from(outcome, (value) => (value === 1 ? 1 : -1));
}

/** A trained model as plain JSON. Doubles survive JSON exactly. */
export function storeSvm({ kernel, d, supportVectors, dualCoef, rho, iterations, isConverged }: SvmModel): StoredSvm {
  return { kernel, d, supportVectors: [...supportVectors], dualCoef: [...dualCoef], rho, iterations, isConverged };
}

/** Decision values of rows (row-major [n, d]) by a stored model. */
export function storedDecisions(core: Core, svm: StoredSvm, x: Float64Array): Float64Array {
  const model: SvmModel = {
    ...svm,
    supportVectors: Float64Array.from(svm.supportVectors),
    dualCoef: Float64Array.from(svm.dualCoef),
    supportIndices: Int32Array.from(svm.dualCoef, (_, i) => i),
  };
  return decisionFunction(core, model, x);
}

/** Mean over folds of the AUC of a fold's rows, by counting pairs: a fold has few rows, and this runs for every grid point. */
function meanFoldAuc(decision: Float64Array, y: Int8Array, fold: Uint8Array, folds: number): number {
  const halfPairs = new Float64Array(folds);
  const pairs = new Float64Array(folds);
  for (let i = 0; i < y.length; i++) {
    if (y[i]! < 0) continue;
    const k = fold[i]!;
    for (let j = 0; j < y.length; j++) {
      if (y[j]! > 0 || fold[j] !== k) continue;
      pairs[k]!++;
      halfPairs[k]! += decision[i]! > decision[j]! ? 2 : decision[i] === decision[j] ? 1 : 0;
    }
  }
  let sum = 0;
  for (let k = 0; k < folds; k++) sum += halfPairs[k]! / (2 * pairs[k]!);
  return sum / folds;
}

function powersOfTwo(from: number, to: number): number[] {
  return Array.from({ length: to - from + 1 }, (_, k) => 2 ** (from + k));
}
