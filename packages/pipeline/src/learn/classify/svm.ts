import { decisionFunction, type Core, type SvmKernel, type SvmModel } from "@islet/core-wasm";

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
