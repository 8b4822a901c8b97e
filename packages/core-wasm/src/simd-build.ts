// Which build of the module this engine can run.

/** `relaxed` has fused multiply-add; `simd` runs wherever WebAssembly SIMD does. */
export type SimdBuild = "relaxed" | "simd";

/** A module's file: a build with a memory of its own, or one on a memory that threads share. */
export type BuildName = SimdBuild | `${SimdBuild}-shared`;

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
