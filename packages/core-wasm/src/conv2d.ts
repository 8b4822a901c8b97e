// Two ways to a 3x3 convolution in wasm memory; both write bias and activation along with the sum.
import type { Core } from "./core.ts";
import type { Kernels } from "./kernels.ts";

/** One 3x3 convolution with padding 1. */
export interface ConvolutionWeights {
  /** f32 (CO,CI,3,3), PyTorch's layout; not flipped. */
  readonly weight: Float32Array;
  /** f32 (CO). */
  readonly bias: Float32Array;
  readonly ci: number;
  readonly co: number;
}

/** Images of one size, one after the other, in the blocked layout of assembly/blocked.ts. */
export interface BlockedImages {
  readonly ptr: number;
  /** Bytes from one image to the next. */
  readonly bytes: number;
}

/** Channels filled up to whole panels of 8. */
export const panelled = (channels: number) => Math.ceil(channels / 8) * 8;

/** Bytes of the packed weights for assembly/conv2d.ts. */
export const directWeightBytes = (ci: number, co: number) => panelled(co) * ci * 36;

/** Packs (CO,CI,3,3) into panels [ceil(CO / 8), CI, 9, 8] at `to`, zero beyond CO. */
export function packDirect({ exports }: Core, { weight, ci, co }: Omit<ConvolutionWeights, "bias">, to: number): void {
  const panels = new Float32Array(exports.memory.buffer, to, panelled(co) * ci * 9);
  panels.fill(0);
  const K = ci * 9;
  for (let o = 0; o < co; o++) {
    const first = (o >> 3) * K * 8 + (o & 7);
    for (let k = 0; k < K; k++) panels[first + k * 8] = weight[o * K + k]!;
  }
}

/** Pixels of a side of the tiles that Winograd's method takes a map in: 4, or 6 with fewer products and more rounding. */
export type TileSide = 4 | 6;

/** Tiles of 6 for maps in which those that reach over the edge waste little and the many pixels of a mean even rounding out. */
export const tileSide = (height: number, width: number): TileSide => (Math.min(height, width) >= 64 ? 6 : 4);

/** Transforms (CO,CI,3,3) for assembly/winograd.ts into the `winogradWeightBytes(ci, co, side)` bytes at `to`. */
export function packWinograd(
  { exports, arena }: Core,
  { weight, ci, co }: Omit<ConvolutionWeights, "bias">,
  side: TileSide,
  to: number,
): void {
  new Uint8Array(exports.memory.buffer, to, exports.winogradWeightBytes(ci, co, side)).fill(0);
  arena.scope(() => {
    const scratch = arena.empty(Uint8Array, exports.winogradWeightScratchBytes());
    const planar = arena.from(Float32Array, weight);
    exports.winogradWeight(planar.ptr, ci * 36, 36, false, ci, co, to, panelled(ci), panelled(co), side, scratch.ptr);
  });
}

/** Writes bias (CO) at `to`, filled up with zeros to whole panels. */
export function packBias(exports: Kernels, bias: Float32Array, to: number): void {
  const padded = new Float32Array(exports.memory.buffer, to, panelled(bias.length));
  padded.fill(0);
  padded.set(bias);
}
