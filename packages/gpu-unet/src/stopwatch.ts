// How long recorded work takes on a device: by the device's own clock where it has one, else by the caller's.
import type { Gpu, Pass } from "./gpu.ts";
import { createReadback } from "./tensor.ts";

/** Times work on a device. */
export interface Stopwatch {
  readonly clock: "timestamp-query" | "wall";
  /** Runs the work twice, once to compile it, and says how many runs take about 4 ms; 1 to 64. */
  repeatsFor(record: (pass: Pass) => void): Promise<number>;
  /** Milliseconds of one run, averaged over `repeats` in a single pass. */
  milliseconds(record: (pass: Pass) => void, repeats: number): Promise<number>;
  destroy(): void;
}

/** Long against the 0.1 ms to which browsers round the device's clock, and against a submission. */
const LONG_ENOUGH_MS = 4;
// The standard's values of GPUBufferUsage, see tensor.ts.
const usage = { copySrc: 0x4, queryResolve: 0x200 } as const;

/** A stopwatch for a device; with its own clock where the device was opened with `timestamps`. */
export function createStopwatch(gpu: Gpu): Stopwatch {
  const { device } = gpu;
  const hasClock = device.features.has("timestamp-query");
  const stamps = hasClock
    ? {
        querySet: device.createQuerySet({ label: "stopwatch", type: "timestamp", count: 2 }),
        resolved: device.createBuffer({ label: "stopwatch", size: 16, usage: usage.queryResolve | usage.copySrc }),
        readback: createReadback(gpu, "stopwatch", 16),
      }
    : null;

  async function milliseconds(record: (pass: Pass) => void, repeats: number): Promise<number> {
    const start = performance.now();
    await gpu.guarded("timing a layer", () => {
      const commands = device.createCommandEncoder({ label: "stopwatch" });
      const timestampWrites = stamps && { querySet: stamps.querySet, beginningOfPassWriteIndex: 0, endOfPassWriteIndex: 1 };
      const pass = commands.beginComputePass({ label: "stopwatch", ...(timestampWrites && { timestampWrites }) });
      for (let i = 0; i < repeats; i++) record(pass);
      pass.end();
      if (stamps) {
        commands.resolveQuerySet(stamps.querySet, 0, 2, stamps.resolved, 0);
        commands.copyBufferToBuffer(stamps.resolved, 0, stamps.readback, 0, 16);
      }
      device.queue.submit([commands.finish()]);
    });
    await gpu.survive("timing a layer", device.queue.onSubmittedWorkDone());
    const wall = performance.now() - start;
    if (!stamps) return wall / repeats;
    await gpu.survive("reading the device's clock", stamps.readback.mapAsync(0x1));
    const [begin, end] = new BigUint64Array(stamps.readback.getMappedRange());
    // Nanoseconds; a clock that was set back meanwhile, which the standard allows, has measured nothing.
    const measured = Number(end! - begin!) / 1e6;
    stamps.readback.unmap();
    return (measured > 0 ? measured : wall) / repeats;
  }

  return {
    clock: hasClock ? "timestamp-query" : "wall",
    milliseconds,
    async repeatsFor(record) {
      await milliseconds(record, 1);
      const once = await milliseconds(record, 1);
      return Math.min(64, Math.max(1, Math.ceil(LONG_ENOUGH_MS / once)));
    },
    destroy() {
      stamps?.querySet.destroy();
      stamps?.resolved.destroy();
      stamps?.readback.destroy();
    },
  };
}
