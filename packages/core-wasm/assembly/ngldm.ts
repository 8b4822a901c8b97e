/** Neighbours of one voxel whose level is within alpha of its own. */
function dependent(levels: usize, p: usize, steps: usize, neighbours: i32, alpha: i32): u32 {
  const level = <i32>load<u16>(levels + p);
  let count: u32 = 0;
  for (let s = 0; s < neighbours; s++) {
    const other = <i32>load<u16>(levels + p + <usize>((<isize>load<i32>(steps + ((<usize>s) << 2))) << 1));
    if (other != 0 && abs(other - level) <= alpha) count++;
  }
  return count;
}

/**
 * Counts for each voxel of the ROI the neighbours inside the ROI whose grey level is within alpha of its own.
 *
 *   key = (level - 1) * (neighbours + 1) + count,   count in 0..neighbours
 *
 * @param levels  u16, padded; 0 is outside the ROI
 * @param from    first voxel, an index into levels
 * @param to      one past the last voxel
 * @param steps   i32 [neighbours]
 * @param alpha   0..65535; beyond the levels that occur it counts every neighbour in the ROI
 * @param keys    u32 [to - from + 1], overwritten
 * @returns the number of keys: the voxels of the ROI
 */
export function ngldmDependences(levels: usize, from: i32, to: i32, steps: usize, neighbours: i32, alpha: i32, keys: usize): i32 {
  const columns = <u32>neighbours + 1;
  let key = keys;
  let p = from;
  const near = i16x8.splat(<i16>alpha);
  const zero = i16x8.splat(0);
  for (; p + 8 <= to; p += 8) {
    const at = levels + ((<usize>p) << 1);
    const own = v128.load(at);
    if (!v128.any_true(own)) continue;
    let counts = zero;
    for (let s = 0; s < neighbours; s++) {
      const other = v128.load(at + <usize>((<isize>load<i32>(steps + ((<usize>s) << 2))) << 1));
      const apart = i16x8.sub(i16x8.max_u(own, other), i16x8.min_u(own, other));
      counts = i16x8.sub(counts, v128.and(i16x8.le_u(apart, near), i16x8.ne(other, zero)));
    }
    for (let lane = 0; lane < 8; lane++) {
      const level = <u32>load<u16>(at + ((<usize>lane) << 1));
      store<u32>(key, (level - 1) * columns + (i32x4.extract_lane(counts, 0) & 0xffff));
      key += level != 0 ? 4 : 0;
      counts = i8x16.shuffle(counts, counts, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 0, 1);
    }
  }
  for (; p < to; p++) {
    const level = <u32>load<u16>(levels + ((<usize>p) << 1));
    if (level == 0) continue;
    store<u32>(key, (level - 1) * columns + dependent(levels, (<usize>p) << 1, steps, neighbours, alpha));
    key += 4;
  }
  return <i32>((key - keys) >> 2);
}
