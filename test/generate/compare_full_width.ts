// Both backends beside PyTorch on the files of torch_encoder_full.py, at a width that no test can afford.
//
//   node test/generate/compare_full_width.ts FOLDER [wasm] [webgpu]      (after `npm run build`)
//
// WebGPU runs on SwiftShader; ISLET_TEST_ADAPTER=own takes this machine's adapter. Prints a table and exits with 1 when a vector is
// further than 1e-4 (relative L2) from PyTorch's float64 run.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createEncoder, loadCore } from "@islet/core-wasm";
import type { EncoderLayer } from "@islet/core-wasm";
import { createGpuEncoder, readCheckpoint, requestGpu } from "@islet/gpu-unet";
import { testDevice } from "../helpers/device.ts";

const [folder, ...wanted] = process.argv.slice(2);
if (!folder) throw new Error("usage: node test/generate/compare_full_width.ts FOLDER [wasm] [webgpu]");
const backends = wanted.length > 0 ? wanted : ["wasm", "webgpu"];

interface Run {
  readonly seconds: number;
  readonly pooled: number[];
}
interface Expected {
  readonly torch: string;
  readonly threads: number;
  readonly baseWidth: number;
  readonly shape: [number, number, number, number];
  readonly float32: Run;
  readonly float64: Run;
}
const expected = JSON.parse(readFileSync(join(folder, "expected.json"), "utf8")) as Expected;
const [count, , height, width] = expected.shape;
const file = join(folder, "weights.safetensors");
const checkpoint = readCheckpoint(readFileSync(file), file);
const slices = new Float32Array(new Uint8Array(readFileSync(join(folder, "slices.f32"))).buffer);
const map = new Float64Array(new Uint8Array(readFileSync(join(folder, "bottleneck.f64"))).buffer);

let isFar = false;
const rows: Record<string, string | number>[] = [];

/** Adds a row of distances from PyTorch's float64 run. */
function compare(name: string, what: string, seconds: number, got: ArrayLike<number>, want: ArrayLike<number>): void {
  let [difference, size, worst, largest, relative] = [0, 0, 0, 0, 0];
  for (let i = 0; i < want.length; i++) {
    const d = Math.abs(got[i]! - want[i]!);
    difference += d ** 2;
    size += want[i]! ** 2;
    worst = Math.max(worst, d);
    largest = Math.max(largest, Math.abs(want[i]!));
    relative = Math.max(relative, d / Math.abs(want[i]!));
  }
  const l2 = Math.sqrt(difference / size);
  isFar ||= !(l2 < 1e-4) || got.length !== want.length;
  const digits = (value: number) => value.toExponential(2);
  rows.push({
    run: name,
    what,
    values: want.length,
    "relative L2": digits(l2),
    "largest difference / largest value": digits(worst / largest),
    "largest relative difference": digits(relative),
    "s a slice": (seconds / count).toFixed(2),
  });
}

/** Seconds that some work takes, and its result. */
async function timed<T>(work: () => T | Promise<T>): Promise<[T, number]> {
  const start = performance.now();
  const result = await work();
  return [result, (performance.now() - start) / 1000];
}

compare(
  `PyTorch ${expected.torch} float32, ${expected.threads} threads`,
  "pooled",
  expected.float32.seconds,
  expected.float32.pooled,
  expected.float64.pooled,
);

if (backends.includes("wasm")) {
  const core = await loadCore();
  const layer = (name: string): EncoderLayer => {
    const weight = checkpoint.tensors.get(`${name}.weight`)!;
    return { weight: weight.data, bias: checkpoint.tensors.get(`${name}.bias`)!.data, co: weight.shape[0]!, ci: weight.shape[1]! };
  };
  const levels = [0, 1, 2, 3, 4].map((level) => [layer(`encoder.${level}.conv1`), layer(`encoder.${level}.conv2`)] as const);
  const encoder = createEncoder(core, { levels, activation: checkpoint.architecture.activation, height, width });
  const [{ pooled }, seconds] = await timed(() => encoder.encode(slices, count));
  compare(`wasm (${core.build}), 1 thread`, "pooled", seconds, pooled, expected.float64.pooled);
  const [bottleneck, again] = await timed(() => encoder.bottleneck(slices, count));
  compare(`wasm (${core.build}), 1 thread`, "bottleneck", again, bottleneck, map);
}

if (backends.includes("webgpu")) {
  const gpu = await testDevice(() => requestGpu({ allowSoftware: true }));
  if (gpu) {
    // One slice a pass: on a software adapter a whole batch would be one submission of minutes.
    const encoder = createGpuEncoder(gpu, checkpoint, { height, width, batch: gpu.info.isSoftware ? 1 : 8 });
    const [{ pooled }, seconds] = await timed(() => encoder.encode(slices, count));
    compare(`webgpu (${gpu.info.description})`, "pooled", seconds, pooled, expected.float64.pooled);
    const [bottleneck, again] = await timed(() => encoder.bottleneck(slices.subarray(0, height * width), 1));
    compare(
      `webgpu (${gpu.info.description})`,
      "bottleneck of the first slice",
      again * count,
      bottleneck,
      map.subarray(0, map.length / count),
    );
    encoder.destroy();
    gpu.destroy();
  }
}

console.table(rows);
if (isFar) process.exitCode = 1;
