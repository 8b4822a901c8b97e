// The C-support-vector machine: training and decision values.
import type { Core } from "./core.ts";
import { allocateDual, begin, biasOf, descend, roundKernel, stepLimit, TOLERANCE } from "./dual.ts";
import { ShapeError } from "./errors.ts";
import { checkParameters, checkRows, checkTraining, innerProducts, kernelValues, pushRows } from "./kernel-matrix.ts";
import type { SvmKernel } from "./kernel-matrix.ts";

/** What a machine is trained with. */
export interface SvmParameters {
  readonly kernel: SvmKernel;
  /** Cost of an error, positive. */
  readonly C: number;
  /** Factors on C for the rows with y = -1 and y = +1; 1 and 1 by default. */
  readonly classWeight?: readonly [negative: number, positive: number];
  /** The largest violation of the optimality conditions at which training stops; 1e-3 by default, as in libsvm. */
  readonly tolerance?: number;
}

/** A trained machine: decision(x) = sum over support vectors of dualCoef * K(sv, x) - rho; positive speaks for y = +1. */
export interface SvmModel {
  readonly kernel: SvmKernel;
  /** Number of features. */
  readonly d: number;
  /** Row-major [support vectors, d]. */
  readonly supportVectors: Float64Array;
  /** alpha * y of each support vector. */
  readonly dualCoef: Float64Array;
  /** The support vectors' rows in the training data, ascending. */
  readonly supportIndices: Int32Array;
  readonly rho: number;
  /** Pairwise steps of the solver. */
  readonly iterations: number;
  /** False when the tolerance was not reached within max(10^7, 100 n) steps, libsvm's limit. */
  readonly isConverged: boolean;
}

/** Steps that are given to the problem with rounded kernel values. Where they do not suffice, the rounding exceeds the tolerance. */
const REFINEMENT = 100_000;

/** Rows of decision values computed at a time. */
const CHUNK = 512;

/**
 * Trains a C-support-vector machine.
 *
 *   minimise  |w|^2 / 2 + sum over rows of  C * classWeight[y] * max(0, 1 - y * decision(x))
 *
 * by sequential minimal optimisation of the dual, with libsvm's working set selection, stopping rule and bias; where that is slow, steps of all
 * free coefficients together help. The solution is then carried over to kernel values rounded to f32, because libsvm stores them so and
 * its solution is that of the rounded matrix: with C = 32 its decision values are 4e-5 from those of the unrounded one, with C = 512 3e-4
 * (test/golden/sklearn-svc.json). We agree with it to 1e-8; where the rounded problem cannot be solved to the tolerance, the unrounded
 * solution stands. Every build gives the same bits.
 *
 * @param x  row-major [n, d], finite; nothing is scaled here
 * @param y  -1 or +1 for each row; both must occur
 * @throws ShapeError for data that do not fit; DeviceError for more than 8192 rows
 * @see Fan, Chen & Lin 2005; Chang & Lin 2011, LIBSVM
 */
export function trainSvm(
  core: Core,
  x: Float64Array,
  y: Int8Array,
  d: number,
  { kernel, C, classWeight = [1, 1], tolerance = TOLERANCE }: SvmParameters,
): SvmModel {
  const n = checkTraining("trainSvm", x, y, d);
  checkParameters("trainSvm", kernel, C, tolerance);
  if (!(classWeight[0] > 0 && classWeight[1] > 0))
    throw new ShapeError(`trainSvm: class weights must be positive, they are ${classWeight.join(" and ")}`);
  if (!y.includes(1) || !y.includes(-1))
    throw new ShapeError(`trainSvm: all ${n} rows have y = ${y[0]}; a machine needs rows of both classes`);
  return core.arena.scope(() => {
    const rows = pushRows(core, x, d);
    const products = innerProducts(core, rows, rows);
    const dual = allocateDual(core, rows.n, kernelValues(core, kernel, products, rows, rows, products));
    begin(dual, y, rows.n, { negative: C * classWeight[0], positive: C * classWeight[1] });
    const exact = descend(core, dual, rows.n, tolerance, stepLimit(rows.n));
    let solution = { beta: dual.beta.copy(), rho: biasOf(dual, n) };
    roundKernel(core, dual, y, rows.n);
    const rounded = descend(core, dual, rows.n, tolerance, REFINEMENT);
    if (rounded.isConverged) solution = { beta: dual.beta.copy(), rho: biasOf(dual, n) };

    const { beta, rho } = solution;
    const supportIndices = Int32Array.from({ length: n }, (_, t) => t).filter((t) => beta[t] !== 0);
    const supportVectors = new Float64Array(supportIndices.length * d);
    supportIndices.forEach((t, s) => supportVectors.set(x.subarray(t * d, (t + 1) * d), s * d));
    return {
      kernel,
      d,
      supportVectors,
      dualCoef: Float64Array.from(supportIndices, (t) => beta[t]!),
      supportIndices,
      rho,
      iterations: exact.steps + rounded.steps,
      isConverged: exact.isConverged || rounded.isConverged,
    };
  });
}

/**
 * Decision values of new rows.
 *
 *   decision(x) = sum over support vectors of  dualCoef * K(sv, x)  -  rho
 *
 * @param x  row-major [m, model.d], scaled as the training rows were
 * @returns m numbers; positive for y = +1, +-1 on the margins
 */
export function decisionFunction(core: Core, model: SvmModel, x: Float64Array): Float64Array {
  const { kernel, d, supportVectors, dualCoef, rho } = model;
  const m = checkRows("decisionFunction", x, d);
  const out = new Float64Array(m);
  for (let from = 0; from < m; from += CHUNK) {
    const count = Math.min(CHUNK, m - from);
    core.arena.scope(() => {
      const rows = pushRows(core, x.subarray(from * d, (from + count) * d), d);
      const support = pushRows(core, supportVectors, d);
      const products = innerProducts(core, rows, support);
      const values = kernelValues(core, kernel, products, rows, support, products);
      const row = core.arena.from(
        Int32Array,
        Int32Array.from({ length: count }, (_, i) => i),
      );
      const column = core.arena.from(
        Int32Array,
        Int32Array.from(dualCoef, (_, i) => i),
      );
      const coef = core.arena.from(Float64Array, dualCoef);
      const decision = core.arena.empty(Float64Array, count);
      core.exports.decisionValues(values.ptr, support.n, row.ptr, count, column.ptr, dualCoef.length, coef.ptr, rho, decision.ptr);
      out.set(decision.view(), from);
    });
  }
  return out;
}
