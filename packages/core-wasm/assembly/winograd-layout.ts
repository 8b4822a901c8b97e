// The matrices of Winograd's F(4x4, 3x3) and the layout of its intermediate arrays.
//
// The output is cut into tiles of 4 x 4 pixels. With the tile's 6 x 6 input pixels d[ci], the weights g[co,ci] and the matrices below,
//
//   y[co] = A' (sum over ci of  (G g[co,ci] G') * (B' d[ci] B)) A,      * element by element,   ' transposed
//
// so that for each of the 36 elements ("positions") the sum is a product of matrices, tiles x CI times CI x CO.
//
// The matrices evaluate polynomials at the points 0, a, -a, b, -b and infinity:
//
//   B' = | a^2 b^2    0    -(a^2+b^2)    0      1  0 |     A' = | 1  1    1   1    1  0 |     G = rows [1 p p^2] / n(p), n(p) = product
//        |  0    -a b^2     -b^2         a      1  0 |          | 0  a   -a   b   -b  0 |         of (p - q) over the other points q; for
//        |  0     a b^2     -b^2        -a      1  0 |          | 0 a^2  a^2 b^2  b^2 0 |         infinity [0 0 1]
//        |  0    -b a^2     -a^2         b      1  0 |          | 0 a^3 -a^3 b^3 -b^3 1 |
//        |  0     b a^2     -a^2        -b      1  0 |
//        |  0   a^2 b^2      0      -(a^2+b^2)  0  1 |
//
// a = 5/8 and b = 3/2 halve the rounding error of the usual 1 and 2 (measured over a grid of sixteenths; all constants are exact in f32).
//
// @see Lavin & Gray 2016 for the algorithm; Barabasz et al. 2020 for the choice of points.

/** The first pair of points is +-a. */
export const POINT_A: f32 = 0.625;
/** The second pair of points is +-b. */
export const POINT_B: f32 = 1.5;

/** Tiles that one step of the product holds in registers: 6 with fused multiply-add, 4 without, where 6 would spill. */
export const GROUP: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 4;

/** Tiles of a row whose columns are transformed together, so few that what they leave stays in the first-level cache. */
export function runOf(side: i32): i32 {
  return side == 4 ? 24 : 16;
}

/** Bytes of a line of their columns: 24 x 4 + 2 = 16 x 6 + 2 vectors. */
export const LINE: usize = 1568;
/** Bytes of scratch in front of a workspace's arrays: twice the 8 lines of a run. */
export const SCRATCH: usize = 25088;

/** Bytes of transformed weights up to which a block of tiles of 4 x 4, or of 6 x 6, is small. */
const NEAR: i32 = 3 << 20;
const NEAR_SIX: i32 = 8 << 20;

/**
 * Tiles that go through the three steps together, a multiple of GROUP: few where the second-level cache then holds what the steps hand on;
 * many where the weights come from further away, so that each reading of them serves more tiles. (Measured on 1 MiB of cache: up to 13 % either way.)
 *
 * @param CI    channels in, a multiple of 8; CO channels out, the same
 * @param side  pixels of a tile's side, 4 or 6
 */
export function blockOf(CI: i32, CO: i32, side: i32): i32 {
  if (side == 6) return 256 * CI * CO <= NEAR_SIX ? 18 - (18 % GROUP) : 66 - (66 % GROUP);
  return 144 * CI * CO <= NEAR ? 24 : 96;
}

/** Numbers of a transformed tile whose output has `side` pixels a side, 4 or 6. */
export function positionsOf(side: i32): i32 {
  return (side + 2) * (side + 2);
}

/** Bytes of the intermediate arrays of a block, v and m. */
export function blockArraysBytes(CI: i32, CO: i32, side: i32): usize {
  const groups = blockOf(CI, CO, side) / GROUP;
  return <usize>positionsOf(side) * (positionBytes(groups, CI) + positionBytes(groups, CO));
}

// Intermediate arrays hold a block of tiles, in groups of GROUP; CI and CO are filled up with zeros to multiples of 8:
//
//   v  [36][groups][CI / 8][GROUP][8]      transformed input
//   u  [36][CO / 8][CI][8]                 transformed weights
//   m  [36][CO / 8][groups * GROUP][8]     products
//
// A position's part of v and m ends with one spare cache line: strides that are multiples of 4096 would put all 36 positions of a pixel
// into one set of the first-level cache.

/** Bytes of one position of v (with C = CI) or m (with C = CO). */
export function positionBytes(groups: i32, C: i32): usize {
  return ((<usize>(groups * GROUP * C)) << 2) + 64;
}

// Constants lie in memory because an engine loads and spreads one in a single instruction, where it rebuilds a v128 literal by three.
const CONSTANTS = memory.data<f32>([
  POINT_A,
  POINT_A * POINT_A,
  POINT_A * POINT_A * POINT_A,
  POINT_B,
  POINT_B * POINT_B,
  POINT_B * POINT_B * POINT_B,
  POINT_A * POINT_A + POINT_B * POINT_B,
  POINT_A * POINT_A * POINT_B * POINT_B,
]);
/** a */
export const A1: usize = 0;
/** a^2 */
export const A2: usize = 4;
/** a^3 */
export const A3: usize = 8;
/** b */
export const B1: usize = 12;
/** b^2 */
export const B2: usize = 16;
/** b^3 */
export const B3: usize = 20;
/** a^2 + b^2 */
export const A2_PLUS_B2: usize = 24;
/** a^2 b^2 */
export const A2_TIMES_B2: usize = 28;

/** One of the constants above in four lanes. */
export function constant(offset: usize): v128 {
  return v128.load32_splat(CONSTANTS + offset);
}
