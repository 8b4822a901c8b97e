// A closed contour on a raster of pixels.

/** A point in pixels: row 0, column 0 is the centre of the first pixel. */
export type RasterPoint = readonly [row: number, column: number];

/**
 * Visits every pixel whose centre lies inside a closed contour.
 *
 * A centre is inside when a ray from it towards growing columns crosses the contour an odd number of times (the even-odd
 * rule), so a contour that runs inside another, or one that reaches its hole through a keyhole, leaves the hole out. Sides are
 * half-open: a centre exactly on the contour is inside where the region lies towards growing rows or columns of it, and
 * outside where it lies the other way, so that two regions that share a side share no pixel and leave none out.
 *
 * @param contour  at least three points; the last joins the first
 * @param flip     called for each pixel that lies inside
 */
export function eachPixelInside(
  contour: readonly RasterPoint[],
  rows: number,
  columns: number,
  flip: (row: number, column: number) => void,
): void {
  let [low, high] = [Infinity, -Infinity];
  for (const [r] of contour) {
    if (r < low) low = r;
    if (r > high) high = r;
  }
  for (let row = Math.max(0, Math.ceil(low)); row <= Math.min(rows - 1, Math.floor(high)); row++) {
    const crossings: number[] = [];
    for (let i = 0, j = contour.length - 1; i < contour.length; j = i++) {
      const [r0, c0] = contour[j]!;
      const [r1, c1] = contour[i]!;
      // A side counts from its upper end, without its lower one.
      if (r0 <= row === r1 <= row) continue;
      crossings.push(c0 + ((row - r0) / (r1 - r0)) * (c1 - c0));
    }
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.ceil(crossings[k]!));
      for (let column = from; column < Math.min(columns, crossings[k + 1]!); column++) flip(row, column);
    }
  }
}
