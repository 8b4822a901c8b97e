/**
 * Sums over pairs of voxels i != j, in both orders, of  d_i d_j / r,  1 / r  and  d_i^2 / r,  r the distance of i and j.
 *
 * @param p     f64 [4, n]: z, y, x in mm and d of each voxel; one number more may be read
 * @param from  the first voxel i whose pairs with j < i are summed
 * @param step  from there to the next such voxel
 * @param out   f64 [3], overwritten
 */
export function pairSums(p: usize, n: i32, from: i32, step: i32, out: usize): void {
  const stride = <usize>n << 3;
  let dd: f64 = 0;
  let mm: f64 = 0;
  let sm: f64 = 0;
  for (let i = from; i < n; i += step) {
    const at = p + (<usize>i << 3);
    const z = f64x2.splat(load<f64>(at));
    const y = f64x2.splat(load<f64>(at + stride));
    const x = f64x2.splat(load<f64>(at + 2 * stride));
    let w1 = f64x2.splat(0);
    let wd = f64x2.splat(0);
    let ws = f64x2.splat(0);
    for (let j = 0; j < i; j += 2) {
      const other = p + (<usize>j << 3);
      let w = inverseDistance(other, stride, z, y, x);
      // The last of an odd number of pairs comes with voxel i itself, which is no pair.
      if (j + 1 == i) w = f64x2.replace_lane(w, 1, 0);
      const d = v128.load(other + 3 * stride);
      const weighted = f64x2.mul(w, d);
      w1 = f64x2.add(w1, w);
      wd = f64x2.add(wd, weighted);
      ws = f64x2.add(ws, f64x2.mul(weighted, d));
    }
    const d = load<f64>(at + 3 * stride);
    const potential = f64x2.extract_lane(w1, 0) + f64x2.extract_lane(w1, 1);
    dd += 2 * d * (f64x2.extract_lane(wd, 0) + f64x2.extract_lane(wd, 1));
    mm += 2 * potential;
    sm += d * d * potential + f64x2.extract_lane(ws, 0) + f64x2.extract_lane(ws, 1);
  }
  store<f64>(out, dd);
  store<f64>(out, mm, 8);
  store<f64>(out, sm, 16);
}

// @ts-ignore: decorator
@inline
function inverseDistance(p: usize, stride: usize, z: v128, y: v128, x: v128): v128 {
  const dz = f64x2.sub(v128.load(p), z);
  const dy = f64x2.sub(v128.load(p + stride), y);
  const dx = f64x2.sub(v128.load(p + 2 * stride), x);
  const squared = f64x2.add(f64x2.mul(dz, dz), f64x2.add(f64x2.mul(dy, dy), f64x2.mul(dx, dx)));
  return f64x2.div(f64x2.splat(1), f64x2.sqrt(squared));
}
