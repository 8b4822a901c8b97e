// A bright ball in noise with its mask: the smallest patient that a network can learn from.

/** A scan (HU) of 60 HU in a ball and -20 HU around it, with noise, and its mask; voxels of 2 x 1 x 1 mm. */
export function ballScan(random: () => number, shape: readonly [number, number, number] = [12, 30, 34], radiusMm = 8) {
  const [nz, ny, nx] = shape;
  const centre = [nz / 2, ny / 2, nx / 2].map((middle) => middle + 2 * (random() - 0.5));
  const mask = Uint8Array.from({ length: nz * ny * nx }, (_, i) => {
    const [z, y, x] = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
    return Number(Math.hypot(2 * (z - centre[0]!), y - centre[1]!, x - centre[2]!) <= radiusMm);
  });
  const data = Float32Array.from(mask, (inside) => Math.round((inside ? 60 : -20) + 40 * (random() - 0.5)));
  const direction = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ] as const;
  const geometry = { shape, spacing: [2, 1, 1] as const, origin: [-5, 12, 30] as const, direction };
  return { volume: { ...geometry, data }, mask: { ...geometry, data: mask } };
}
