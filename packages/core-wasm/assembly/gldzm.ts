/** One pass of the distance transform over a voxel: one more than the smallest of the neighbours already done. */
function relax(distance: usize, p: usize, x: usize, y: usize, z: usize): void {
  const at = distance + p;
  const own = <u32>load<u16>(at);
  if (own == 0) return;
  let near = min(<u32>load<u16>(at + x), <u32>load<u16>(at + y));
  if (z != 0) near = min(near, <u32>load<u16>(at + z));
  store<u16>(at, <u16>min(own, near + 1));
}

/**
 * City-block distance of every voxel of a mask to the nearest voxel outside it: 1 at the border.
 *
 *   distance[p] = min over voxels q outside of  |pz - qz| + |py - qy| + |px - qx|
 *
 * Exact in one pass forwards and one backwards, because a shortest path may take its axes in any order.
 *
 * @param distance  u16, padded with zeros; on entry 65535 inside the mask and 0 outside, overwritten
 * @param from      first voxel, an index into distance
 * @param to        one past the last voxel
 * @param row       voxels from one row to the next
 * @param slice     voxels from one slice to the next; 0 for distances inside the slice
 */
export function cityBlockDistance(distance: usize, from: i32, to: i32, row: i32, slice: i32): void {
  const y = (<usize>row) << 1;
  const z = (<usize>slice) << 1;
  for (let p = from; p < to; p++) relax(distance, (<usize>p) << 1, -2, 0 - y, 0 - z);
  for (let p = to - 1; p >= from; p--) relax(distance, (<usize>p) << 1, 2, y, z);
}
