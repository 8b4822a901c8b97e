// A device and its compiled pipelines: the one place that compiles, binds, dispatches and turns the device's complaints into errors.
import type { AdapterInfo } from "./adapter-info.ts";
import { standardBlock } from "./blocks.ts";
import type { Blocks, LayerShape, TunableKernel } from "./blocks.ts";
import { DeviceError } from "./errors.ts";
import { kernels } from "./kernels.generated.ts";
import type { KernelName } from "./kernels.generated.ts";
import { assertFits, choiceKey } from "./tuning.ts";
import type { Tuning } from "./tuning.ts";

/** Workgroups in x, y and z. */
export type Grid = readonly [x: number, y: number, z: number];

/** `groups` workgroups along x, or over x and y where the axis is too short; kernels so called read num_workgroups. */
export function spread(groups: number): Grid {
  const x = Math.min(groups, 32768);
  return [x, Math.ceil(groups / x), 1];
}

/** What an op records into: a compute pass, or a recording that passes replay. */
export type Pass = Pick<GPUComputePassEncoder, "setPipeline" | "setBindGroup" | "dispatchWorkgroups">;

/** What a kernel reads or writes: the first bytes of a buffer. Every tensor is one. */
export interface Binding {
  readonly buffer: GPUBuffer;
  readonly bytes: number;
}

/** Sizes by the names of a kernel's `override` constants. */
export type Sizes = Readonly<Record<string, number>>;

/** An open device. Made by `requestGpu`; whoever made it destroys it. */
export class Gpu {
  readonly device: GPUDevice;
  readonly info: AdapterInfo;
  /** Dawn lives as long as this object is reachable. */
  readonly #webgpu: GPU;
  readonly #pipelines = new Map<string, GPUComputePipeline>();
  readonly #modules = new Map<KernelName, GPUShaderModule>();
  /** The compiler's verdict on each module. */
  readonly #compilations: Promise<void>[] = [];
  #lost: DeviceError | null = null;
  #tuning: Tuning | null = null;
  #chosen: ReadonlyMap<string, Blocks[TunableKernel]> = new Map();

  constructor(device: GPUDevice, info: AdapterInfo, webgpu: GPU) {
    this.device = device;
    this.info = info;
    this.#webgpu = webgpu;
    void this.#noteLoss();
  }

  async #noteLoss(): Promise<void> {
    const { reason, message } = await this.device.lost;
    this.#lost = new DeviceError(
      reason === "destroyed"
        ? "webgpu: the device was already destroyed when it was used; request a new one"
        : `webgpu: ${this.info.description} was lost during the computation (${message || reason}); run again with a smaller batch, update its driver, or use --backend wasm`,
    );
  }

  /** The record whose blocks this device's convolutions take; null where they take the standard ones. */
  get tuning(): Tuning | null {
    return this.#tuning;
  }

  /**
   * Makes the convolutions that are recorded from now on take a record's blocks; networks made before keep theirs.
   *
   * @throws DeviceError where the record was made on another adapter, or exceeds this device's limits
   */
  use(tuning: Tuning | null): void {
    if (tuning) assertFits(tuning, this.info, this.device);
    this.#tuning = tuning;
    this.#chosen = new Map(tuning?.choices.map(({ kernel, shape, block }) => [choiceKey(kernel, shape), block]));
  }

  /** The block of a kernel for a layer: the tuning's for the layer's class, else the standard one. */
  block<K extends TunableKernel>(kernel: K, shape: LayerShape): Blocks[K] {
    return this.chosen(kernel, shape) ?? standardBlock(kernel);
  }

  /** The block that the tuning has for a kernel and a layer's class; null where it has none. */
  chosen<K extends TunableKernel>(kernel: K, shape: LayerShape): Blocks[K] | null {
    // The record was checked when it was taken: each kernel has its own block.
    return (this.#chosen.get(choiceKey(kernel, shape)) as Blocks[K] | undefined) ?? null;
  }

  /**
   * Records one dispatch: finds the kernel's pipeline for these sizes (compiled once), binds the tensors by position and dispatches.
   *
   * @throws DeviceError where the grid has more workgroups along an axis than the device takes
   */
  run(pass: Pass, kernel: KernelName, sizes: Sizes, bindings: readonly Binding[], grid: Grid): void {
    const most = this.device.limits.maxComputeWorkgroupsPerDimension;
    if (Math.max(...grid) > most) {
      throw new DeviceError(
        `webgpu: ${kernel} needs a grid of ${grid.join(" x ")} workgroups, and maxComputeWorkgroupsPerDimension is ${most}; use a smaller batch, or --backend wasm`,
      );
    }
    const pipeline = this.#pipeline(kernel, sizes);
    const layout = pipeline.getBindGroupLayout(0);
    const entries = bindings.map(({ buffer, bytes }, binding) => ({ binding, resource: { buffer, size: bytes } }));
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, this.device.createBindGroup({ label: kernel, layout, entries }));
    pass.dispatchWorkgroups(...grid);
  }

  /**
   * Does GPU work that is recorded synchronously, inside error scopes.
   *
   * @param what    what is being done, for the error's sentence
   * @param record  makes buffers, records and submits; it may not wait
   * @throws DeviceError for a shader that does not compile (file, line and text), an invalid call, or memory that ran out
   */
  async guarded<T>(what: string, record: () => T): Promise<T> {
    this.assertAlive();
    const scopes = ["validation", "out-of-memory", "internal"] as const;
    for (const scope of scopes) this.device.pushErrorScope(scope);
    let errors: Promise<(GPUError | null)[]>;
    let result: T;
    try {
      result = record();
    } finally {
      errors = Promise.all(scopes.map(() => this.device.popErrorScope()));
      errors.catch(() => undefined);
    }
    await Promise.all(this.#compilations);
    const [internal, memory, invalid] = await this.survive(what, errors);
    if (memory) {
      throw new DeviceError(
        `webgpu: ${what}: the device's memory ran out (${memory.message}); use a smaller batch, close other programs that use it, or use --backend wasm`,
      );
    }
    const error = invalid ?? internal;
    if (error) throw new DeviceError(`webgpu: ${what}: the device refused the work: ${error.message}`);
    return result;
  }

  /** Waits for the device, and says so when it was lost meanwhile. */
  async survive<T>(what: string, work: Promise<T>): Promise<T> {
    try {
      return await work;
    } catch (cause) {
      await Promise.race([this.device.lost, new Promise((resolve) => setTimeout(resolve, 0))]);
      this.assertAlive();
      throw new DeviceError(
        `webgpu: ${what} failed (${cause instanceof Error ? cause.message : String(cause)}); run again, or use --backend wasm`,
        { cause },
      );
    }
  }

  /** @throws DeviceError once the device is lost or destroyed */
  assertAlive(): void {
    if (this.#lost) throw this.#lost;
  }

  /** Frees the device and everything on it. */
  destroy(): void {
    this.device.destroy();
    void this.#webgpu;
  }

  #pipeline(kernel: KernelName, sizes: Sizes): GPUComputePipeline {
    const key = `${kernel} ${JSON.stringify(sizes)}`;
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      pipeline = this.device.createComputePipeline({
        label: key,
        layout: "auto",
        compute: { module: this.#module(kernel), constants: { ...sizes } },
      });
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  #module(kernel: KernelName): GPUShaderModule {
    let module = this.#modules.get(kernel);
    if (!module) {
      module = compileShader(this.device, kernel, kernels[kernel], this.#compilations);
      this.#modules.set(kernel, module);
    }
    return module;
  }
}

/**
 * Compiles WGSL; the check of the compiler's messages is added to `compilations`, to be awaited before the result is used.
 *
 * @param name  the kernel's file name without extension
 */
export function compileShader(device: GPUDevice, name: string, code: string, compilations: Promise<void>[]): GPUShaderModule {
  const module = device.createShaderModule({ label: name, code });
  const check = module.getCompilationInfo().then(({ messages }) => {
    const errors = messages.filter((message) => message.type === "error");
    if (errors.length === 0) return;
    const lines = code.split("\n");
    const listed = errors.map(
      ({ lineNum, linePos, message }) => `kernels/${name}.wgsl:${lineNum}:${linePos}: ${message}\n    ${lines[lineNum - 1] ?? ""}`,
    );
    throw new DeviceError(`webgpu: a shader does not compile on this device; please report it with this text:\n${listed.join("\n")}`);
  });
  check.catch(() => undefined);
  compilations.push(check);
  return module;
}
