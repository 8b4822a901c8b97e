// The instantiated module: its kernels, its memory and which build it is.
import { compileBuild } from "#load";
import { Arena } from "./arena.ts";
import type { Kernels } from "./kernels.ts";

/** `relaxed` has fused multiply-add; `simd` runs wherever WebAssembly SIMD does. */
export type SimdBuild = "relaxed" | "simd";

/** One module and its memory. Each worker has its own; it is passed as an argument, never imported. */
export interface Core {
  readonly exports: Kernels;
  readonly arena: Arena;
  readonly build: SimdBuild;
}

// A module with the one function () -> f32x4.relaxed_madd(0, 0, 0).
// prettier-ignore
const RELAXED_PROBE = Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 5, 1, 0x60, 0, 1, 0x7b,
  3, 2, 1, 0,
  10, 19, 1, 17, 0,
  0x41, 0, 0xfd, 15, 0x41, 0, 0xfd, 15, 0x41, 0, 0xfd, 15,
  0xfd, 0x85, 2, 11,
);

/** Whether this engine accepts relaxed-SIMD instructions. */
export function hasRelaxedSimd(): boolean {
  return WebAssembly.validate(RELAXED_PROBE);
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
