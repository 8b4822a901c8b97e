// How far each voxel of a grid is from a region.
import type { Triple } from "../volume.ts";

/**
 * The squared distance of each voxel's centre to the nearest centre of a voxel of a region, mm2.
 *
 *   d(p) = min over q inside of  sum over axes a of ( spacing[a] (p[a] - q[a]) )^2
 *
 * Exact: one pass an axis over the lower envelope of parabolas, so time is linear in the number of voxels.
 *
 * @param inside   1 inside, 0 outside, [nz, ny, nx]
 * @param spacing  mm, (z, y, x)
 * @returns        [nz, ny, nx]; 0 inside, infinite everywhere where the region is empty
 * @see Felzenszwalb & Huttenlocher 2012, Distance transforms of sampled functions
 */
export function squaredDistance(inside: Uint8Array, shape: Triple, spacing: Triple): Float64Array {
  const distance = Float64Array.from(inside, (v) => (v ? 0 : Infinity));
  const steps = [shape[1] * shape[2], shape[2], 1];
  for (const axis of [2, 1, 0] as const) {
    const [n, step] = [shape[axis], steps[axis]!];
    const envelope = lowerEnvelope(n, spacing[axis]);
    for (let start = 0; start < distance.length; start++) {
      if (Math.floor(start / step) % n === 0) envelope(distance, start, step);
    }
  }
  return distance;
}

/** Replaces f along one line by  min over q of  f(q) + (spacing (p - q))^2. */
function lowerEnvelope(n: number, spacing: number): (f: Float64Array, start: number, step: number) => void {
  const height = new Float64Array(n);
  /** Where the parabolas of the envelope stand, and from where on each is the lowest. */
  const foot = new Int32Array(n);
  const from = new Float64Array(n);
  const unit = spacing ** 2;
  const crossing = (q: number, r: number) => (height[q]! / unit + q * q - height[r]! / unit - r * r) / (2 * (q - r));
  return (f, start, step) => {
    let last = -1;
    for (let q = 0; q < n; q++) {
      height[q] = f[start + q * step]!;
      if (height[q] === Infinity) continue;
      while (last >= 0 && crossing(q, foot[last]!) <= from[last]!) last--;
      from[last + 1] = last < 0 ? -Infinity : crossing(q, foot[last]!);
      foot[++last] = q;
    }
    if (last < 0) return;
    for (let p = 0, k = 0; p < n; p++) {
      while (k < last && from[k + 1]! < p) k++;
      f[start + p * step] = height[foot[k]!]! + unit * (p - foot[k]!) ** 2;
    }
  };
}
