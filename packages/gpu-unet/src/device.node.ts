// WebGPU in Node: Dawn, from the npm package `webgpu`.
import { DeviceError } from "./errors.ts";

/** Workgroup memory is not cleared before a kernel runs: ours write it before they read it, and SwiftShader compiles ten times faster so. */
const toggles = ["enable-dawn-features=disable_workgroup_init"];

/**
 * Opens Dawn, loaded only now so that machines without it can run everything else.
 *
 * @throws DeviceError where its native library does not load (another platform, an old C++ runtime)
 */
export async function openWebGpu(): Promise<GPU> {
  try {
    const { create } = await import("webgpu");
    return create(toggles);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceError(
      `webgpu: Dawn, the WebGPU library for Node, does not load on this machine (${process.platform}-${process.arch}: ${why}); use --backend wasm, or reinstall the dependencies on this platform`,
      { cause },
    );
  }
}
