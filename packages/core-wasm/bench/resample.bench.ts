// Cubic and linear resampling, single thread: milliseconds and GB/s of input read and output written. `node bench/resample.bench.ts`
import { loadCore, resample } from "../dist/index.js";
import type { AxisMap, SimdBuild, Triple } from "../dist/index.js";

/** The centre-aligned axis of n voxels of `from` mm on voxels of `to` mm. */
function centred(n: number, from: number, to: number): AxisMap {
  const length = Math.ceil((n * from) / to);
  const step = to / from;
  return { length, start: (n - 1) / 2 - ((length - 1) / 2) * step, step };
}

const CASES: readonly { name: string; shape: Triple; spacing: Triple }[] = [
  { name: "0.5 mm to 1 mm", shape: [400, 512, 512], spacing: [0.5, 0.5, 0.5] },
  { name: "5 x 0.8 x 0.8 mm to 1 mm", shape: [51, 512, 512], spacing: [5, 0.8, 0.8] },
];

for (const { name, shape, spacing } of CASES) {
  const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => ((i * 2654435761) % 4096) - 1024);
  const axes: [AxisMap, AxisMap, AxisMap] = [
    centred(shape[0], spacing[0], 1),
    centred(shape[1], spacing[1], 1),
    centred(shape[2], spacing[2], 1),
  ];
  for (const build of ["relaxed", "simd"] satisfies SimdBuild[]) {
    const core = await loadCore(build);
    for (const interpolation of ["cubic", "linear"] as const) {
      const times: number[] = [];
      let bytes = 0;
      for (let run = 0; run < 4; run++) {
        const start = performance.now();
        const out = resample(core, data, shape, axes, interpolation);
        times.push(performance.now() - start);
        bytes = 4 * (data.length + out.length);
      }
      const best = Math.min(...times);
      console.log(
        `resample ${interpolation} ${build} ${shape.join("x")} ${name}: ${best.toFixed(0)} ms, ${(bytes / best / 1e6).toFixed(2)} GB/s (first run ${times[0]!.toFixed(0)} ms)`,
      );
    }
  }
}
