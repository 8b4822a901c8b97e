// What glrlm, glszm and gldm share: matrices whose row is a grey level and whose column is a size (of a run, a zone, a dependence).
import { entropy, type Cells } from "./feature.ts";

/** Such a matrix, with what several features share. i is the grey level, j the size, both from 1. */
export interface SizeMatrix {
  readonly cells: Cells;
  /** Number of runs, zones or dependences. */
  readonly total: number;
  /** sum n(i,j) j: number of voxels they hold. */
  readonly voxels: number;
  /** Sums over sizes for each grey level, and over grey levels for each size. */
  readonly byLevel: ReadonlyMap<number, number>;
  readonly bySize: ReadonlyMap<number, number>;
}

/** @returns null when the matrix is empty */
export function sizeMatrixOf(cells: Cells): SizeMatrix | null {
  let [total, voxels] = [0, 0];
  const byLevel = new Map<number, number>();
  const bySize = new Map<number, number>();
  for (let c = 0; c < cells.count.length; c++) {
    const [i, j, n] = [cells.row[c]!, cells.column[c]!, cells.count[c]!];
    total += n;
    voxels += n * j;
    byLevel.set(i, (byLevel.get(i) ?? 0) + n);
    bySize.set(j, (bySize.get(j) ?? 0) + n);
  }
  return total === 0 ? null : { cells, total, voxels, byLevel, bySize };
}

/** sum n(i,j) term(i,j) / sum n(i,j). */
export function emphasis({ cells, total }: SizeMatrix, term: (i: number, j: number) => number): number {
  let sum = 0;
  for (let c = 0; c < cells.count.length; c++) sum += cells.count[c]! * term(cells.row[c]!, cells.column[c]!);
  return sum / total;
}

/** sum of squared sums / total. */
export function nonUniformity(sums: ReadonlyMap<number, number>, total: number): number {
  let squares = 0;
  for (const n of sums.values()) squares += n * n;
  return squares / total;
}

/** sum of shares * (value - mean)^2. */
export function varianceOver(sums: ReadonlyMap<number, number>, total: number): number {
  let mean = 0;
  for (const [value, n] of sums) mean += (n / total) * value;
  let variance = 0;
  for (const [value, n] of sums) variance += (n / total) * (value - mean) ** 2;
  return variance;
}

/** - sum p log2 p over the cells. */
export function sizeEntropy({ cells, total }: SizeMatrix): number {
  return entropy(Array.from(cells.count, (n) => n / total));
}
