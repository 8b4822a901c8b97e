// From the keys that a family's kernel writes to the non-empty cells of its matrix.
import type { Slot } from "./arena.ts";
import type { Core } from "./core.ts";
import { mergeMatrices, type TextureMatrix } from "./texture-matrix.ts";

/** Up to this many cells a matrix is counted in a dense array, 256 KiB, which stays in the cache; a larger one by sorting its keys. */
const DENSE_CELLS = 2 ** 16;
/** Voxels a kernel walks before their keys are counted: few enough to stay in the cache, or enough for sorting to pay. */
const DENSE_PIECE = 2 ** 14;
const SORTED_PIECE = 2 ** 20;
const BUCKETS = 2048;
/** Counters before a wide matrix, where kernels count what is not to be counted. */
export const JUNK = 8;

/** Room for a matrix with a row and a column more, counted by keys of 16 bits, inside an arena scope; null where these are too few. */
export function wideCounts({ arena }: Core, rows: number, columns: number): Slot<Uint32Array> | null {
  const cells = (rows + 1) * (columns + 1) + JUNK;
  return cells <= DENSE_CELLS ? arena.zeros(Uint32Array, cells) : null;
}

/** Counts keys, (row - 1) * columns + (column - 1), inside an arena scope. */
export class Tally {
  readonly #core: Core;
  readonly #cells: number;
  readonly #columns: number;
  /** Null where keys are sorted. */
  readonly #dense: { counts: Slot<Uint32Array>; row: Slot<Int32Array>; column: Slot<Int32Array>; count: Slot<Float64Array> } | null;
  #sorted: TextureMatrix[] = [];
  readonly #keys: Slot<Uint32Array>;
  readonly #piece: number;

  /** For matrices of rows x columns; a kernel writes at most `keysPerVoxel` keys for a voxel, and may overrun by 2. */
  constructor(core: Core, rows: number, columns: number, longestWalk: number, keysPerVoxel = 1) {
    const { arena } = core;
    this.#core = core;
    this.#cells = rows * columns;
    this.#columns = columns;
    const isDense = this.#cells <= DENSE_CELLS;
    this.#dense = isDense
      ? {
          counts: arena.zeros(Uint32Array, Math.ceil(this.#cells / 4) * 4),
          row: arena.empty(Int32Array, this.#cells),
          column: arena.empty(Int32Array, this.#cells),
          count: arena.empty(Float64Array, this.#cells),
        }
      : null;
    this.#piece = Math.min(longestWalk, isDense ? DENSE_PIECE : SORTED_PIECE);
    this.#keys = arena.empty(Uint32Array, this.#piece * keysPerVoxel + 2);
  }

  /** Walks from..to-1 in pieces and counts what `find` writes: keys at the address it is given, whose number it returns. */
  walk(from: number, to: number, find: (from: number, to: number, keys: number) => number): void {
    for (let at = from; at < to; at += this.#piece) {
      const n = find(at, Math.min(to, at + this.#piece), this.#keys.ptr);
      if (this.#dense) this.#core.exports.tallyKeys(this.#keys.ptr, n, this.#dense.counts.ptr);
      else if (n > 0) this.#sorted.push(this.#sort(n));
    }
  }

  /**
   * Counts by a kernel that adds to a matrix by itself, with a row and a column more for level 0 and a length of 0.
   *
   * @param wide  from `wideCounts`
   */
  move(wide: Slot<Uint32Array>, rows: number, isSymmetric: boolean): void {
    this.#core.exports.moveCounts(wide.ptr + 4 * JUNK, rows, this.#columns, isSymmetric, this.#dense!.counts.ptr);
  }

  /** The matrix counted since the last call, over so many voxels; what follows is another one. */
  take(voxels: number): TextureMatrix {
    if (!this.#dense) {
      const matrix = mergeMatrices(this.#sorted);
      this.#sorted = [];
      return { ...matrix, voxels };
    }
    const { counts, row, column, count } = this.#dense;
    const n = this.#core.exports.takeCells(counts.ptr, this.#cells, this.#columns, row.ptr, column.ptr, count.ptr);
    return cellsOf(row, column, count, n, voxels);
  }

  #sort(n: number): TextureMatrix {
    const { arena, exports } = this.#core;
    return arena.scope(() => {
      const scratch = arena.empty(Uint32Array, n);
      const buckets = arena.empty(Uint32Array, BUCKETS);
      exports.sortKeys(this.#keys.ptr, n, scratch.ptr, buckets.ptr, this.#cells - 1);
      const row = arena.empty(Int32Array, n);
      const column = arena.empty(Int32Array, n);
      const count = arena.empty(Float64Array, n);
      const cells = exports.countSorted(this.#keys.ptr, n, this.#columns, row.ptr, column.ptr, count.ptr);
      return cellsOf(row, column, count, cells, 0);
    });
  }
}

const cellsOf = (row: Slot<Int32Array>, column: Slot<Int32Array>, count: Slot<Float64Array>, n: number, voxels: number): TextureMatrix => ({
  row: row.view().slice(0, n),
  column: column.view().slice(0, n),
  count: count.view().slice(0, n),
  voxels,
});
