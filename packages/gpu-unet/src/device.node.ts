// WebGPU in Node: Dawn, from the npm package `webgpu`.
import { noWebGpu } from "./errors.ts";

/** Workgroup memory is not cleared before a kernel runs: ours write it before they read it, and SwiftShader compiles ten times faster so. */
const toggles = ["enable-dawn-features=disable_workgroup_init"];

/**
 * Opens Dawn, loaded only now so that machines without it can run everything else.
 *
 * @param tunes  whether it is wanted for a tuning, which nothing else can serve
 * @throws DeviceError where its native library does not load (another platform, an old C++ runtime), or where Linux has no Vulkan loader
 */
export async function openWebGpu(tunes = false): Promise<GPU> {
  if (process.platform === "linux" && !hasVulkanLoader()) {
    throw noWebGpu("this machine has no Vulkan loader (libvulkan.so.1), so no adapter", "install a Vulkan driver", tunes);
  }
  try {
    const { create } = await import("webgpu");
    return create(toggles);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    const fact = `Dawn, the WebGPU library for Node, does not load on this machine (${process.platform}-${process.arch}: ${why})`;
    throw noWebGpu(fact, "reinstall the dependencies on this platform", tunes, { cause });
  }
}

/** Whether the name by which Dawn opens Vulkan leads anywhere. Asked first, because Dawn itself complains on stderr where it does not. */
function hasVulkanLoader(): boolean {
  try {
    process.dlopen({ exports: {} }, "libvulkan.so.1");
    return true;
  } catch (error) {
    // Found, it is still no add-on of Node, which is another error.
    return !/cannot open shared object file/.test(String(error));
  }
}
