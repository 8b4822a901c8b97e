// Slices that do not stack to a box: sheared by a tilted gantry, or unevenly spaced. dcm2niix offers both corrections, but
// leaves the origin in place for tilts of one sign and cuts the end off an uneven series, so the plain stack is corrected here.
import type { RawImage, Xyz } from "./canonical.ts";

/** The decoded slices of a series where the headers say they lie; all are parallel and of one size. */
export interface Stack {
  /** Values (slice, row, column), slices in the order of `positions`. */
  readonly data: Float32Array;
  /** Centre of the first pixel of each slice, LPS, mm, ascending along the normal. */
  readonly positions: readonly Xyz[];
  /** Direction in which the column index grows, and the row index; their cross product. */
  readonly row: Xyz;
  readonly column: Xyz;
  readonly normal: Xyz;
  /** Distance between rows, and between columns, mm. */
  readonly pixelSpacing: readonly [number, number];
  readonly isSheared: boolean;
  readonly isUneven: boolean;
}

const dot = (a: Xyz, b: Xyz) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/**
 * The stack on a grid with right angles and even spacing: same planes, same pixels, slices from the first to the last
 * plane at (about) the usual distance. Values are interpolated linearly, within the slice to undo a shear and between
 * the two nearest slices to undo uneven spacing; the grid grows to hold every slice, and where no slice reaches it has the
 * lowest value of the scan.
 *
 * @param rows, columns  size of a slice
 * @param spacing        the usual distance between slices, mm
 */
export function rectify(stack: Stack, rows: number, columns: number, spacing: number): RawImage {
  const { data, positions, row, column, normal, pixelSpacing } = stack;
  const from = positions[0]!;
  const offset = positions.map((p): Xyz => [p[0] - from[0], p[1] - from[1], p[2] - from[2]]);
  const along = offset.map((d) => dot(d, normal));
  // Where each slice begins, in pixels of the first slice.
  const right = offset.map((d) => dot(d, row) / pixelSpacing[1]);
  const down = offset.map((d) => dot(d, column) / pixelSpacing[0]);

  const count = Math.round(along.at(-1)! / spacing) + 1;
  const step = along.at(-1)! / (count - 1);
  const [left, top] = [Math.floor(Math.min(...right) + 1e-3), Math.floor(Math.min(...down) + 1e-3)];
  const [nx, ny] = [Math.ceil(Math.max(...right) - 1e-3) - left + columns, Math.ceil(Math.max(...down) - 1e-3) - top + rows];
  let lowest = Infinity;
  for (const value of data) if (value < lowest) lowest = value;

  const out = new Float32Array(count * ny * nx);
  const layer = new Float32Array(ny * nx);
  for (let j = 0, below = 0; j < count; j++) {
    const t = j * step;
    while (below < along.length - 2 && along[below + 1]! <= t) below++;
    const above = Math.min(below + 1, along.length - 1);
    const weight = above === below ? 0 : Math.min(1, Math.max(0, (t - along[below]!) / (along[above]! - along[below]!)));
    const target = out.subarray(j * ny * nx, (j + 1) * ny * nx);
    const place = (k: number, into: Float32Array) =>
      shift(
        data.subarray(k * rows * columns, (k + 1) * rows * columns),
        rows,
        columns,
        down[k]! - top,
        right[k]! - left,
        into,
        ny,
        nx,
        lowest,
      );
    place(weight > 1 - 1e-6 ? above : below, target);
    if (weight > 1e-6 && weight < 1 - 1e-6) {
      place(above, layer);
      for (let i = 0; i < target.length; i++) target[i] = target[i]! * (1 - weight) + layer[i]! * weight;
    }
  }
  const scaled = (v: Xyz, s: number): Xyz => [v[0] * s, v[1] * s, v[2] * s];
  const [x, y, z] = [scaled(row, pixelSpacing[1]), scaled(column, pixelSpacing[0]), scaled(normal, step)];
  return {
    data: out,
    size: [nx, ny, count],
    steps: [x, y, z],
    origin: [0, 1, 2].map((c) => from[c]! + left * x[c]! + top * y[c]!) as unknown as Xyz,
  };
}

/** Draws a slice into a larger one with its first pixel at (down, right), by bilinear interpolation; the rest is filled. */
function shift(
  slice: Float32Array,
  rows: number,
  columns: number,
  down: number,
  right: number,
  into: Float32Array,
  ny: number,
  nx: number,
  fill: number,
): void {
  // A slice that sits on the raster to 1/1000 of a pixel is copied, not blurred.
  const snapped = (v: number) => (Math.abs(v - Math.round(v)) < 1e-3 ? Math.round(v) : v);
  const [dy, dx] = [snapped(down), snapped(right)];
  for (let y = 0, i = 0; y < ny; y++) {
    const r = y - dy;
    const r0 = Math.floor(r);
    const wr = r - r0;
    for (let x = 0; x < nx; x++, i++) {
      const c = x - dx;
      const c0 = Math.floor(c);
      const wc = c - c0;
      const at = (rr: number, cc: number) => (rr < 0 || cc < 0 || rr >= rows || cc >= columns ? fill : slice[rr * columns + cc]!);
      let value = (1 - wr) * (1 - wc) * at(r0, c0);
      if (wc > 0) value += (1 - wr) * wc * at(r0, c0 + 1);
      if (wr > 0) value += wr * (1 - wc) * at(r0 + 1, c0);
      if (wr > 0 && wc > 0) value += wr * wc * at(r0 + 1, c0 + 1);
      into[i] = value;
    }
  }
}
