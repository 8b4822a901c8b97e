// Means of spheres by their definition: every pair of a voxel of the mask and a voxel of the image.

type Triple = readonly [number, number, number];

/** For each voxel of a mask, the mean of all voxels whose centres lie within the radius of its own; quadratic in the number of voxels. */
export function sphereMeans(
  intensity: ArrayLike<number>,
  mask: ArrayLike<number>,
  [, ny, nx]: Triple,
  spacing: Triple,
  radius: number,
): number[] {
  const all = Array.from({ length: mask.length }, (_, i) => i);
  const place = (i: number) => [Math.floor(i / (ny * nx)) * spacing[0], (Math.floor(i / nx) % ny) * spacing[1], (i % nx) * spacing[2]];
  return all
    .filter((i) => mask[i] !== 0)
    .map((i) => {
      const centre = place(i);
      const near = all.filter((j) => Math.hypot(...place(j).map((p, a) => p - centre[a]!)) <= radius);
      return near.reduce((sum, j) => sum + intensity[j]!, 0) / near.length;
    });
}
