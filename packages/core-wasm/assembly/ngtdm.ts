/** Adds one voxel: its level, how many neighbours lie in the ROI and the sum of their levels. */
function add(level: usize, neighbours: u32, sum: u32, voxels: usize, difference: usize): void {
  if (level == 0 || neighbours == 0) return;
  const count = voxels + ((level - 1) << 2);
  store<u32>(count, load<u32>(count) + 1);
  const at = difference + ((level - 1) << 3);
  store<f64>(at, load<f64>(at) + Math.abs(<f64>level - <f64>sum / <f64>neighbours));
}

/**
 * Adds up, for each grey level, how far it lies from the mean of its neighbourhood.
 *
 *   voxels[i-1] += 1  and  difference[i-1] += |i - mean|   for every p in from..to-1 with level[p] = i > 0,
 *
 * where mean is that of the neighbours inside the ROI, without p itself; voxels without any such neighbour do not count.
 *
 * @param levels      u16, padded; 0 is outside the ROI
 * @param from        first voxel, an index into levels
 * @param to          one past the last voxel
 * @param steps       i32 [neighbours]
 * @param voxels      u32 [Ng], added to
 * @param difference  f64 [Ng], added to
 */
export function ngtdmDifferences(levels: usize, from: i32, to: i32, steps: usize, neighbours: i32, voxels: usize, difference: usize): void {
  const zero = i16x8.splat(0);
  let p = from;
  for (; p + 8 <= to; p += 8) {
    const at = levels + ((<usize>p) << 1);
    if (!v128.any_true(v128.load(at))) continue;
    let counts = zero;
    let low = i32x4.splat(0);
    let high = i32x4.splat(0);
    for (let s = 0; s < neighbours; s++) {
      const other = v128.load(at + <usize>((<isize>load<i32>(steps + ((<usize>s) << 2))) << 1));
      counts = i16x8.sub(counts, i16x8.ne(other, zero));
      low = i32x4.add(low, i32x4.extend_low_i16x8_u(other));
      high = i32x4.add(high, i32x4.extend_high_i16x8_u(other));
    }
    for (let lane = 0; lane < 8; lane++) {
      const level = <usize>load<u16>(at + ((<usize>lane) << 1));
      add(level, i32x4.extract_lane(counts, 0) & 0xffff, i32x4.extract_lane(low, 0), voxels, difference);
      counts = i8x16.shuffle(counts, counts, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1);
      low = i8x16.shuffle(low, high, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19);
      high = i8x16.shuffle(high, high, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1, 2, 3);
    }
  }
  for (; p < to; p++) {
    const at = levels + ((<usize>p) << 1);
    let count: u32 = 0;
    let sum: u32 = 0;
    for (let s = 0; s < neighbours; s++) {
      const other = <u32>load<u16>(at + <usize>((<isize>load<i32>(steps + ((<usize>s) << 2))) << 1));
      if (other != 0) count++;
      sum += other;
    }
    add(<usize>load<u16>(at), count, sum, voxels, difference);
  }
}
