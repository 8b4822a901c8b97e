// How a convolution's work is cut into parts for several threads. Any cut gives the same bits: no sum crosses a tile, a row or a panel of 8 channels.
import type { Kernels } from "./kernels.ts";

/** The kernels that a crew shares, by their numbers in a job. */
export const DIRECT = 0;
export const WINOGRAD = 1;
export const TRANSPOSED = 2;

/** Tiles times channels in and out that are worth a part: about a tenth of a millisecond. */
const WORTH = 2 ** 16;
/** A part is what is left, divided by so many for each thread: the first ones are large, which saves readings of what a part reads, and the last ones so small that all threads end together. */
const SLICES = 2;
/** Blocks for each thread from which on no block is shared, as none is that is worth less than two parts: who shares one transforms its input too. */
const WHOLE = 8;

/** What a thread asks before it writes what others read, and says after it. */
export interface Permit {
  /** Whether it may write; once it may not, it leaves the rest of the part to whoever took it over. */
  ask(): boolean;
  /** What it asked for is written. */
  written(): void;
}

/** A job cut into parts: how many, and what computes one of them, to the end unless the permit is refused. */
export interface Cut {
  readonly parts: number;
  run(part: number, permit: Permit): void;
}

/** The permit of a thread that nobody relieves. */
export const ALWAYS: Permit = { ask: () => true, written: () => {} };

/**
 * Cuts a job. Each thread makes the same cut for itself, once a job.
 *
 * @param args       the kernel's arguments in the order of its parameters
 * @param workspace  address of a workspace of the thread's own
 * @param threads    how many threads share it
 */
export function cutJob(exports: Kernels, kernel: number, args: readonly number[], workspace: number, threads: number): Cut {
  if (kernel === WINOGRAD) return cutWinograd(exports, args, workspace, threads);
  return kernel === DIRECT ? cutDirect(exports, args, threads) : cutTransposed(exports, args, threads);
}

/** Parts of a direct convolution: some rows each. */
function cutDirect(exports: Kernels, args: readonly number[], threads: number): Cut {
  const [x, CI, H, W, weight, bias, CO, activation, y] = args as Numbers<9>;
  return cutInto(cutPoints(H, least(W * CI * CO), threads), (from, to, permit) => {
    if (permit.ask()) exports.conv2dRows(x, CI, H, W, weight, bias, CO, activation, y, from, to);
  });
}

/** Parts of a transposed convolution: some rows of its input each. */
function cutTransposed(exports: Kernels, args: readonly number[], threads: number): Cut {
  const [x, CI, H, W, packed, bias, CO, y] = args as Numbers<8>;
  return cutInto(cutPoints(H, least((W * CI * CO) / 8), threads), (from, to, permit) => {
    if (permit.ask()) exports.convTranspose2dRows(x, CI, H, W, packed, bias, CO, y, from, to);
  });
}

/** Parts of a convolution by Winograd's method: some blocks of tiles each, as one thread would take them; in a layer of few blocks some panels of them. */
function cutWinograd(exports: Kernels, args: readonly number[], workspace: number, threads: number): Cut {
  const [x, xBytes, N, CI, H, W, u, bias, CO, activation, isPooled, y, yBytes, , side] = args as Numbers<15>;
  const tiles = N * Math.ceil(H / side) * Math.ceil(W / side);
  const blocks = Math.ceil(tiles / exports.winogradBlock(CI, CO, side));
  const group = exports.winogradGroup();
  const groups = Math.ceil(tiles / group);
  /** A block's first tile: each block has its share of the groups, none more than fit a workspace. */
  const tileOf = (block: number) => Math.min(tiles, Math.floor((block * groups) / blocks) * group);
  /** A block's work, in tiles of 4 x 4 pixels times channels. */
  const blockWorth = ((tiles / blocks) * CI * CO * (side + 2) ** 2) / 36;
  const panels = blocks < WHOLE * threads && blockWorth >= 2 * WORTH ? (CO + 7) >> 3 : 1;
  /** The block whose transformed input the workspace holds. */
  let held = -1;
  /** Some panels of one block of tiles. */
  const run = (block: number, firstPanel: number, endPanel: number, permit: Permit): boolean => {
    const [firstTile, endTile] = [tileOf(block), tileOf(block + 1)];
    const isHeld = block === held;
    held = block;
    exports.computeWinogradPart(x, xBytes, CI, H, W, u, CO, workspace, firstTile, endTile, firstPanel, endPanel, isHeld, side);
    if (!permit.ask()) return false;
    const isMax = isPooled !== 0;
    exports.writeWinogradPart(CI, H, W, bias, activation, isMax, y, yBytes, workspace, firstTile, endTile, firstPanel, endPanel, side);
    permit.written();
    return true;
  };
  return cutInto(cutPoints(blocks * panels, least(blockWorth / panels), threads), (from, to, permit) => {
    for (let at = from, next = from; at < to; at = next) {
      const block = Math.floor(at / panels);
      next = Math.min(to, (block + 1) * panels);
      const [firstPanel, endPanel] = panels === 1 ? [0, (CO + 7) >> 3] : [at - block * panels, next - block * panels];
      if (!run(block, firstPanel, endPanel, permit)) return;
    }
  });
}

type Numbers<N extends number, T extends number[] = []> = T["length"] extends N ? T : Numbers<N, [...T, number]>;

/** Pieces of `worth` tiles times channels in and out that make a part. */
function least(worth: number): number {
  return Math.max(1, Math.round(WORTH / worth));
}

/** Where 0 .. total is cut: the parts at both ends, with which threads begin, are the largest. No part is smaller than `least` pieces but the last one cut off. */
function cutPoints(total: number, least: number, threads: number): number[] {
  const [before, after]: [number[], number[]] = [[0], [total]];
  for (let [from, to, isFront] = [0, total, true]; from < to; isFront = !isFront) {
    const size = Math.min(to - from, Math.max(least, Math.ceil((to - from) / (SLICES * threads))));
    if (isFront) before.push((from += size));
    else after.unshift((to -= size));
  }
  return [...new Set([...before, ...after])];
}

function cutInto(points: readonly number[], run: (from: number, to: number, permit: Permit) => void): Cut {
  return { parts: points.length - 1, run: (part, permit) => run(points[part]!, points[part + 1]!, permit) };
}
