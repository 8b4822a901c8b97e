// What run length, size zone, distance zone and dependence matrices have in common: their cells hold how many things of grey level i have the
// size j (a length, a volume, a distance, a number of neighbours), and their features are the same sums. Ns is the number of things.
import type { TextureMatrix } from "@islet/core-wasm";
import { entropyOfCounts } from "./entropy.ts";

/** Such a matrix s(i,j), with its marginal sums. */
export interface LevelMatrix {
  readonly cells: TextureMatrix;
  /** Ns. */
  readonly total: number;
  /** s(i): things of each grey level that occurs; and s(j): of each size that occurs. */
  readonly byLevel: readonly number[];
  readonly bySize: readonly number[];
}

/** @returns null where the matrix has no entry */
export function levelMatrix(cells: TextureMatrix): LevelMatrix | null {
  const { row, column, count } = cells;
  const byLevel: number[] = [];
  const bySize = new Map<number, number>();
  let total = 0;
  for (let k = 0; k < count.length; k++) {
    total += count[k]!;
    if (k === 0 || row[k] !== row[k - 1]) byLevel.push(0);
    byLevel[byLevel.length - 1]! += count[k]!;
    bySize.set(column[k]!, (bySize.get(column[k]!) ?? 0) + count[k]!);
  }
  return total === 0 ? null : { cells, total, byLevel, bySize: [...bySize.values()] };
}

/** sum s(i,j) term(i,j) / Ns. */
function mean({ cells: { row, column, count }, total }: LevelMatrix, term: (i: number, j: number) => number): number {
  let sum = 0;
  for (let k = 0; k < count.length; k++) sum += count[k]! * term(row[k]!, column[k]!);
  return sum / total;
}

/** sum s^2 / Ns over a marginal. */
function squares(marginal: readonly number[], total: number): number {
  let sum = 0;
  for (const s of marginal) sum += s * s;
  return sum / total;
}

/** Small size emphasis: sum s(i,j) / j^2 / Ns. IBSI 22OV, 5QRC, 0GBI, SODN. */
export function smallEmphasis(x: LevelMatrix): number {
  return mean(x, (_, j) => 1 / (j * j));
}

/** Large size emphasis: sum s(i,j) j^2 / Ns. IBSI W4KF, 48P8, MB4I, IMOQ. */
export function largeEmphasis(x: LevelMatrix): number {
  return mean(x, (_, j) => j * j);
}

/** Low grey level emphasis: sum s(i,j) / i^2 / Ns. IBSI V3SW, XMSY, S1RA, TL9H. */
export function lowLevelEmphasis(x: LevelMatrix): number {
  return mean(x, (i) => 1 / (i * i));
}

/** High grey level emphasis: sum s(i,j) i^2 / Ns. IBSI G3QZ, 5GN9, K26C, OAE7. */
export function highLevelEmphasis(x: LevelMatrix): number {
  return mean(x, (i) => i * i);
}

/** Small size low grey level emphasis: sum s(i,j) / (i^2 j^2) / Ns. IBSI HTZT, 5RAI, RUVG, EQ3F. */
export function smallLowEmphasis(x: LevelMatrix): number {
  return mean(x, (i, j) => 1 / (i * i * j * j));
}

/** Small size high grey level emphasis: sum s(i,j) i^2 / j^2 / Ns. IBSI GD3A, HW1V, DKNJ, JA6D. */
export function smallHighEmphasis(x: LevelMatrix): number {
  return mean(x, (i, j) => (i * i) / (j * j));
}

/** Large size low grey level emphasis: sum s(i,j) j^2 / i^2 / Ns. IBSI IVPO, YH51, A7WM, NBZI. */
export function largeLowEmphasis(x: LevelMatrix): number {
  return mean(x, (i, j) => (j * j) / (i * i));
}

/** Large size high grey level emphasis: sum s(i,j) i^2 j^2 / Ns. IBSI 3KUM, J17V, KLTH, 9QMG. */
export function largeHighEmphasis(x: LevelMatrix): number {
  return mean(x, (i, j) => i * i * j * j);
}

/** Grey level non-uniformity: sum s(i)^2 / Ns. Grows with the region. IBSI R5YN, JNSA, VFT7, FP8K. */
export function levelNonUniformity({ byLevel, total }: LevelMatrix): number {
  return squares(byLevel, total);
}

/** Normalised grey level non-uniformity: sum s(i)^2 / Ns^2. 1 in a flat region. IBSI OVBL, Y1RO, 7HP3, 5SPA. */
export function normalisedLevelNonUniformity({ byLevel, total }: LevelMatrix): number {
  return squares(byLevel, total) / total;
}

/** Size non-uniformity: sum s(j)^2 / Ns. Grows with the region. IBSI W92Y, 4JP3, V294, Z87G. */
export function sizeNonUniformity({ bySize, total }: LevelMatrix): number {
  return squares(bySize, total);
}

/** Normalised size non-uniformity: sum s(j)^2 / Ns^2. 1 where all things have one size. IBSI IC23, VB3A, IATH, OKJI. */
export function normalisedSizeNonUniformity({ bySize, total }: LevelMatrix): number {
  return squares(bySize, total) / total;
}

/** Percentage: Ns / Nv, where Nv counts a voxel once for every matrix merged. 1 where every voxel is a thing of its own. IBSI 9ZK5, P30P, VIWW, 6XV8. */
export function percentage({ total, cells }: LevelMatrix): number {
  return total / cells.voxels;
}

/** Grey level variance: sum (i - mean)^2 s(i,j) / Ns. IBSI 8CE5, BYLV, QK93, 1PFV. */
export function levelVariance(x: LevelMatrix): number {
  const centre = mean(x, (i) => i);
  return mean(x, (i) => (i - centre) ** 2);
}

/** Size variance: sum (j - mean)^2 s(i,j) / Ns. IBSI SXLW, 3NSA, 7WT1, DNX2. */
export function sizeVariance(x: LevelMatrix): number {
  const centre = mean(x, (_, j) => j);
  return mean(x, (_, j) => (j - centre) ** 2);
}

/** Entropy in bits: - sum p log2 p, p = s(i,j) / Ns. 0 where all things have one level and size. IBSI HJ9O, GU8N, GBDU, FCBV. */
export function levelSizeEntropy({ cells: { count }, total }: LevelMatrix): number {
  return entropyOfCounts(count, total);
}

/** Energy: sum p^2, p = s(i,j) / Ns. Of dependences only. IBSI CAS9. */
export function levelSizeEnergy({ cells: { count }, total }: LevelMatrix): number {
  let sum = 0;
  for (const s of count) sum += (s / total) ** 2;
  return sum;
}
