/**
 * Copies a volume of grey levels into the middle of a larger one, counting the voxels of the ROI in each slice.
 *
 * @param levels  u16 [nz, ny, nx]; 0 is outside the ROI
 * @param reach   voxels of padding at every face
 * @param padded  u16 [nz + 2 reach, ny + 2 reach, nx + 2 reach], zeros on entry
 * @param voxels  u32 [nz], overwritten
 * @returns the highest level
 */
export function padLevels(levels: usize, nz: i32, ny: i32, nx: i32, reach: i32, padded: usize, voxels: usize): i32 {
  const py = ny + 2 * reach;
  const px = nx + 2 * reach;
  let highest: i32 = 0;
  for (let z = 0; z < nz; z++) {
    let count: u32 = 0;
    for (let y = 0; y < ny; y++) {
      const from = levels + ((<usize>(z * ny + y) * <usize>nx) << 1);
      const to = padded + ((<usize>(((z + reach) * py + y + reach) * px + reach)) << 1);
      for (let x: usize = 0; x < (<usize>nx) << 1; x += 2) {
        const level = <i32>load<u16>(from + x);
        store<u16>(to + x, <u16>level);
        highest = max(highest, level);
        count += u32(level != 0);
      }
    }
    store<u32>(voxels + ((<usize>z) << 2), count);
  }
  return highest;
}
