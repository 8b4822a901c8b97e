// WebGPU in Node without a GPU: Dawn over SwiftShader, from npm alone.
import { constants } from "node:os";
import { join } from "node:path";
import { unpacked } from "./chromium-package.ts";

/** Environment under which a child process (the CLI, say) finds SwiftShader as its only Vulkan driver. */
export function softwareVulkanEnvironment(): Record<string, string> {
  const folder = unpacked("vulkan", ["swiftshader.tar.br"]);
  const libraries = [folder, process.env["LD_LIBRARY_PATH"]].filter(Boolean).join(":");
  return { VK_ICD_FILENAMES: join(folder, "vk_swiftshader_icd.json"), LD_LIBRARY_PATH: libraries };
}

/**
 * Makes SwiftShader the Vulkan driver of this process; to be called before Dawn is created.
 *
 * Dawn opens `libvulkan.so.1` by that name, and a bare machine has none, so the package's own is loaded first and kept. (Node's loader
 * complains that it is no add-on; RTLD_NODELETE keeps it in memory all the same, where the later search by name finds it.)
 */
function useSoftwareVulkan(): void {
  const environment = softwareVulkanEnvironment();
  process.env["VK_ICD_FILENAMES"] = environment["VK_ICD_FILENAMES"];
  const RTLD_NODELETE = 0x1000;
  try {
    process.dlopen(
      { exports: {} },
      join(environment["VK_ICD_FILENAMES"]!, "..", "libvulkan.so.1"),
      constants.dlopen.RTLD_NOW | RTLD_NODELETE,
    );
  } catch {
    // always: it is no add-on
  }
}

/**
 * Opens the device that the WGSL tests run on: SwiftShader, or this machine's own adapter with ISLET_TEST_ADAPTER=own.
 *
 * @param open  opens it, software adapters allowed, e.g. `() => requestGpu({ allowSoftware: true })`
 * @returns     null, with the reason printed, where there is none; where CI is set that is an error instead
 */
export async function testDevice<T>(open: () => Promise<T>): Promise<T | null> {
  try {
    if (process.env["ISLET_TEST_ADAPTER"] !== "own") useSoftwareVulkan();
    return await open();
  } catch (error) {
    if (process.env["CI"]) throw error;
    console.warn(`skipped: the WGSL tests need a WebGPU adapter: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
