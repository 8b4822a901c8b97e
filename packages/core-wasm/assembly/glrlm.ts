import { addOnes, JUNK } from "./tally";

/**
 * Finds the runs of one direction: voxels of the same grey level in a row, as long as they last.
 *
 *   key = (level - 1) * longest + (length - 1)  for every run that ends in from..to-1
 *
 * Each voxel continues the run of the voxel one step before it. The volume is padded with zeros, so no run leaves it.
 *
 * @param levels   u16, padded; 0 is outside the ROI
 * @param from     first voxel, an index into levels
 * @param to       one past the last voxel; a volume may be walked in pieces, in rising order
 * @param step     to the next voxel of the direction, positive
 * @param longest  no run is longer
 * @param length   u16, padded as levels: length of the run so far, overwritten inside the ROI
 * @param keys     u32 [to - from + 1], overwritten
 * @returns the number of keys
 */
export function glrlmRuns(levels: usize, from: i32, to: i32, step: i32, longest: u32, length: usize, keys: usize): i32 {
  const ahead = (<usize>step) << 1;
  const end = (<usize>to) << 1;
  let key = keys;
  let p = (<usize>from) << 1;
  while (p < end) {
    if (p + 16 <= end && !v128.any_true(v128.load(levels + p))) {
      p += 16;
      continue;
    }
    for (const stop = min(p + 16, end); p < stop; p += 2) {
      const level = <u32>load<u16>(levels + p);
      const run = <u32>load<u16>(levels + p - ahead) == level ? <u32>load<u16>(length + p - ahead) + 1 : 1;
      store<u16>(length + p, <u16>run);
      store<u32>(key, (level - 1) * longest + run - 1);
      key += level != 0 && <u32>load<u16>(levels + p + ahead) != level ? 4 : 0;
    }
  }
  return <i32>((key - keys) >> 2);
}

/**
 * Counts the runs of one direction, where all levels and lengths have a place in memory; see `glrlmRuns`.
 *
 *   counts[level, length] += 1  for every run that ends in from..to-1
 *
 * Eight voxels at once, so the direction leaves the row; the last eight may reach beyond `to`, into the padding.
 *
 * @param step    at least 8
 * @param levels  u16, padded with at least 7 zeros after `to`; (its highest + 1) (longest + 1) is at most 65536 - 8
 * @param counts  u32 [8 of no use, then (highest level + 1, longest + 1)], added to; the matrix's first row and column stay empty
 */
export function glrlmCount(levels: usize, from: i32, to: i32, step: i32, longest: u32, length: usize, counts: usize): void {
  const ahead = (<usize>step) << 1;
  const end = (<usize>to) << 1;
  const width = i16x8.splat(<i16>(longest + 1));
  const zero = i16x8.splat(0);
  const one = i16x8.splat(1);
  const first = i16x8.splat(<i16>JUNK);
  const lanes = i16x8(0, 1, 2, 3, 4, 5, 6, 7);
  for (let p = (<usize>from) << 1; p < end; p += 16) {
    const level = v128.load(levels + p);
    if (!v128.any_true(level)) continue;
    const goesOn = i16x8.eq(v128.load(levels + p - ahead), level);
    const run = i16x8.add(v128.and(v128.load(length + p - ahead), goesOn), one);
    v128.store(length + p, run);
    // A branch on where a run ends is mispredicted too often: what is no end is counted where nobody looks.
    const isEnd = v128.andnot(i16x8.ne(level, zero), i16x8.eq(v128.load(levels + p + ahead), level));
    const key = i16x8.add(i16x8.add(i16x8.mul(level, width), run), first);
    addOnes(v128.bitselect(key, lanes, isEnd), counts);
  }
}
