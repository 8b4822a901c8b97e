import { GROUP, SCRATCH, blockArraysBytes, blockOf, positionBytes, positionsOf } from "./winograd-layout";
import { winogradInput } from "./winograd-input";
import { winogradOutput } from "./winograd-output";
import { winogradProduct } from "./winograd-product";

/** Bytes of the workspace that `conv2dWinograd` needs for tiles of `side` pixels. */
export function winogradWorkspaceBytes(CI: i32, CO: i32, side: i32): f64 {
  return <f64>(SCRATCH + blockArraysBytes((CI + 7) & ~7, (CO + 7) & ~7, side));
}

/**
 * 3x3 convolution with padding 1, bias, optional 2x2 max pooling and activation, by Winograd's F(4x4, 3x3) or F(6x6, 3x3): a quarter or a fifth of
 * the multiplications of conv2d.ts, for some more rounding error (winograd-layout.ts and winograd-six.ts have the formulas).
 *
 *   y[n, co, p] = activation(pool(bias[co] + sum over ci and taps t of weight[co, ci, t] * x[n, ci, p + t - (1, 1)]))
 *
 * @param x          N blocked images of CI channels, `xBytes` apart
 * @param u          the weights as winogradWeight leaves them
 * @param bias       f32 [ceil(CO / 8) * 8], zero beyond CO
 * @param activation see activation.ts
 * @param isPooled   whether to pool; H and W are then even
 * @param y          N blocked images of CO channels, H x W or (pooled) H/2 x W/2, `yBytes` apart
 * @param workspace  winogradWorkspaceBytes(CI, CO, side) bytes
 * @param side       pixels of a tile's side, 4 or 6; as u was made for
 */
export function conv2dWinograd(
  x: usize,
  xBytes: usize,
  N: i32,
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
  side: i32,
): void {
  const rows = (CI + 7) & ~7;
  const columns = (CO + 7) & ~7;
  const v = workspace + SCRATCH;
  const block = blockOf(rows, columns, side);
  const positions = positionsOf(side);
  const m = v + <usize>positions * positionBytes(block / GROUP, rows);
  const tiles = N * ((H + side - 1) / side) * ((W + side - 1) / side);
  for (let first = 0; first < tiles; first += block) {
    const count = min(block, tiles - first);
    winogradInput(x, xBytes, rows, H, W, first, count, side, v, workspace);
    winogradProduct(v, u, m, rows, columns, count, positions);
    winogradOutput(m, first, count, side, H, W, bias, columns, activation, isPooled, y, yBytes, workspace);
  }
}
