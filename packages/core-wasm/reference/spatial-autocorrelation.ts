// Moran's I and Geary's C by their definition: every ordered pair of voxels.

type Triple = readonly [number, number, number];

/** Both coefficients of the voxels inside a mask, weighted by 1 / distance in mm; quadratic in their number. */
export function spatialAutocorrelation(
  intensity: ArrayLike<number>,
  mask: ArrayLike<number>,
  [, ny, nx]: Triple,
  spacing: Triple,
): { moranI: number; gearyC: number } {
  const inside = Array.from({ length: mask.length }, (_, i) => i).filter((i) => mask[i] !== 0);
  const place = (i: number) => [Math.floor(i / (ny * nx)) * spacing[0], (Math.floor(i / nx) % ny) * spacing[1], (i % nx) * spacing[2]];
  const mean = inside.reduce((sum, i) => sum + intensity[i]!, 0) / inside.length;
  const squares = inside.reduce((sum, i) => sum + (intensity[i]! - mean) ** 2, 0);
  let [weights, products, differences] = [0, 0, 0];
  for (const i of inside) {
    const p = place(i);
    for (const j of inside) {
      if (i === j) continue;
      const q = place(j);
      const w = 1 / Math.hypot(p[0]! - q[0]!, p[1]! - q[1]!, p[2]! - q[2]!);
      weights += w;
      products += w * (intensity[i]! - mean) * (intensity[j]! - mean);
      differences += w * (intensity[i]! - intensity[j]!) ** 2;
    }
  }
  const n = inside.length;
  return { moranI: ((n / weights) * products) / squares, gearyC: ((n - 1) / (2 * weights)) * (differences / squares) };
}
