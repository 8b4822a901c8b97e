import { blockBytes } from "./blocked";
import { winogradInput } from "./winograd-input";
import { GROUP, SCRATCH, blockOf, positionBytes } from "./winograd-layout";
import { winogradOutput } from "./winograd-output";
import { winogradProduct } from "./winograd-product";

/** Tiles that `conv2dWinograd` takes through its three steps together, and the most that a part may have. */
export function winogradBlock(CI: i32, CO: i32): i32 {
  return blockOf((CI + 7) & ~7, (CO + 7) & ~7);
}

/**
 * A part of what `conv2dWinograd` computes: at most `winogradBlock` tiles, of some panels of 8 output channels. Parts that cover all of both give its
 * bits, on whichever threads they run, because no sum crosses a tile or a panel. Threads need a workspace each.
 *
 * @param firstTile      tiles firstTile .. endTile - 1, row by row, image by image
 * @param firstPanel     panels firstPanel .. endPanel - 1 of ceil(CO / 8)
 * @param isTransformed  whether the workspace's last part was of the same tiles of the same call: their transformed input then lies there
 */
export function conv2dWinogradPart(
  x: usize,
  xBytes: usize,
  CI: i32,
  H: i32,
  W: i32,
  u: usize,
  bias: usize,
  CO: i32,
  activation: i32,
  isPooled: bool,
  y: usize,
  yBytes: usize,
  workspace: usize,
  firstTile: i32,
  endTile: i32,
  firstPanel: i32,
  endPanel: i32,
  isTransformed: bool,
): void {
  const rows = (CI + 7) & ~7;
  const columns = (endPanel - firstPanel) << 3;
  const panelBytes = (<usize>rows) << 5;
  const skipped = <usize>(((CO + 7) >> 3) - (endPanel - firstPanel)) * panelBytes;
  const halvings: i32 = isPooled ? 1 : 0;
  const v = workspace + SCRATCH;
  const count = endTile - firstTile;
  const m = v + 36 * positionBytes((count + GROUP - 1) / GROUP, rows);
  u += <usize>firstPanel * panelBytes;
  bias += (<usize>firstPanel) << 5;
  y += <usize>(firstPanel << 1) * blockBytes(H >> halvings, W >> halvings);
  if (!isTransformed) winogradInput(x, xBytes, rows, H, W, firstTile, count, v, workspace);
  winogradProduct(v, u, m, rows, columns, count, skipped);
  winogradOutput(m, firstTile, count, H, W, bias, columns, activation, isPooled, y, yBytes, workspace);
}
