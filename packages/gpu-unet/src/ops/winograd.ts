// A 3x3 convolution by Winograd's F(4x4, 3x3): a quarter of the multiplications, for more rounding error and memory. Derived in docs/winograd.md.
import type { WinogradBlock } from "../blocks.ts";
import { ShapeError } from "../errors.ts";
import type { Gpu, Pass } from "../gpu.ts";
import { createTensor, createUniform, tensorIn, upload } from "../tensor.ts";
import type { Filters, Images, Tensor, Vector } from "../tensor.ts";
import { activationCode } from "./activation.ts";
import type { Activation } from "./activation.ts";
import type { Pool } from "./conv2d.ts";

/** Transformed weights; the columns are the channels that come out, rounded up to a multiple of 4. */
export type WinogradWeight = Tensor<readonly [positions: number, ci: number, columns: number]>;

/** Which way a layer is gone through: backward to its input, its output's gradient comes in and its input's goes out. */
export type Direction = "forward" | "backward";

/** Values of the transform of a tile, or of a filter. */
const POSITIONS = 36;
/** Tiles come in multiples of this: no block of the product is wider. */
const TILES = 128;
/** 32 MiB for each of the scratch's two arrays: far below any device's limits, and near its cache. */
const VALUES = 2 ** 23;

/** A layer's sizes, N images of them; CI channels come in and CO go out, whichever way. */
interface LayerSizes {
  readonly N: number;
  readonly CI: number;
  readonly CO: number;
  readonly H: number;
  readonly W: number;
}

/** Memory for the transforms of a chunk of tiles; every layer takes its turn in it. */
export interface WinogradScratch {
  readonly input: Tensor;
  readonly products: Tensor;
  /** Zeros: the bias of what has none. */
  readonly zeros: Tensor;
  /** The number of each chunk, from 0. */
  readonly chunks: readonly Tensor[];
}

/**
 * Scratch that is enough for each of these layers; to be called inside `gpu.guarded`.
 *
 * @param most  values of each array, as long as TILES tiles do not need more: larger layers take several chunks
 */
export function createWinogradScratch(gpu: Gpu, layers: readonly LayerSizes[], most = VALUES): WinogradScratch {
  const needs = layers.map((layer) => {
    const values = POSITIONS * Math.max(layer.CI, layer.CO);
    const all = Math.ceil(tilesOf(layer) / TILES) * TILES;
    return values * Math.min(all, Math.max(TILES, Math.floor(most / values / TILES) * TILES));
  });
  const values = Math.max(...needs);
  const input = createTensor(gpu, "winograd: input", [values]);
  const products = createTensor(gpu, "winograd: products", [values]);
  const zeros = createTensor(gpu, "winograd: no bias", [Math.max(...layers.map(({ CO }) => CO))]);
  const count = Math.max(...layers.map((layer) => Math.ceil(tilesOf(layer) / tilesAChunk(values, layer))));
  const chunks = Array.from({ length: count }, (_, chunk) => {
    const uniform = createUniform(gpu, `winograd: chunk ${chunk}`, 1);
    upload(gpu, uniform, Uint32Array.of(chunk));
    return uniform;
  });
  return { input, products, zeros, chunks };
}

/** Every buffer of a scratch. */
export function winogradBuffers({ input, products, zeros, chunks }: WinogradScratch): GPUBuffer[] {
  return [input, products, zeros, ...chunks].map(({ buffer }) => buffer);
}

/** The shape of a layer's transformed weights. */
export function winogradWeightShape([CO, CI]: Filters["shape"], direction: Direction): WinogradWeight["shape"] {
  const [into, out] = direction === "forward" ? [CI, CO] : [CO, CI];
  return [POSITIONS, into, Math.ceil(out / 4) * 4];
}

/** Records u, the transformed weight; formula in kernels/winograd-weight.wgsl. */
export function winogradWeight(gpu: Gpu, pass: Pass, weight: Filters, u: WinogradWeight, direction: Direction): void {
  const [K, KW] = weight.shape.slice(2);
  if (K !== 3 || KW !== 3) throw new ShapeError(`winograd: the kernel must be 3 x 3, weight.shape is [${weight.shape}]`);
  const shape = winogradWeightShape(weight.shape, direction);
  if (u.shape.join() !== shape.join()) throw new ShapeError(`winograd: u must be [${shape}], its shape is [${u.shape}]`);
  const CO = direction === "forward" ? weight.shape[0] : weight.shape[1];
  const sizes = { CI: shape[1], CO, IS_BACKWARD: direction === "forward" ? 0 : 1 };
  gpu.run(pass, "winograd-weight", sizes, [weight, u], [Math.ceil(shape[2] / 64), shape[1], 1]);
}

/** Records dx, the gradient of a layer's input, from the weight that was transformed for the way back: conv2dBackwardInput's by Winograd's method. */
export function winogradBackwardInput(
  gpu: Gpu,
  pass: Pass,
  dy: Images,
  u: WinogradWeight,
  dx: Images,
  block: WinogradBlock,
  scratch: WinogradScratch,
): void {
  const bias: Vector = tensorIn(scratch.zeros.buffer, scratch.zeros.label, [dx.shape[1]]);
  winogradForward(gpu, pass, dy, u, bias, dx, null, 1, block, scratch);
}

/**
 * Records y = pool(activation(conv2d(x, weight) + bias)) from the transformed weight, chunk of tiles by chunk; formulas in
 * kernels/winograd-input.wgsl, winograd-product.wgsl (or winograd-product-subgroup.wgsl) and winograd-output.wgsl.
 */
export function winogradForward(
  gpu: Gpu,
  pass: Pass,
  x: Images,
  u: WinogradWeight,
  bias: Vector,
  y: Images,
  activation: Activation | null,
  POOL: Pool,
  block: WinogradBlock,
  scratch: WinogradScratch,
): void {
  const [N, CI, H, W] = x.shape;
  const [CO] = bias.shape;
  const weights = winogradWeightShape([CO, CI, 3, 3], "forward");
  if (u.shape.join() !== weights.join()) {
    throw new ShapeError(`winograd: u is [${u.shape}] and should be [${weights}] for ${CI} to ${CO} channels`);
  }
  const shape = [N, CO, Math.floor(H / POOL), Math.floor(W / POOL)];
  if (y.shape.join() !== shape.join()) throw new ShapeError(`winograd: y must be [${shape}], its shape is [${y.shape}]`);
  const tiles = tilesOf({ N, CI, CO, H, W });
  const most = tilesAChunk(scratch.input.shape[0]!, { CI, CO });
  if (most === 0 || Math.ceil(tiles / most) > scratch.chunks.length)
    throw new ShapeError("winograd: the scratch was made for smaller layers");
  for (let first = 0, chunk = 0; first < tiles; first += most, chunk++) {
    const here = Math.min(most, tiles - first);
    const number = scratch.chunks[chunk]!;
    gpu.run(pass, "winograd-input", { CI, H, W, TILES: most }, [x, number, scratch.input], [Math.ceil(here / 64), CI, 1]);
    const [kernel, lanesT, lanesC] =
      "LANES_S" in block
        ? (["winograd-product-subgroup", block.LANES_S, 1] as const)
        : (["winograd-product", block.LANES_T, block.LANES_C] as const);
    const grid = [Math.ceil(here / (8 * lanesT)), Math.ceil(CO / (8 * lanesC)), POSITIONS] as const;
    gpu.run(pass, kernel, { CI, CO, TILES: most, ...block }, [u, scratch.input, scratch.products], grid);
    const sizes = { CO, H, W, TILES: most, ACTIVATION: activationCode(activation), POOL };
    gpu.run(pass, "winograd-output", sizes, [scratch.products, bias, number, y], [Math.ceil(here / 64), CO, 1]);
  }
}

function tilesOf({ N, H, W }: LayerSizes): number {
  return N * Math.ceil(H / 4) * Math.ceil(W / 4);
}

/** Tiles of a layer that scratch of this many values holds: a multiple of TILES. */
function tilesAChunk(values: number, { CI, CO }: Pick<LayerSizes, "CI" | "CO">): number {
  return Math.floor(values / (POSITIONS * Math.max(CI, CO) * TILES)) * TILES;
}
