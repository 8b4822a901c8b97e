// The inner cross-validation: which choice of parameters ranks unseen rows best.
import { crossDecisions, type Core, type GridPoint } from "@islet/core-wasm";
import { ConfigError } from "../../errors.ts";
import { isSvmChoice, type ClassifierChoice, type LogisticChoice, type TrainingOptions } from "./classifier.ts";
import { rowsAt } from "../columns/feature-table.ts";
import { fitLogistic } from "./logistic.ts";
import { logisticDecisions } from "./logistic-problem.ts";
import { balancedWeights } from "./svm.ts";

/** The winner of a grid search. */
export interface GridSearch {
  readonly params: ClassifierChoice;
  /** Mean over the inner folds of the AUC of the held-out rows. */
  readonly innerAuc: number;
  /** The winner's decision value of each row by the inner model that has not seen it. */
  readonly decisions: Float64Array;
}

/** AUCs closer than this are equal: they are sums of few fractions, whose rounding must not decide. */
const SAME_AUC = 1e-12;

/**
 * Finds the choice with the highest AUC in an inner cross-validation.
 *
 * The AUC is computed in each inner fold and averaged, so decision values of different inner models are never ranked against each other.
 * Equal AUC: the first in the grid's order. Balanced class weights, n / (2 * class size), are those of every training part.
 *
 * @param x      row-major [n, d], scaled
 * @param y      -1 or +1
 * @param fold   inner fold of each row, each with both classes
 * @param grid   at least one choice, all of one classifier
 */
export function searchGrid(
  core: Core,
  x: Float64Array,
  y: Int8Array,
  d: number,
  fold: Uint8Array,
  folds: number,
  grid: readonly ClassifierChoice[],
  options: TrainingOptions,
): GridSearch {
  if (grid.length === 0) throw new ConfigError("grid", "has no point; give at least one kernel and C");
  const n = y.length;
  const decisions = grid.every(isSvmChoice)
    ? crossDecisions(core, x, y, d, fold, folds, grid as readonly GridPoint[], options)
    : crossLogistic(x, y, d, fold, folds, grid as readonly LogisticChoice[], options);
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

/** Out-of-fold log odds of every row for every choice, [grid, n]; each fit begins at the one before, which has the nearest penalty. */
function crossLogistic(
  x: Float64Array,
  y: Int8Array,
  d: number,
  fold: Uint8Array,
  folds: number,
  grid: readonly LogisticChoice[],
  { balanced, tolerance }: TrainingOptions,
): Float64Array {
  const n = y.length;
  const out = new Float64Array(grid.length * n);
  const rows = Array.from(y, (_, i) => i);
  for (let k = 0; k < folds; k++) {
    const train = rows.filter((i) => fold[i] !== k);
    const held = rows.filter((i) => fold[i] === k);
    const inside = rowsAt(x, d, train);
    const outside = rowsAt(x, d, held);
    const labels = Int8Array.from(train, (i) => y[i]!);
    const classWeight = balanced ? balancedWeights(labels) : ([1, 1] as const);
    let start: Parameters<typeof fitLogistic>[4];
    for (const [g, { C, l1Ratio }] of grid.entries()) {
      const fit = fitLogistic(inside, labels, d, { C, l1Ratio, classWeight, tolerance }, start);
      start = { intercept: fit.intercept, coefficients: Float64Array.from(fit.coefficients) };
      for (const [j, value] of logisticDecisions(fit, outside, held.length).entries()) out[g * n + held[j]!] = value;
    }
  }
  return out;
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
