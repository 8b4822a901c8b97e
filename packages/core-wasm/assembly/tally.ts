// Texture matrices are counted in two steps: a family's kernel writes one key,
// (row - 1) * columns + (column - 1), for each thing it finds; these count the keys.

/**
 * Adds keys to a dense matrix.
 *
 *   counts[key] += 1  for each key
 *
 * @param keys    u32 [n], each below the number of cells
 * @param counts  u32 [cells], added to
 */
export function tallyKeys(keys: usize, n: i32, counts: usize): void {
  const end = keys + ((<usize>n) << 2);
  for (let at = keys; at < end; at += 4) {
    const cell = counts + ((<usize>load<u32>(at)) << 2);
    store<u32>(cell, load<u32>(cell) + 1);
  }
}

/** Counters before a matrix, one for each lane, for what is not to be counted. */
export const JUNK: u32 = 8;

/** counts[key] += 1. */
// @ts-ignore: decorator
@inline
export function addOne(key: u32, counts: usize): void {
  const cell = counts + ((<usize>key) << 2);
  store<u32>(cell, load<u32>(cell) + 1);
}

/** counts[key] += 1 for each of eight keys of 16 bits. */
// @ts-ignore: decorator
@inline
export function addOnes(keys: v128, counts: usize): void {
  addOne(i16x8.extract_lane_u(keys, 0), counts);
  addOne(i16x8.extract_lane_u(keys, 1), counts);
  addOne(i16x8.extract_lane_u(keys, 2), counts);
  addOne(i16x8.extract_lane_u(keys, 3), counts);
  addOne(i16x8.extract_lane_u(keys, 4), counts);
  addOne(i16x8.extract_lane_u(keys, 5), counts);
  addOne(i16x8.extract_lane_u(keys, 6), counts);
  addOne(i16x8.extract_lane_u(keys, 7), counts);
}

/**
 * Moves a matrix with a row and a column for level 0 into one without them, and leaves it empty.
 *
 *   counts[i-1, j-1] += wide[i, j]  (and wide[j, i] for a symmetric matrix),   i in 1..rows, j in 1..columns
 *
 * @param wide    u32 [rows + 1, columns + 1], cleared
 * @param counts  u32 [rows, columns], added to
 */
export function moveCounts(wide: usize, rows: i32, columns: i32, isSymmetric: bool, counts: usize): void {
  for (let i = 1; i <= rows; i++) {
    const row = wide + ((<usize>i * <usize>(columns + 1)) << 2);
    const to = counts + ((<usize>(i - 1) * <usize>columns) << 2);
    for (let j = 1; j <= columns; j++) {
      const cell = to + ((<usize>(j - 1)) << 2);
      let value = load<u32>(row + ((<usize>j) << 2));
      if (isSymmetric) value += load<u32>(wide + ((<usize>j * <usize>(columns + 1) + <usize>i) << 2));
      store<u32>(cell, load<u32>(cell) + value);
    }
  }
  memory.fill(wide, 0, (<usize>(rows + 1) * <usize>(columns + 1)) << 2);
}

/**
 * Takes the non-empty cells out of a dense matrix, in rising order of their keys, and leaves it empty.
 *
 * @param counts  u32 [cells rounded up to a multiple of 4], cleared
 * @param row     i32, overwritten with key / columns + 1
 * @param column  i32, overwritten with key % columns + 1
 * @param count   f64, overwritten
 * @returns the number of non-empty cells
 */
export function takeCells(counts: usize, cells: i32, columns: i32, row: usize, column: usize, count: usize): i32 {
  let found: usize = 0;
  let r = 0;
  let rowStart = 0;
  for (let quad = 0; quad < cells; quad += 4) {
    const at = counts + ((<usize>quad) << 2);
    if (!v128.any_true(v128.load(at))) continue;
    for (let key = quad; key < quad + 4; key++) {
      const value = load<u32>(counts + ((<usize>key) << 2));
      if (value == 0) continue;
      while (key >= rowStart + columns) {
        rowStart += columns;
        r++;
      }
      store<i32>(row + (found << 2), r + 1);
      store<i32>(column + (found << 2), key - rowStart + 1);
      store<f64>(count + (found << 3), <f64>value);
      found++;
    }
    v128.store(at, i32x4.splat(0));
  }
  return <i32>found;
}

/**
 * Sorts keys, eleven bits at a time from the lowest.
 *
 * @param keys     u32 [n], sorted in place
 * @param scratch  u32 [n], overwritten
 * @param buckets  u32 [2048], overwritten
 * @param highest  no key is above this
 */
export function sortKeys(keys: usize, n: i32, scratch: usize, buckets: usize, highest: u32): void {
  let from = keys;
  let to = scratch;
  const bytes = (<usize>n) << 2;
  for (let shift: u32 = 0; shift < 32 && highest >> shift != 0; shift += 11) {
    memory.fill(buckets, 0, 2048 << 2);
    for (let at: usize = 0; at < bytes; at += 4) {
      const bucket = buckets + ((<usize>((load<u32>(from + at) >> shift) & 2047)) << 2);
      store<u32>(bucket, load<u32>(bucket) + 1);
    }
    let before: u32 = 0;
    for (let b: usize = 0; b < 2048 << 2; b += 4) {
      const size = load<u32>(buckets + b);
      store<u32>(buckets + b, before);
      before += size;
    }
    for (let at: usize = 0; at < bytes; at += 4) {
      const key = load<u32>(from + at);
      const bucket = buckets + ((<usize>((key >> shift) & 2047)) << 2);
      const place = load<u32>(bucket);
      store<u32>(to + ((<usize>place) << 2), key);
      store<u32>(bucket, place + 1);
    }
    const swap = from;
    from = to;
    to = swap;
  }
  if (from != keys) memory.copy(keys, from, bytes);
}

/**
 * Counts sorted keys: one cell for each key that occurs, in rising order.
 *
 * @param keys    u32 [n], rising
 * @param row     i32 [n], overwritten with key / columns + 1
 * @param column  i32 [n], overwritten with key % columns + 1
 * @param count   f64 [n], overwritten
 * @returns the number of cells
 */
export function countSorted(keys: usize, n: i32, columns: u32, row: usize, column: usize, count: usize): i32 {
  let found: usize = 0;
  for (let k = 0; k < n;) {
    const key = load<u32>(keys + ((<usize>k) << 2));
    const first = k;
    while (++k < n && load<u32>(keys + ((<usize>k) << 2)) == key) {}
    store<i32>(row + (found << 2), <i32>(key / columns) + 1);
    store<i32>(column + (found << 2), <i32>(key % columns) + 1);
    store<f64>(count + (found << 3), <f64>(k - first));
    found++;
  }
  return <i32>found;
}
