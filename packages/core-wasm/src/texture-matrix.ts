// A texture matrix by its non-empty cells, as few as the ROI has voxels however many grey levels there are.
import { ShapeError } from "./errors.ts";

/** A texture matrix: how often a grey level (row) meets something that its family counts (column). Rows and columns begin at 1. */
export interface TextureMatrix {
  /** Grey level i of each non-empty cell; cells lie in rising order of (row, column). */
  readonly row: Int32Array;
  /** j: the neighbour's grey level, or a length, size, distance or number of neighbours. */
  readonly column: Int32Array;
  /** How often, above 0; a whole number unless matrices were merged by weights. */
  readonly count: Float64Array;
  /** Voxels of the ROI the matrix was counted over; for a merged one, of all together. */
  readonly voxels: number;
}

/** The matrix of nothing. */
const EMPTY: TextureMatrix = { row: new Int32Array(0), column: new Int32Array(0), count: new Float64Array(0), voxels: 0 };

/**
 * The sum of matrices, each by its weight.
 *
 *   M[i, j] = sum over k of  w[k] * M_k[i, j],   voxels = sum over k of  w[k] * voxels_k
 *
 * @param weights  one for each matrix, at least 0; 1 for all when left out
 */
export function mergeMatrices(matrices: readonly TextureMatrix[], weights?: readonly number[]): TextureMatrix {
  if (weights && weights.length !== matrices.length)
    throw new ShapeError(`mergeMatrices: ${matrices.length} matrices need as many weights, ${weights.length} came`);
  let level = weights ? matrices.map((matrix, k) => scaled(matrix, weights[k]!)) : matrices;
  // Neighbours in the list are merged pairwise until one is left, so that each cell is touched only as often as the list halves.
  while (level.length > 1) {
    const pairs: TextureMatrix[] = [];
    for (let k = 0; k < level.length; k += 2) pairs.push(k + 1 < level.length ? mergeTwo(level[k]!, level[k + 1]!) : level[k]!);
    level = pairs;
  }
  return level[0] ?? EMPTY;
}

function scaled(matrix: TextureMatrix, weight: number): TextureMatrix {
  if (weight === 1) return matrix;
  if (weight === 0) return EMPTY;
  return { ...matrix, count: matrix.count.map((count) => count * weight), voxels: matrix.voxels * weight };
}

function mergeTwo(a: TextureMatrix, b: TextureMatrix): TextureMatrix {
  const [na, nb] = [a.row.length, b.row.length];
  const row = new Int32Array(na + nb);
  const column = new Int32Array(na + nb);
  const count = new Float64Array(na + nb);
  let [i, j, n] = [0, 0, 0];
  while (i < na || j < nb) {
    const order = i === na ? 1 : j === nb ? -1 : a.row[i]! - b.row[j]! || a.column[i]! - b.column[j]!;
    const from = order <= 0 ? a : b;
    const at = order <= 0 ? i : j;
    row[n] = from.row[at]!;
    column[n] = from.column[at]!;
    count[n] = order === 0 ? a.count[i]! + b.count[j]! : from.count[at]!;
    if (order <= 0) i++;
    if (order >= 0) j++;
    n++;
  }
  return { row: row.slice(0, n), column: column.slice(0, n), count: count.slice(0, n), voxels: a.voxels + b.voxels };
}
