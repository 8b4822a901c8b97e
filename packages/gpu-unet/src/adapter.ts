// Which adapters this machine has, and the choice of one.
import { openWebGpu } from "#device";
import { describeAdapter } from "./adapter-info.ts";
import type { AdapterInfo } from "./adapter-info.ts";
import { featureOf } from "./blocks.ts";
import { DeviceError, noWebGpu } from "./errors.ts";
import { Gpu } from "./gpu.ts";
import type { Tuning } from "./tuning.ts";

/** How the adapter is chosen. */
export interface GpuOptions {
  /** Accept an adapter that computes on the CPU; default false, because the wasm backend is some fifty times faster there. */
  readonly allowSoftware?: boolean;
  /** Limits beyond WebGPU's guaranteed ones, by the names of the standard; the adapter must offer each. */
  readonly limits?: Readonly<Partial<Record<LimitName, number>>>;
  /** Ask for what a tuning can use, where the adapter has it: the device's own clock, half precision and subgroups. */
  readonly tunes?: boolean;
  /** Blocks for the convolutions, measured on this adapter; the standard ones without. */
  readonly tuning?: Tuning | null;
}

/** The limits that a network's size can exceed. */
type LimitName =
  | "maxBufferSize"
  | "maxStorageBufferBindingSize"
  | "maxComputeWorkgroupsPerDimension"
  | "maxComputeInvocationsPerWorkgroup"
  | "maxComputeWorkgroupStorageSize";

/**
 * Every adapter that WebGPU offers here, the fastest kind first, each once.
 *
 * @returns an empty list where there is none
 * @throws DeviceError where there is no WebGPU at all: its sentence says why
 */
export async function probeAdapters(): Promise<AdapterInfo[]> {
  const gpu = await openWebGpu();
  const found = new Map<string, AdapterInfo>();
  for (const request of requests) {
    const adapter = await gpu.requestAdapter(request);
    if (!adapter) continue;
    const info = describeAdapter(adapter.info);
    found.set(JSON.stringify(info), info);
  }
  return [...found.values()];
}

/**
 * The adapters of a machine that is to run the network on one.
 *
 * @returns at least one, the fastest kind first
 * @throws DeviceError where there is none
 */
export async function requireAdapters(): Promise<AdapterInfo[]> {
  const adapters = await probeAdapters();
  if (adapters.length === 0) throw noAdapter(false);
  return adapters;
}

/** The one sentence for a machine whose WebGPU has nothing to run on. */
function noAdapter(tunes: boolean): DeviceError {
  return noWebGpu("this machine offers no WebGPU adapter", "install a Vulkan driver", tunes);
}

const requests: readonly GPURequestAdapterOptions[] = [
  { powerPreference: "high-performance" },
  { powerPreference: "low-power" },
  { forceFallbackAdapter: true },
];

const TUNED: readonly GPUFeatureName[] = ["timestamp-query", "shader-f16", "subgroups"];

/** The features that a record's kernels need. */
function featuresOf(tuning: Tuning | null): GPUFeatureName[] {
  const needed = tuning?.choices.map(({ kernel, block }) => featureOf(kernel, block)) ?? [];
  return TUNED.filter((feature) => needed.some((need) => need === feature));
}

/**
 * Opens a device on the fastest adapter.
 *
 * @throws DeviceError where there is no adapter, only a software one that was not allowed, one that is short of a limit, which is named, or one
 * for which the tuning was not made
 */
export async function requestGpu({ allowSoftware = false, limits = {}, tunes = false, tuning = null }: GpuOptions = {}): Promise<Gpu> {
  const webgpu = await openWebGpu(tunes);
  const adapter = await webgpu.requestAdapter({ powerPreference: "high-performance" });
  if (!adapter) throw noAdapter(tunes);
  const info = describeAdapter(adapter.info);
  if (info.isSoftware && !allowSoftware) {
    throw new DeviceError(
      `webgpu: the only adapter here, ${info.description}, computes on the CPU, where the wasm backend is much faster; use --backend wasm, or allow software adapters explicitly`,
    );
  }
  for (const [name, wanted] of Object.entries(limits) as [LimitName, number][]) {
    const offered = adapter.limits[name];
    if (wanted > offered) {
      throw new DeviceError(
        `webgpu: ${name} of ${wanted} is needed and the adapter ${info.description} offers ${offered}; use a smaller network, image or batch, or --backend wasm`,
      );
    }
  }
  const wanted = tunes ? TUNED : featuresOf(tuning);
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  let gpu: Gpu;
  try {
    const device = await adapter.requestDevice({ label: "islet", requiredLimits: { ...limits }, requiredFeatures });
    gpu = new Gpu(device, info, webgpu);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceError(
      `webgpu: the adapter ${info.description} refused a device (${why}); close other programs that use it, update its driver, or use --backend wasm`,
      { cause },
    );
  }
  try {
    gpu.use(tuning);
  } catch (unfit) {
    gpu.destroy();
    throw unfit;
  }
  return gpu;
}
