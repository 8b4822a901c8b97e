// The inner loop of a nested cross-validation: every grid point on every fold, with each kernel value computed once.
import type { Slot } from "./arena.ts";
import type { Core } from "./core.ts";
import { allocateDual, begin, biasOf, descend, stepLimit, TOLERANCE } from "./dual.ts";
import type { Costs, Dual } from "./dual.ts";
import { ShapeError } from "./errors.ts";
import { checkParameters, checkTraining, innerProducts, kernelValues, pushRows } from "./kernel-matrix.ts";
import type { Rows, SvmKernel } from "./kernel-matrix.ts";

/** One choice of parameters. */
export interface GridPoint {
  readonly kernel: SvmKernel;
  readonly C: number;
}

/** How the machines of the grid are trained. */
export interface CrossOptions {
  /** Each class weighs (training rows) / (2 * rows of the class), computed in each training part; otherwise 1. */
  readonly balanced: boolean;
  /** As in `trainSvm`. */
  readonly tolerance?: number;
  /** Told of each grid point and fold whose machine was not converged at the limit of steps; its last values are used. */
  readonly onUnfinished?: (gridPoint: number, fold: number) => void;
}

/** The rows of one fold in wasm memory, and the labels it is trained on. */
interface Fold {
  readonly train: Slot<Int32Array>;
  readonly test: Slot<Int32Array>;
  readonly held: Int32Array;
  readonly y: Int8Array;
  /** Factors on C. */
  readonly weight: Costs;
}

/**
 * Out-of-fold decision values of every row, for every grid point.
 *
 *   out[g, i] = decision of row i by the machine of grid point g trained on the rows of all other folds
 *
 * Each machine solves the problem of `trainSvm` on those rows to the tolerance, in double precision throughout (without libsvm's rounding of kernel
 * values). Inner products are computed once for all, the exponentials of a gamma once for all its C and all folds. The order of the grid does not
 * change the values.
 *
 * @param x     row-major [n, d], finite, scaled by the caller
 * @param y     -1 or +1 for each row
 * @param fold  the fold of each row, 0 .. folds-1; no training part may lack a class
 * @param grid  kernels and costs, in the caller's order
 * @returns f64 [grid, n], row-major
 * @throws ShapeError for data that do not fit; DeviceError for more than 8192 rows
 */
export function crossDecisions(
  core: Core,
  x: Float64Array,
  y: Int8Array,
  d: number,
  fold: Uint8Array,
  folds: number,
  grid: readonly GridPoint[],
  { balanced, tolerance = TOLERANCE, onUnfinished }: CrossOptions,
): Float64Array {
  const n = checkTraining("crossDecisions", x, y, d);
  for (const { kernel, C } of grid) checkParameters("crossDecisions", kernel, C, tolerance);
  if (fold.length !== n) throw new ShapeError(`crossDecisions: x has ${n} rows, fold has ${fold.length}`);
  const stray = fold.findIndex((f) => f >= folds);
  if (stray >= 0) throw new ShapeError(`crossDecisions: row ${stray} is in fold ${fold[stray]}, the folds are 0 to ${folds - 1}`);
  const out = new Float64Array(grid.length * n);
  core.arena.scope(() => {
    const rows = pushRows(core, x, d);
    const products = innerProducts(core, rows, rows);
    const scratch = core.arena.empty(Float64Array, products.length);
    const decision = core.arena.empty(Float64Array, n);
    const parts = Array.from({ length: folds }, (_, f) => pushFold(core, y, fold, f, balanced));
    const dual = allocateDual(core, rows.n);
    for (const points of byKernel(grid)) {
      const values = kernelValues(core, grid[points[0]!]!.kernel, products, rows, rows, scratch);
      for (const [f, part] of parts.entries()) {
        const size = gatherTraining(core, values, rows, part, dual);
        for (const g of points) {
          const { C } = grid[g]!;
          const costs = { negative: C * part.weight.negative, positive: C * part.weight.positive };
          begin(dual, part.y, size, costs);
          const { isConverged } = descend(core, dual, size, tolerance, stepLimit(size));
          if (!isConverged) onUnfinished?.(g, f);
          const rho = biasOf(dual, part.y.length);
          core.exports.decisionValues(
            values.ptr,
            rows.n,
            part.test.ptr,
            part.held.length,
            part.train.ptr,
            part.y.length,
            dual.beta.ptr,
            rho,
            decision.ptr,
          );
          const got = decision.view();
          for (let i = 0; i < part.held.length; i++) out[g * n + part.held[i]!] = got[i]!;
        }
      }
    }
  });
  return out;
}

/** Indices into the grid, those of one kernel together. */
function byKernel(grid: readonly GridPoint[]): number[][] {
  const groups = new Map<string, number[]>();
  grid.forEach(({ kernel }, g) => {
    const key = JSON.stringify(kernel);
    groups.set(key, [...(groups.get(key) ?? []), g]);
  });
  return [...groups.values()];
}

/** Splits the rows into those of fold f and the others. */
function pushFold({ arena }: Core, y: Int8Array, fold: Uint8Array, f: number, balanced: boolean): Fold {
  const all = Int32Array.from(fold, (_, i) => i);
  const train = all.filter((i) => fold[i] !== f);
  const held = all.filter((i) => fold[i] === f);
  const labels = Int8Array.from(train, (i) => y[i]!);
  const positives = labels.filter((label) => label === 1).length;
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new ShapeError(
      `crossDecisions: without fold ${f} there are ${negatives} rows with y = -1 and ${positives} with y = +1; stratify the folds, or use fewer`,
    );
  }
  const weight = balanced
    ? { negative: train.length / (2 * negatives), positive: train.length / (2 * positives) }
    : { negative: 1, positive: 1 };
  return { train: arena.from(Int32Array, train), test: arena.from(Int32Array, held), held, y: labels, weight };
}

/** Copies the training part of the kernel matrix, padded to an even size, into the dual; that size. */
function gatherTraining({ exports }: Core, values: Slot<Float64Array>, rows: Rows, { train, y }: Fold, dual: Dual): number {
  const m = y.length;
  const size = m + (m % 2);
  exports.gatherSquare(values.ptr, rows.n, train.ptr, m, dual.kernel.ptr, size);
  if (size > m) {
    const kernel = dual.kernel.view();
    for (let t = 0; t < m; t++) kernel[t * size + m] = 0;
  }
  return size;
}
