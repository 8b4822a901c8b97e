/**
 * Finds the zones: connected voxels of the same grey level, by flooding from each voxel that no zone holds yet.
 *
 * @param levels    u16, padded; 0 is outside the ROI. Voxels of the zones found become 0
 * @param from      first voxel, an index into levels
 * @param to        one past the last voxel
 * @param steps     i32 [connections]: to the voxels that count as connected (26 or 8)
 * @param distance  u16, padded as levels: what a zone takes the minimum of; 0 where none is wanted
 * @param stack     i32, room for every voxel of the ROI
 * @param level     u16, one for each zone, overwritten
 * @param size      i32, the same: the zone's voxels
 * @param nearest   i32, the same: the zone's smallest distance; untouched without distances
 * @returns the number of zones, in the order of their first voxels
 */
export function findZones(
  levels: usize,
  from: i32,
  to: i32,
  steps: usize,
  connections: i32,
  distance: usize,
  stack: usize,
  level: usize,
  size: usize,
  nearest: usize,
): i32 {
  let zones: usize = 0;
  const stepsEnd = steps + ((<usize>connections) << 2);
  for (let p = from; p < to; p++) {
    const value = load<u16>(levels + ((<usize>p) << 1));
    if (value == 0) continue;
    store<u16>(levels + ((<usize>p) << 1), 0);
    store<i32>(stack, p);
    let top = stack + 4;
    let voxels = 0;
    let smallest = i32.MAX_VALUE;
    while (top > stack) {
      top -= 4;
      const q = load<i32>(top);
      voxels++;
      if (distance != 0) smallest = min(smallest, <i32>load<u16>(distance + ((<usize>q) << 1)));
      for (let s = steps; s < stepsEnd; s += 4) {
        const r = q + load<i32>(s);
        const at = levels + ((<usize>r) << 1);
        if (load<u16>(at) != value) continue;
        store<u16>(at, 0);
        store<i32>(top, r);
        top += 4;
      }
    }
    store<u16>(level + (zones << 1), value);
    store<i32>(size + (zones << 2), voxels);
    if (distance != 0) store<i32>(nearest + (zones << 2), smallest);
    zones++;
  }
  return <i32>zones;
}

/**
 * Marks the values that occur.
 *
 * @param values  i32 [n], at least 0
 * @param seen    u8, one for each value up to the highest; set to 1 where it occurs
 */
export function markValues(values: usize, n: i32, seen: usize): void {
  for (let k = 0; k < n; k++) store<u8>(seen + <usize>load<i32>(values + ((<usize>k) << 2)), 1);
}

/**
 * Writes the keys of zones, their second number replaced by its rank.
 *
 *   key = (level - 1) * ranks + rank[value]
 *
 * @param level   u16 [to], from 1
 * @param values  i32 [to]
 * @param from    first zone
 * @param to      one past the last zone
 * @param rank    i32, one for each value up to the highest
 * @param keys    u32 [to - from], overwritten
 * @returns the number of keys
 */
export function rankedKeys(level: usize, values: usize, from: i32, to: i32, rank: usize, ranks: u32, keys: usize): i32 {
  for (let k = from; k < to; k++) {
    const value = <usize>load<i32>(values + ((<usize>k) << 2));
    store<u32>(keys, (<u32>load<u16>(level + ((<usize>k) << 1)) - 1) * ranks + load<u32>(rank + (value << 2)));
    keys += 4;
  }
  return to - from;
}
