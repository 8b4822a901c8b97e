// How a convolution's work is cut for several threads. Any cut gives the same bits: no sum crosses a tile or a panel of 8 channels.
import type { Kernels } from "./kernels.ts";

/** A layer with at most this many tiles is cut by output channels, because each thread then reads only its own weights. */
const FEW_TILES = 96;
/** Tiles are dealt in multiples of whole groups: 6 with fused multiply-add, 4 without (assembly/winograd-layout.ts). */
const DEAL = 12;

/** The arguments of `conv2d`, `conv2dWinograd` and `convTranspose2d`, in the order of their parameters. */
export type DirectArguments = Parameters<Kernels["conv2d"]>;
export type WinogradArguments = Parameters<Kernels["conv2dWinograd"]>;
export type TransposedArguments = Parameters<Kernels["convTranspose2d"]>;

/** Part `part` of `parts` of a direct convolution: some panels of 8 output channels. */
export function runDirect(exports: Kernels, args: DirectArguments, part: number, parts: number): void {
  const [x, CI, H, W, weight, bias, CO, activation, y] = args;
  const panels = (CO + 7) >> 3;
  const [first, end] = [share(panels, part, parts), share(panels, part + 1, parts)];
  if (first === end) return;
  const image = exports.blockedBytes(16, H, W) - exports.blockedBytes(8, H, W);
  const channels = Math.min(CO, end * 8) - first * 8;
  exports.conv2d(x, CI, H, W, weight + first * CI * 288, bias + first * 32, channels, activation, y + first * image);
}

/** Part `part` of `parts` of a convolution by Winograd's method: some tiles, or some panels of output channels. */
export function runWinograd(exports: Kernels, args: WinogradArguments, part: number, parts: number): void {
  const [x, xBytes, N, CI, H, W, u, bias, CO, activation, isPooled, y, yBytes, workspace] = args;
  const tiles = N * ((H + 3) >> 2) * ((W + 3) >> 2);
  const panels = (CO + 7) >> 3;
  const isByChannel = tiles <= FEW_TILES && panels >= parts;
  const deals = Math.ceil(tiles / DEAL);
  const [firstTile, endTile] = isByChannel
    ? [0, tiles]
    : [share(deals, part, parts) * DEAL, Math.min(tiles, share(deals, part + 1, parts) * DEAL)];
  const [firstPanel, endPanel] = isByChannel ? [share(panels, part, parts), share(panels, part + 1, parts)] : [0, panels];
  exports.conv2dWinogradPart(
    x,
    xBytes,
    CI,
    H,
    W,
    u,
    bias,
    CO,
    activation,
    isPooled,
    y,
    yBytes,
    workspace,
    firstTile,
    endTile,
    firstPanel,
    endPanel,
  );
}

/** Part `part` of `parts` of a transposed convolution: some rows of its input. */
export function runTransposed(exports: Kernels, args: TransposedArguments, part: number, parts: number): void {
  const [x, CI, H, W, packed, bias, CO, y] = args;
  exports.convTranspose2dRows(x, CI, H, W, packed, bias, CO, y, share(H, part, parts), share(H, part + 1, parts));
}

function share(total: number, part: number, parts: number): number {
  return Math.round((total * part) / parts);
}
