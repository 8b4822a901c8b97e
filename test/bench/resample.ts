// Cubic resampling of a 512 x 512 x 400 volume at 0.5 mm to 1 mm, one thread, beside scipy.ndimage (order 3).
import { loadCore, resample } from "@islet/core-wasm";
import type { AxisMap, Triple } from "@islet/core-wasm";
import { pythonBench } from "./python.ts";
import { inTurns, printRow } from "./row.ts";

const ROUNDS = 2;
const STEP = 2;
const shape: Triple = [400, 512, 512];
const data = Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => ((Math.imul(i, 2654435761) >>> 0) % 4096) - 1024);
const axis = (n: number): AxisMap => ({
  length: Math.ceil(n / STEP),
  start: (n - 1) / 2 - ((Math.ceil(n / STEP) - 1) / 2) * STEP,
  step: STEP,
});
const axes: [AxisMap, AxisMap, AxisMap] = [axis(shape[0]), axis(shape[1]), axis(shape[2])];

const peer = pythonBench<{ version: string; ms: number[] }>("scipy_resample.py", "scipy.ndimage", [String(ROUNDS)]);
for (const build of ["relaxed", "simd"] as const) {
  const core = await loadCore(build);
  const [ours] = await inTurns(ROUNDS, [() => resample(core, data, shape, axes, "cubic")]);
  const name = `cubic resampling 512 x 512 x 400, 0.5 mm to 1 mm, ${build}`;
  printRow(name, ours!, peer ? `scipy ${peer.version} ndimage, order 3` : "scipy ndimage, order 3", peer?.ms ?? [], "one thread each");
}
