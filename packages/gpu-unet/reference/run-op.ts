// One op on a device, for the tests that compare it with its definition.
import type { Gpu, Pass } from "../src/gpu.ts";
import { createReadback, elements, readBack, recordReadback } from "../src/tensor.ts";
import type { Tensor } from "../src/tensor.ts";

/** Half a unit in the last place of a float32 in 1 .. 2: the rounding error of one operation. */
export const ROUNDING = 2 ** -24;

/** Runs what `record` records and returns what it left in these tensors, which are freed. */
export async function runOp(gpu: Gpu, results: readonly Tensor[], record: (pass: Pass) => void): Promise<Float32Array[]> {
  const readbacks = results.map(({ bytes }) => createReadback(gpu, "test", bytes));
  await gpu.guarded("running a layer", () => {
    const commands = gpu.device.createCommandEncoder();
    const pass = commands.beginComputePass();
    record(pass);
    pass.end();
    results.forEach((y, i) => recordReadback(commands, y, readbacks[i]!, elements(y.shape)));
    gpu.device.queue.submit([commands.finish()]);
  });
  const values: Float32Array[] = [];
  for (const [i, y] of results.entries()) values.push(await readBack(gpu, readbacks[i]!, elements(y.shape)));
  for (const buffer of [...results.map((y) => y.buffer), ...readbacks]) buffer.destroy();
  return values;
}

/** Largest absolute value. */
export function largest(values: ArrayLike<number>): number {
  return Array.from(values).reduce((most, v) => Math.max(most, Math.abs(v)), 0);
}
