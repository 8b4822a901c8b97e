import { addOne, addOnes } from "./tally";

/**
 * Finds the co-occurrences of one direction: pairs of voxels inside the ROI, the second one step from the first.
 *
 *   key = (i - 1) * Ng + (j - 1)  for every p in from..to-1 with level[p] = i > 0 and level[p + step] = j > 0
 *
 * and, for a symmetric matrix, the key of (j, i) too. The volume is padded with zeros, so a direction is one step in memory.
 *
 * @param levels  u16, padded; 0 is outside the ROI, 1..Ng inside
 * @param from    first voxel, an index into levels
 * @param to      one past the last voxel
 * @param keys    u32 [2 (to - from)], overwritten
 * @returns the number of keys
 */
export function glcmPairs(levels: usize, from: i32, to: i32, step: i32, ng: u32, isSymmetric: bool, keys: usize): i32 {
  const neighbour = <usize>((<isize>step) << 1);
  const end = levels + ((<usize>to) << 1);
  const advance: usize = isSymmetric ? 8 : 4;
  let key = keys;
  let p = levels + ((<usize>from) << 1);
  while (p < end) {
    if (p + 16 <= end && !v128.any_true(v128.load(p))) {
      p += 16;
      continue;
    }
    // Every pair is written and kept only by advancing, because a branch on the ROI's border is mispredicted too often.
    for (const stop = min(p + 16, end); p < stop; p += 2) {
      const i = <u32>load<u16>(p);
      const j = <u32>load<u16>(p + neighbour);
      store<u32>(key, (i - 1) * ng + j - 1);
      store<u32>(key, (j - 1) * ng + i - 1, 4);
      key += i != 0 && j != 0 ? advance : 0;
    }
  }
  return <i32>((key - keys) >> 2);
}

/**
 * Counts the co-occurrences of one direction, where all pairs of levels have a place in memory; see `glcmPairs`.
 *
 *   counts[i, j] += number of voxels p in from..to-1 with level[p] = i and level[p + step] = j,   also for i or j = 0
 *
 * Eight voxels at once. What lies outside the ROI is counted as a level of its own, since asking costs more than counting.
 *
 * @param ng      (ng + 1)^2 is at most 65536
 * @param counts  u32 [ng + 1, ng + 1], added to; its first row and column are of no use
 */
export function glcmCount(levels: usize, from: i32, to: i32, step: i32, ng: u32, counts: usize): void {
  const neighbour = <usize>((<isize>step) << 1);
  const width = i16x8.splat(<i16>(ng + 1));
  const end = levels + ((<usize>to) << 1);
  let p = levels + ((<usize>from) << 1);
  for (; p + 16 <= end; p += 16) {
    const i = v128.load(p);
    if (v128.any_true(i)) addOnes(i16x8.add(i16x8.mul(i, width), v128.load(p + neighbour)), counts);
  }
  for (; p < end; p += 2) addOne(<u32>load<u16>(p) * (ng + 1) + <u32>load<u16>(p + neighbour), counts);
}
