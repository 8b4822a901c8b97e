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
