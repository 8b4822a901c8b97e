/** The mask's value at a whole index; 0 outside its grid. */
function voxel(mask: usize, nz: i32, ny: i32, nx: i32, z: i32, y: i32, x: i32): f64 {
  if (z < 0 || z >= nz || y < 0 || y >= ny || x < 0 || x >= nx) return 0;
  return <f64>load<u8>(mask + (<usize>z * <usize>ny + <usize>y) * <usize>nx + <usize>x);
}

/** Linear interpolation between the two neighbours along x. */
function alongX(mask: usize, nz: i32, ny: i32, nx: i32, z: i32, y: i32, x: i32, fx: f64): f64 {
  return (1 - fx) * voxel(mask, nz, ny, nx, z, y, x) + fx * voxel(mask, nz, ny, nx, z, y, x + 1);
}

/**
 * Trilinear sampling of a mask on an affinely placed grid.
 *
 *   out[k] = 1 where  value(offset + matrix * k) >= threshold
 *
 * The mask is 0 outside its grid.
 *
 * @param mask    u8 [nz, ny, nx], 0 or 1
 * @param out     u8 [mz, my, mx]
 * @param affine  f64 [12]: the matrix, row-major, then the offset; all in (z, y, x), input voxels for each output voxel
 */
export function resampleMaskAffine(
  mask: usize,
  nz: i32,
  ny: i32,
  nx: i32,
  out: usize,
  mz: i32,
  my: i32,
  mx: i32,
  affine: usize,
  threshold: f64,
): void {
  const zx = load<f64>(affine, 16);
  const yx = load<f64>(affine, 40);
  const xx = load<f64>(affine, 64);
  for (let kz = 0; kz < mz; kz++) {
    for (let ky = 0; ky < my; ky++) {
      const z0 = load<f64>(affine, 72) + load<f64>(affine) * kz + load<f64>(affine, 8) * ky;
      const y0 = load<f64>(affine, 80) + load<f64>(affine, 24) * kz + load<f64>(affine, 32) * ky;
      const x0 = load<f64>(affine, 88) + load<f64>(affine, 48) * kz + load<f64>(affine, 56) * ky;
      const row = out + (<usize>kz * <usize>my + <usize>ky) * <usize>mx;
      for (let kx = 0; kx < mx; kx++) {
        const cz = z0 + zx * kx;
        const cy = y0 + yx * kx;
        const cx = x0 + xx * kx;
        let inside = false;
        if (cz > -1 && cz < nz && cy > -1 && cy < ny && cx > -1 && cx < nx) {
          const bz = Math.floor(cz);
          const by = Math.floor(cy);
          const bx = Math.floor(cx);
          const z = <i32>bz;
          const y = <i32>by;
          const x = <i32>bx;
          const fy = cy - by;
          const fx = cx - bx;
          const near = (1 - fy) * alongX(mask, nz, ny, nx, z, y, x, fx) + fy * alongX(mask, nz, ny, nx, z, y + 1, x, fx);
          const far = (1 - fy) * alongX(mask, nz, ny, nx, z + 1, y, x, fx) + fy * alongX(mask, nz, ny, nx, z + 1, y + 1, x, fx);
          inside = near + (cz - bz) * (far - near) >= threshold;
        }
        store<u8>(row + <usize>kx, <u8>inside);
      }
    }
  }
}
