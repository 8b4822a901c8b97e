import { blockBytes } from "./blocked";
import { winogradInput } from "./winograd-input";
import { GROUP, SCRATCH, blockOf, positionBytes, positionsOf } from "./winograd-layout";
import { winogradOutput } from "./winograd-output";
import { winogradProduct } from "./winograd-product";

/** Tiles that one step of the product takes, of which a block has a whole number. */
export function winogradGroup(): i32 {
  return GROUP;
}

/** Tiles that `conv2dWinograd` takes through its three steps together, and the most that a part may have. */
export function winogradBlock(CI: i32, CO: i32, side: i32): i32 {
  return blockOf((CI + 7) & ~7, (CO + 7) & ~7, side);
}

/**
 * The first half of a part of what `conv2dWinograd` computes: at most `winogradBlock` tiles, of some panels of 8 output channels, as products in the
 * workspace. Parts that cover all of both give its bits, on whichever threads they run, because no sum crosses a tile or a panel. Threads need a
 * workspace each. Only the second half, `writeWinogradPart`, writes what others see, so that a thread may be relieved of a part until then.
 *
 * @param firstTile      tiles firstTile .. endTile - 1, row by row, image by image
 * @param firstPanel     panels firstPanel .. endPanel - 1 of ceil(CO / 8)
 * @param isTransformed  whether the workspace's last part was of the same tiles of the same call: their transformed input then lies there
 */
export function computeWinogradPart(
  x: usize,
  xBytes: usize,
  CI: i32,
  H: i32,
  W: i32,
  u: usize,
  CO: i32,
  workspace: usize,
  firstTile: i32,
  endTile: i32,
  firstPanel: i32,
  endPanel: i32,
  isTransformed: bool,
  side: i32,
): void {
  const rows = (CI + 7) & ~7;
  const columns = (endPanel - firstPanel) << 3;
  const panelBytes = (<usize>rows) << 5;
  const skipped = <usize>(((CO + 7) >> 3) - (endPanel - firstPanel)) * panelBytes;
  const v = workspace + SCRATCH;
  const count = endTile - firstTile;
  if (!isTransformed) winogradInput(x, xBytes, rows, H, W, firstTile, count, side, v, workspace);
  winogradProduct(v, u + <usize>firstPanel * panelBytes, products(workspace, count, rows, side), rows, columns, count, positionsOf(side), skipped);
}

/** The second half: what the first one left in the workspace, transformed back, with bias, pooling and activation. Parameters as above and in winograd.ts. */
export function writeWinogradPart(
  CI: i32,
  H: i32,
  W: i32,
  bias: usize,
  activation: i32,
  isPooled: bool,
  y: usize,
  yBytes: usize,
  workspace: usize,
  firstTile: i32,
  endTile: i32,
  firstPanel: i32,
  endPanel: i32,
  side: i32,
): void {
  const halvings: i32 = isPooled ? 1 : 0;
  const count = endTile - firstTile;
  const columns = (endPanel - firstPanel) << 3;
  const m = products(workspace, count, (CI + 7) & ~7, side);
  bias += (<usize>firstPanel) << 5;
  y += <usize>(firstPanel << 1) * blockBytes(H >> halvings, W >> halvings);
  winogradOutput(m, firstTile, count, side, H, W, bias, columns, activation, isPooled, y, yBytes, workspace);
}

/** Where a part's products lie: behind the transformed input of its tiles. */
function products(workspace: usize, count: i32, rows: i32, side: i32): usize {
  return workspace + SCRATCH + <usize>positionsOf(side) * positionBytes((count + GROUP - 1) / GROUP, rows);
}
