/**
 * Prepares distances: 65535 where a voxel is inside the mask or the ROI, into the middle of a larger volume.
 *
 * @param morphological  u8 [nz, ny, nx], 0 outside
 * @param levels         u16 [nz, ny, nx], 0 outside the ROI
 * @param reach          voxels of padding at every face
 * @param distance       u16 [nz + 2 reach, ny + 2 reach, nx + 2 reach], zeros on entry
 */
export function padInside(morphological: usize, levels: usize, nz: i32, ny: i32, nx: i32, reach: i32, distance: usize): void {
  const py = ny + 2 * reach;
  const px = nx + 2 * reach;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      const from = <usize>(z * ny + y) * <usize>nx;
      const to = distance + ((<usize>(((z + reach) * py + y + reach) * px + reach)) << 1);
      for (let x: usize = 0; x < <usize>nx; x++) {
        const inside = load<u8>(morphological + from + x) != 0 || load<u16>(levels + ((from + x) << 1)) != 0;
        store<u16>(to + (x << 1), inside ? 65535 : 0);
      }
    }
  }
}

/** Lowers each of the voxels from..to-1, in rising order, to one more than the voxel `step` before it. */
function lowerForwards(distance: usize, from: i32, to: i32, step: i32): void {
  const back = (<usize>step) << 1;
  let p = distance + ((<usize>from) << 1);
  const end = distance + ((<usize>to) << 1);
  if (step >= 8) {
    for (const one = i16x8.splat(1); p + 16 <= end; p += 16)
      v128.store(p, i16x8.min_u(v128.load(p), i16x8.add_sat_u(v128.load(p - back), one)));
  }
  for (; p < end; p += 2) store<u16>(p, <u16>min(<u32>load<u16>(p), <u32>load<u16>(p - back) + 1));
}

/** The same in falling order, by the voxel `step` after it. */
function lowerBackwards(distance: usize, from: i32, to: i32, step: i32): void {
  const ahead = (<usize>step) << 1;
  const start = distance + ((<usize>from) << 1);
  let p = distance + ((<usize>to) << 1);
  if (step >= 8) {
    for (const one = i16x8.splat(1); p >= start + 16; p -= 16)
      v128.store(p - 16, i16x8.min_u(v128.load(p - 16), i16x8.add_sat_u(v128.load(p - 16 + ahead), one)));
  }
  for (; p > start; p -= 2) store<u16>(p - 2, <u16>min(<u32>load<u16>(p - 2), <u32>load<u16>(p - 2 + ahead) + 1));
}

/**
 * City-block distance of every voxel of a mask to the nearest voxel outside it: 1 at the border.
 *
 *   distance[p] = min over voxels q outside of  |pz - qz| + |py - qy| + |px - qx|
 *
 * Exact in one pass forwards and one backwards along each axis in turn, because the axes' distances add up.
 *
 * @param distance  u16, padded with zeros; on entry 65535 inside the mask and 0 outside, overwritten
 * @param from      first voxel, an index into distance
 * @param to        one past the last voxel
 * @param row       voxels from one row to the next
 * @param slice     voxels from one slice to the next; 0 for distances inside the slice
 */
export function cityBlockDistance(distance: usize, from: i32, to: i32, row: i32, slice: i32): void {
  if (slice != 0) {
    lowerForwards(distance, from, to, slice);
    lowerBackwards(distance, from, to, slice);
  }
  lowerForwards(distance, from, to, row);
  lowerBackwards(distance, from, to, row);
  lowerForwards(distance, from, to, 1);
  lowerBackwards(distance, from, to, 1);
}
