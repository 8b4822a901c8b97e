// The instantiated module: its kernels, its memory and which build it is.
import { compileBuild } from "#load";
import { Arena } from "./arena.ts";
import type { Kernels } from "./kernels.ts";
import { hasRelaxedSimd } from "./simd-build.ts";
import type { SimdBuild } from "./simd-build.ts";

/** One module and its memory. Each worker has its own; it is passed as an argument, never imported. */
export interface Core {
  readonly exports: Kernels;
  readonly arena: Arena;
  readonly build: SimdBuild;
}

/**
 * Loads the kernels into a memory of their own.
 *
 * @param build  which build to load; by default `relaxed` where the engine has it, else `simd`
 * @throws DeviceError when the module's file cannot be fetched or the engine has no WebAssembly SIMD
 */
export async function loadCore(build: SimdBuild = hasRelaxedSimd() ? "relaxed" : "simd"): Promise<Core> {
  const module = await compileBuild(build);
  const instance = await WebAssembly.instantiate(module);
  const exports = instance.exports as unknown as Kernels;
  return { exports, arena: new Arena(exports.memory, exports.heapBase() >>> 0), build };
}
