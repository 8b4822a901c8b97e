// Resampling by its definition, in f64: spline coefficients by the recursive prefilter, then four B-splines an axis at each point.

/** The axis of a new grid, and the triples, as in src/resample.ts. */
interface AxisMap {
  readonly length: number;
  readonly start: number;
  readonly step: number;
}
type Triple = readonly [z: number, y: number, x: number];

/** Index within 0..n-1 of position j on a line that is mirrored at the centres of its first and last voxel. */
function mirror(j: number, n: number): number {
  if (n === 1) return 0;
  if (j < 0) return mirror(-j, n);
  return j < n ? j : mirror(2 * (n - 1) - j, n);
}

/**
 * Coefficients c of the cubic B-spline that passes through f, mirrored:  (c[k-1] + 4 c[k] + c[k+1]) / 6 = f[k].
 *
 * The filter 6 / (z + 4 + 1/z) as a causal and an anticausal recursion with the pole sqrt(3) - 2.
 * @see Unser, Aldroubi & Eden 1993, B-spline signal processing, part II
 */
function splineCoefficients(f: Float64Array): Float64Array {
  const n = f.length;
  if (n === 1) return f.slice();
  const pole = Math.sqrt(3) - 2;
  const c = new Float64Array(n);
  let sum = 0;
  for (let k = 0; k < 60; k++) sum += pole ** k * f[mirror(k, n)]!;
  c[0] = sum;
  for (let k = 1; k < n; k++) c[k] = f[k]! + pole * c[k - 1]!;
  c[n - 1] = (pole / (pole * pole - 1)) * (c[n - 1]! + pole * c[n - 2]!);
  for (let k = n - 2; k >= 0; k--) c[k] = pole * (c[k + 1]! - c[k]!);
  return c.map((value) => 6 * value);
}

/** The values of one line at the new positions. */
function resampleLine(f: Float64Array, { length, start, step }: AxisMap, interpolation: "linear" | "cubic"): Float64Array {
  const n = f.length;
  const c = interpolation === "cubic" ? splineCoefficients(f) : f;
  return Float64Array.from({ length }, (_, o) => {
    const x = Math.min(Math.max(start + o * step, 0), n - 1);
    let sum = 0;
    for (let k = Math.floor(x) - 1; k <= Math.floor(x) + 2; k++) {
      const d = Math.abs(x - k);
      const weight =
        interpolation === "linear" ? Math.max(0, 1 - d) : d < 1 ? 2 / 3 - d * d + (d * d * d) / 2 : d < 2 ? (2 - d) ** 3 / 6 : 0;
      if (weight !== 0) sum += weight * c[mirror(k, n)]!;
    }
    return sum;
  });
}

/** Resamples along axis a of (z, y, x); returns the data and its new shape. */
function resampleAxis(
  data: Float64Array,
  shape: Triple,
  a: number,
  axis: AxisMap,
  interpolation: "linear" | "cubic",
): [Float64Array, Triple] {
  const n = shape[a]!;
  const after = shape.slice(a + 1).reduce((p, q) => p * q, 1);
  const before = data.length / (n * after);
  const out = new Float64Array(before * axis.length * after);
  for (let b = 0; b < before; b++) {
    for (let t = 0; t < after; t++) {
      const line = Float64Array.from({ length: n }, (_, k) => data[(b * n + k) * after + t]!);
      resampleLine(line, axis, interpolation).forEach((value, k) => (out[(b * axis.length + k) * after + t] = value));
    }
  }
  return [out, shape.map((length, i) => (i === a ? axis.length : length)) as unknown as Triple];
}

/** The definition of src/resample.ts `resample`. */
export function resample(
  data: ArrayLike<number>,
  shape: Triple,
  axes: readonly [AxisMap, AxisMap, AxisMap],
  interpolation: "linear" | "cubic",
): Float64Array {
  let [values, current]: [Float64Array, Triple] = [Float64Array.from(data), shape];
  for (const a of [0, 1, 2] as const) [values, current] = resampleAxis(values, current, a, axes[a], interpolation);
  return values;
}

/** The definition of src/resample.ts `resampleMaskAffine`, as the interpolated value before the threshold. */
export function sampleMaskAffine(
  data: Uint8Array,
  shape: Triple,
  outShape: Triple,
  matrix: readonly number[],
  offset: Triple,
): Float64Array {
  const [nz, ny, nx] = shape;
  const out: number[] = [];
  for (let kz = 0; kz < outShape[0]; kz++) {
    for (let ky = 0; ky < outShape[1]; ky++) {
      for (let kx = 0; kx < outShape[2]; kx++) {
        const at = [0, 1, 2].map((a) => offset[a]! + matrix[3 * a]! * kz + matrix[3 * a + 1]! * ky + matrix[3 * a + 2]! * kx);
        let sum = 0;
        for (let z = 0; z < nz; z++) {
          for (let y = 0; y < ny; y++) {
            for (let x = 0; x < nx; x++) {
              const weight = [z, y, x].reduce((product, j, a) => product * Math.max(0, 1 - Math.abs(at[a]! - j)), 1);
              sum += weight * data[(z * ny + y) * nx + x]!;
            }
          }
        }
        out.push(sum);
      }
    }
  }
  return Float64Array.from(out);
}
