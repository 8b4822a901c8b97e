// Winograd's F(6x6, 3x3): tiles of 6 x 6 pixels take 64 products where F(4x4, 3x3) takes 81, for three times its rounding error.
//
// Formulas and layouts are those of winograd-layout.ts with 8 x 8 input pixels, 64 positions, and the points 0, 1/2, -1/2, 1, -1, 2, -2 and infinity: of
// all triples of eighths these have about the least rounding error, and most constants are powers of two. In one direction,
//
//   B' d:  21/4 (d2 - d4) + d6 - d0  at 0,      d6 - S d4 + P d2 +- p (d5 - S d3 + P d1)  at +-p,      21/4 (d3 - d5) + d7 - d1  at infinity,
//   A' m:  sum over the points of p^k m[p] for k = 0 .. 5, and m at infinity for k = 5,
//
// where S and P are the sum and the product of the squares of the other two points.
import { fmaF32x4, fnmaF32x4 } from "./fma";
import { LINE } from "./winograd-layout";

// Constants lie in memory because an engine loads and spreads one in a single instruction, where it rebuilds a v128 literal by three.
const CONSTANTS = memory.data<f32>([5.25, 5, 4, 4.25, 1.25, 0.25, 0.5, 2, 0.125, 8, 0.0625, 16, 0.03125, 32]);

/** Byte offsets into the constants. */
const C21_4: usize = 0;
const C5: usize = 4;
const C4: usize = 8;
const C17_4: usize = 12;
const C5_4: usize = 16;
const C1_4: usize = 20;
const C1_2: usize = 24;
const C2: usize = 28;
const C1_8: usize = 32;
const C8: usize = 36;
const C1_16: usize = 40;
const C16: usize = 44;
const C1_32: usize = 48;
const C32: usize = 52;

/** A constant in four lanes. */
function constant(offset: usize): v128 {
  return v128.load32_splat(CONSTANTS + offset);
}

/**
 * B' down the columns of a run of tiles of 4 channels, into scratch [8, 6 * run + 2, 4], whose lines are LINE bytes apart.
 *
 * @param rows, columns  what the image has from x on, its border included; beyond it is zero
 * @param scratch        16 lines
 */
export function downColumnsSix(x: usize, row: usize, rows: i32, columns: i32, run: i32, scratch: usize): void {
  const wanted = 6 * run + 2;
  const bytes = (<usize>min(wanted, columns)) << 4;
  if (rows < 8) {
    const copy = scratch + 8 * LINE;
    memory.fill(copy, 0, 8 * LINE);
    for (let i = 0; i < rows; i++, x += row) memory.copy(copy + <usize>i * LINE, x, bytes);
    x = copy;
    row = LINE;
  }
  atPoints(x, row, 16, x + bytes, scratch, LINE, 16);
  if (wanted <= columns) return;
  for (let line = scratch, end = scratch + 8 * LINE; line < end; line += LINE) memory.fill(line + bytes, 0, (<usize>(wanted - columns)) << 4);
}

/** B' along the rows of one tile of them, into v, whose positions are `stride` bytes apart. */
export function alongRowsSix(scratch: usize, v: usize, stride: usize): void {
  atPoints(scratch, 16, LINE, scratch + 8 * LINE, v, stride, 8 * stride);
}

/** B' in one direction: from x to `end`, `next` bytes further each time, 8 vectors `step` bytes apart into 8 others, `stride` and, each time, `nextY` bytes apart. */
function atPoints(x: usize, step: usize, next: usize, end: usize, y: usize, stride: usize, nextY: usize): void {
  for (; x < end; x += next, y += nextY) {
    let from = x;
    const d0 = v128.load(from);
    const d1 = v128.load((from += step));
    const d2 = v128.load((from += step));
    const d3 = v128.load((from += step));
    const d4 = v128.load((from += step));
    const d5 = v128.load((from += step));
    const d6 = v128.load((from += step));
    const d7 = v128.load(from + step);
    let to = y;
    v128.store(to, fmaF32x4(f32x4.sub(d2, d4), constant(C21_4), f32x4.sub(d6, d0)));
    const evenA = fmaF32x4(d2, constant(C4), fnmaF32x4(d4, constant(C5), d6));
    const oddA = fmaF32x4(d1, constant(C4), fnmaF32x4(d3, constant(C5), d5));
    v128.store((to += stride), fmaF32x4(oddA, constant(C1_2), evenA));
    v128.store((to += stride), fnmaF32x4(oddA, constant(C1_2), evenA));
    const evenB = fnmaF32x4(d4, constant(C17_4), f32x4.add(d2, d6));
    const oddB = fnmaF32x4(d3, constant(C17_4), f32x4.add(d1, d5));
    v128.store((to += stride), f32x4.add(evenB, oddB));
    v128.store((to += stride), f32x4.sub(evenB, oddB));
    const evenC = fmaF32x4(d2, constant(C1_4), fnmaF32x4(d4, constant(C5_4), d6));
    const oddC = fmaF32x4(d1, constant(C1_4), fnmaF32x4(d3, constant(C5_4), d5));
    v128.store((to += stride), fmaF32x4(oddC, constant(C2), evenC));
    v128.store((to += stride), fnmaF32x4(oddC, constant(C2), evenC));
    v128.store(to + stride, fmaF32x4(f32x4.sub(d3, d5), constant(C21_4), f32x4.sub(d7, d1)));
  }
}

/** pixels [6, 6, 4] = A' m A + bias of one tile of 4 channels, the positions of m `stride` bytes apart. `scratch` takes 768 bytes. */
export function outputSix(m: usize, stride: usize, bias: v128, scratch: usize, pixels: usize): void {
  ofPowers(8, m, 8 * stride, stride, f32x4.splat(0), scratch, 128, 16);
  ofPowers(6, scratch, 16, 128, bias, pixels, 16, 96);
}

/** A' in one direction, plus bias: `times` times 8 vectors, `step` bytes apart and `next` bytes from one time to the other, into 6 others, `stride` and `nextY` bytes apart. */
function ofPowers(times: usize, m: usize, step: usize, next: usize, bias: v128, y: usize, stride: usize, nextY: usize): void {
  for (const end = m + times * next; m < end; m += next, y += nextY) {
    let from = m;
    const m0 = v128.load(from);
    const m1 = v128.load((from += step));
    const m2 = v128.load((from += step));
    const m3 = v128.load((from += step));
    const m4 = v128.load((from += step));
    const m5 = v128.load((from += step));
    const m6 = v128.load((from += step));
    const m7 = v128.load(from + step);
    const evenA = f32x4.add(m1, m2);
    const oddA = f32x4.sub(m1, m2);
    const evenB = f32x4.add(f32x4.add(m3, m4), bias);
    const oddB = f32x4.add(f32x4.sub(m3, m4), bias);
    const evenC = f32x4.add(m5, m6);
    const oddC = f32x4.sub(m5, m6);
    let to = y;
    v128.store(to, f32x4.add(f32x4.add(f32x4.add(m0, evenB), evenA), evenC));
    v128.store((to += stride), fmaF32x4(oddC, constant(C2), fmaF32x4(oddA, constant(C1_2), oddB)));
    v128.store((to += stride), fmaF32x4(evenC, constant(C4), fmaF32x4(evenA, constant(C1_4), evenB)));
    v128.store((to += stride), fmaF32x4(oddC, constant(C8), fmaF32x4(oddA, constant(C1_8), oddB)));
    v128.store((to += stride), fmaF32x4(evenC, constant(C16), fmaF32x4(evenA, constant(C1_16), evenB)));
    v128.store(to + stride, fmaF32x4(oddC, constant(C32), fmaF32x4(oddA, constant(C1_32), f32x4.add(oddB, m7))));
  }
}
