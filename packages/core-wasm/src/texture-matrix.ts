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

/** Up to this many cells, 512 KiB, matrices are added up densely. */
const DENSE_CELLS = 2 ** 16;

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
  if (matrices.length === 1 && (!weights || weights[0] === 1)) return matrices[0]!;
  const [rows, columns] = [highest(matrices.map(({ row }) => row)), highest(matrices.map(({ column }) => column))];
  return rows * columns <= DENSE_CELLS ? mergeDensely(matrices, weights, rows, columns) : mergePairwise(matrices, weights);
}

function highest(indices: readonly Int32Array[]): number {
  let most = 0;
  for (const some of indices) for (const index of some) if (index > most) most = index;
  return most;
}

/** Adds matrices of few rows and columns up in an array with a place for every cell. */
function mergeDensely(
  matrices: readonly TextureMatrix[],
  weights: readonly number[] | undefined,
  rows: number,
  columns: number,
): TextureMatrix {
  const cells = new Float64Array(rows * columns);
  let voxels = 0;
  matrices.forEach((matrix, k) => {
    const weight = weights?.[k] ?? 1;
    voxels += weight * matrix.voxels;
    const { row, column, count } = matrix;
    for (let c = 0; c < count.length; c++) cells[(row[c]! - 1) * columns + column[c]! - 1]! += weight * count[c]!;
  });
  let n = 0;
  for (const count of cells) if (count !== 0) n++;
  const [row, column, count] = [new Int32Array(n), new Int32Array(n), new Float64Array(n)];
  for (let i = 0, k = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      const cell = cells[i * columns + j]!;
      if (cell === 0) continue;
      row[k] = i + 1;
      column[k] = j + 1;
      count[k++] = cell;
    }
  }
  return { row, column, count, voxels };
}

/** Merges neighbours in the list two by two until one is left, so that each cell is touched only as often as the list halves. */
function mergePairwise(matrices: readonly TextureMatrix[], weights: readonly number[] | undefined): TextureMatrix {
  let left = weights ? matrices.map((matrix, k) => scaled(matrix, weights[k]!)) : matrices;
  while (left.length > 1) {
    const pairs: TextureMatrix[] = [];
    for (let k = 0; k < left.length; k += 2) pairs.push(k + 1 < left.length ? mergeTwo(left[k]!, left[k + 1]!) : left[k]!);
    left = pairs;
  }
  return left[0]!;
}

function scaled(matrix: TextureMatrix, weight: number): TextureMatrix {
  if (weight === 1) return matrix;
  if (weight === 0) return { row: new Int32Array(0), column: new Int32Array(0), count: new Float64Array(0), voxels: 0 };
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
