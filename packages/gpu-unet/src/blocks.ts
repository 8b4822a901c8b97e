// How a convolution's work may be cut: its workgroup and tile, which change its speed and never the order of a sum. Winograd's method and half
// precision, which round otherwise, are chosen by choosing a block for them.

/** Sizes of the layer that a kernel works for: K is the kernel's side, 2 for upsampling. */
export interface LayerShape {
  readonly CI: number;
  readonly CO: number;
  readonly H: number;
  readonly W: number;
  readonly K: number;
}

/** A workgroup of LANES_X x LANES_Y, four pixels a lane, that brings DEPTH channels at a time into its memory. */
interface TileBlock {
  readonly LANES_X: number;
  readonly LANES_Y: number;
  readonly DEPTH: number;
}

/** A workgroup of LANES_X x LANES_Y, one pixel a lane. */
interface PixelBlock {
  readonly LANES_X: number;
  readonly LANES_Y: number;
}

/** A workgroup of LANES columns of a weight, which brings SPAN pixels at a time into its memory. */
interface ColumnBlock {
  readonly LANES: number;
  readonly SPAN: number;
}

/** A workgroup of LANES_T x LANES_C, 8 tiles and 8 channels a lane, that brings DEPTH channels at a time into its memory. */
interface SharedProduct {
  readonly LANES_T: number;
  readonly LANES_C: number;
  readonly DEPTH: number;
}

/** A workgroup of LANES_S lanes, 8 tiles a lane and the same 8 channels, whose weights go round its subgroups. */
interface SubgroupProduct {
  readonly LANES_S: number;
}

/** How Winograd's products are cut; its keys say by which kernel they are made. */
export type WinogradBlock = SharedProduct | SubgroupProduct;

/** The kernels whose block can be chosen, with what is chosen: values of their `override` constants. */
export interface Blocks {
  readonly "conv2d-forward": TileBlock;
  /** A layer for which this is chosen goes forward by Winograd's method, and not by conv2d-forward. */
  readonly "winograd-product": WinogradBlock;
  /** A layer for which this is chosen goes forward in half precision, but never in a training; it comes before Winograd's method. */
  readonly "conv2d-forward-f16": TileBlock;
  readonly "conv2d-backward-input": TileBlock;
  /** A layer for which this is chosen goes backward to its input by Winograd's method, and not by conv2d-backward-input. */
  readonly "winograd-backward-input": WinogradBlock;
  readonly "conv2d-backward-weight": ColumnBlock;
  readonly "conv-transpose2d-forward": PixelBlock;
  readonly "conv-transpose2d-backward-input": PixelBlock;
  readonly "conv-transpose2d-backward-weight": ColumnBlock;
}

/** A kernel whose block can be chosen. */
export type TunableKernel = keyof Blocks;

/** The limits that a block can exceed. */
export type BlockLimits = Pick<
  GPUSupportedLimits,
  | "maxComputeInvocationsPerWorkgroup"
  | "maxComputeWorkgroupSizeX"
  | "maxComputeWorkgroupSizeY"
  | "maxComputeWorkgroupStorageSize"
  | "maxStorageBufferBindingSize"
>;

/** What a block needs of a device: a GPUDevice, or as much of one. */
export interface BlockDevice {
  readonly limits: BlockLimits;
  readonly features: Pick<GPUSupportedFeatures, "has">;
  readonly adapterInfo?: Pick<GPUAdapterInfo, "subgroupMaxSize">;
}

const tile = (LANES_X: number, LANES_Y: number, DEPTH: number): TileBlock => ({ LANES_X, LANES_Y, DEPTH });
const pixels = (LANES_X: number, LANES_Y: number): PixelBlock => ({ LANES_X, LANES_Y });
const columns = (LANES: number, SPAN: number): ColumnBlock => ({ LANES, SPAN });

const products = (LANES_T: number, LANES_C: number, DEPTH: number): WinogradBlock => ({ LANES_T, LANES_C, DEPTH });
const shuffled = (LANES_S: number): WinogradBlock => ({ LANES_S });

// The first of each list is the standard. Small tiles leave no lane idle on the deepest maps; large ones read less of the border twice.
const tiles = [
  tile(4, 16, 4),
  tile(4, 8, 4),
  tile(8, 8, 4),
  tile(4, 16, 8),
  tile(8, 16, 2),
  tile(8, 16, 4),
  tile(16, 4, 4),
  tile(16, 16, 1),
];
// From 64 x 64 up, and flat ones for maps of few tiles.
const matrices = [
  products(8, 8, 8),
  products(8, 8, 16),
  products(16, 8, 8),
  products(16, 16, 8),
  products(4, 8, 16),
  products(4, 16, 8),
  shuffled(64),
  shuffled(128),
];
const squares = [pixels(8, 8), pixels(16, 4), pixels(32, 2), pixels(16, 8), pixels(16, 16)];
const rows = [columns(64, 64), columns(32, 64), columns(128, 64), columns(64, 32), columns(128, 128)];

/** What a tuning tries for each kernel, the standard first. */
export const candidates: { readonly [K in TunableKernel]: readonly Blocks[K][] } = {
  "conv2d-forward": tiles,
  "winograd-product": matrices,
  "conv2d-forward-f16": tiles,
  "conv2d-backward-input": tiles,
  "winograd-backward-input": matrices,
  "conv2d-backward-weight": rows,
  "conv-transpose2d-forward": squares,
  "conv-transpose2d-backward-input": squares,
  "conv-transpose2d-backward-weight": rows,
};

/** The block that a kernel takes where no tuning says otherwise. */
export function standardBlock<K extends TunableKernel>(kernel: K): Blocks[K] {
  return candidates[kernel][0]!;
}

/** The feature that a kernel needs with a block, beyond what every device has. */
export function featureOf(kernel: TunableKernel, block: Blocks[TunableKernel]): "shader-f16" | "subgroups" | null {
  if (kernel === "conv2d-forward-f16") return "shader-f16";
  return "LANES_S" in block ? "subgroups" : null;
}

/** The limit or feature of which a device is short for a kernel with a block and a layer, with what it needs and what there is; null where it fits. */
export function exceeds(
  kernel: TunableKernel,
  block: Blocks[TunableKernel],
  { CI, CO, K }: LayerShape,
  { limits, features, adapterInfo }: BlockDevice,
): string | null {
  const feature = featureOf(kernel, block);
  if (feature && !features.has(feature)) return `${feature}, and this device has none`;
  const members = adapterInfo?.subgroupMaxSize ?? 128;
  if ("LANES_S" in block && block.LANES_S % members)
    return `subgroup of ${block.LANES_S} or a part of it, and this device's have up to ${members}`;
  const [x, y] = sidesOf(block);
  const quads = (channels: number) => Math.ceil(channels / 4) * 4;
  const needs: readonly (readonly [keyof BlockLimits, number])[] = [
    ["maxComputeInvocationsPerWorkgroup", x * y],
    ["maxComputeWorkgroupSizeX", x],
    ["maxComputeWorkgroupSizeY", y],
    ["maxComputeWorkgroupStorageSize", storageOf(kernel, block, K)],
    // Transformed weights are four times as large, forward and backward.
    ["maxStorageBufferBindingSize", kernel.startsWith("winograd") ? 36 * quads(CI) * quads(CO) * 4 : 0],
  ];
  const short = needs.find(([limit, need]) => need > limits[limit]);
  return short ? `${short[0]} of ${short[1]}, and this device has ${limits[short[0]]}` : null;
}

function sidesOf(block: Blocks[TunableKernel]): readonly [x: number, y: number] {
  if ("LANES" in block) return [block.LANES, 1];
  if ("LANES_S" in block) return [block.LANES_S, 1];
  return "LANES_T" in block ? [block.LANES_T, block.LANES_C] : [block.LANES_X, block.LANES_Y];
}

/** Bytes of workgroup memory, as the kernels declare it. */
function storageOf(kernel: TunableKernel, block: Blocks[TunableKernel], K: number): number {
  if ("LANES" in block) return block.SPAN * 4 * 16;
  if (!("DEPTH" in block)) return 0;
  if ("LANES_T" in block) return block.DEPTH * 8 * (block.LANES_T + block.LANES_C) * 4;
  const { LANES_X, LANES_Y, DEPTH } = block;
  const pixels = DEPTH * (LANES_Y + K - 1) * (LANES_X * 4 + K);
  const taps = DEPTH * K * K * 2 * 4;
  // Half precision takes two bytes a value, and room of its own for the pooling.
  if (kernel === "conv2d-forward-f16") return Math.ceil(pixels / 8) * 16 + taps * 2 + LANES_X * LANES_Y * 16;
  return Math.ceil(pixels / 4) * 16 + taps * 4;
}
