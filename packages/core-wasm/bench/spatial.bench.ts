// Moran's I with Geary's C, and the means of 1 cm^3 spheres, of a ball of 1 mm voxels, single thread: milliseconds, best of five. `node bench/spatial.bench.ts`
import { loadCore, spatialAutocorrelation, sphereMeans } from "../dist/index.js";

const core = await loadCore();
for (const radius of [10, 20, 41.5]) {
  const n = Math.ceil(2 * radius) + 1;
  const shape = [n, n, n] as const;
  const distance = (i: number) =>
    Math.hypot(Math.floor(i / (n * n)) - n / 2 + 0.5, (Math.floor(i / n) % n) - n / 2 + 0.5, (i % n) - n / 2 + 0.5);
  const mask = Uint8Array.from({ length: n ** 3 }, (_, i) => (distance(i) <= radius ? 1 : 0));
  const intensity = Float32Array.from(mask, (_, i) => (Math.imul(i, 2654435761) >>> 20) % 400);
  const voxels = mask.reduce((sum, v) => sum + v, 0);
  const report = (name: string, run: () => unknown) => {
    const times = Array.from({ length: 5 }, () => {
      const start = performance.now();
      run();
      return performance.now() - start;
    });
    console.log(`${name}, ${voxels} voxels in ${n}^3: ${Math.min(...times).toFixed(1)} ms (first run ${times[0]!.toFixed(1)} ms)`);
  };
  report("autocorrelation by spectrum", () => spatialAutocorrelation(core, intensity, mask, shape, [1, 1, 1], "spectrum"));
  if (voxels < 50_000) report("autocorrelation by pairs", () => spatialAutocorrelation(core, intensity, mask, shape, [1, 1, 1], "pairs"));
  report("sphere means", () => sphereMeans(core, intensity, mask, shape, [1, 1, 1], 6.2035));
}
