// What a PyRadiomics feature is: the same row as an IBSI one, under PyRadiomics' own name and definition.

/** One feature of a PyRadiomics class; `X` is what the class computes from. */
export interface PyradiomicsFeature<X> {
  /** As PyRadiomics has it, without the prefix: `Contrast` of `original_glcm_Contrast`. */
  readonly name: string;
  /** The definition in one line. */
  readonly formula: string;
  /** NaN where the definition gives no value. */
  readonly compute: (x: X) => number;
}

/** A cell of a texture matrix that is not empty, as three arrays: counted `count` times in row `row` and column `column`, both from 1. */
export interface Cells {
  readonly row: ArrayLike<number>;
  readonly column: ArrayLike<number>;
  readonly count: ArrayLike<number>;
}

/**
 * The smallest number that added to 1 gives more than 1. PyRadiomics adds it inside every logarithm, so that an entropy of
 * one certain value is -3.2e-16 instead of 0; so do we under its names.
 */
export const EPSILON = 2 ** -52;

/** sum over probabilities of  -p log2(p + EPSILON). */
export function entropy(probabilities: ArrayLike<number>): number {
  let sum = 0;
  for (let k = 0; k < probabilities.length; k++) sum -= probabilities[k]! * Math.log2(probabilities[k]! + EPSILON);
  return sum;
}
