// A value between the voxels of an image, as ITK computes it, to the last bit.
import type { FileBox, Xyz } from "../../file-order.ts";

/** A part of an image in the order of its file. */
export interface FilePart {
  /** Voxels of the whole image along the axes of the file. */
  readonly size: Xyz;
  /** Which of them these are. */
  readonly box: FileBox;
  /** x fastest. */
  readonly values: Float64Array;
}

/** The value at a fractional index of the whole image. */
type ValueAt = (x: number, y: number, z: number) => number;

/**
 * Voxels around a part that its spline coefficients need: a filter's response to where it was begun falls by 0.268 a voxel, below the last
 * bit after 28, and the rounding of some more makes the rows the same bits.
 */
export const SPLINE_REACH = 44;

/**
 * Linear between the eight voxels around a place; beyond the outermost centres their value goes on.
 *
 * @param part  with a voxel on either side of each place
 */
export function linearIn({ size, box: { from, to }, values }: FilePart): ValueAt {
  const [nx, ny] = [to[0] - from[0], to[1] - from[1]];
  const low = (v: number) => Math.max(0, Math.floor(v));
  return (x, y, z) => {
    const [i, j, k] = [low(x), low(y), low(z)];
    const [dx, dy, dz] = [Math.max(0, x - i), Math.max(0, y - j), Math.max(0, z - k)];
    const at = ((k - from[2]) * ny + (j - from[1])) * nx + (i - from[0]);
    const [right, down, behind] = [i + 1 < size[0] ? 1 : 0, j + 1 < size[1] ? nx : 0, k + 1 < size[2] ? nx * ny : 0];
    const row = (a: number) => (dx === 0 ? values[a]! : values[a]! + (values[a + right]! - values[a]!) * dx);
    const plane = (a: number) => {
      const first = row(a);
      return dy === 0 ? first : first + (row(a + down) - first) * dy;
    };
    const first = plane(at);
    return dz === 0 ? first : first + (plane(at + behind) - first) * dz;
  };
}

/**
 * The cubic B-spline through the voxels, which goes on beyond the image as in a mirror at the outermost centres.
 *
 * @param part  with `SPLINE_REACH` voxels on either side of each place, or up to the image's edge; its values are used up
 */
export function splineIn(part: FilePart): ValueAt {
  const {
    size,
    box: { from, to },
    values,
  } = part;
  toCoefficients(part);
  const [nx, ny] = [to[0] - from[0], to[1] - from[1]];
  const [wx, wy, wz] = [new Float64Array(4), new Float64Array(4), new Float64Array(4)];
  const [ix, iy, iz] = [new Int32Array(4), new Int32Array(4), new Int32Array(4)];
  return (x, y, z) => {
    weigh(x, size[0], from[0], 1, wx, ix);
    weigh(y, size[1], from[1], nx, wy, iy);
    weigh(z, size[2], from[2], nx * ny, wz, iz);
    let sum = 0;
    for (let k = 0; k < 4; k++) {
      for (let j = 0; j < 4; j++) {
        const row = iz[k]! + iy[j]!;
        for (let i = 0; i < 4; i++) sum += wx[i]! * wy[j]! * wz[k]! * values[row + ix[i]!]!;
      }
    }
    return sum;
  };
}

/** The weights of four coefficients around a place, and where they lie. ITK looks for the place in 32 bits, and so may begin one further. */
function weigh(place: number, size: number, from: number, stride: number, weights: Float64Array, at: Int32Array): void {
  const first = Math.floor(Math.fround(place)) - 1;
  const w = place - (first + 1);
  const w3 = (1 / 6) * w * w * w;
  const w0 = 1 / 6 + 0.5 * w * (w - 1) - w3;
  const w2 = w + w0 - 2 * w3;
  weights[0] = w0;
  weights[1] = 1 - w0 - w2 - w3;
  weights[2] = w2;
  weights[3] = w3;
  for (let i = 0; i < 4; i++) {
    let index = first + i;
    if (index < 0) index = -index;
    if (index >= size) index = 2 * (size - 1) - index;
    // An image of two or three voxels is shorter than the spline: ITK reads beyond it, we its edge.
    at[i] = (Math.min(size - 1, Math.max(0, index)) - from) * stride;
  }
}

const POLE = Math.sqrt(3) - 2;
/** (1 - z)(1 - 1/z) is 6 but for a rounding. */
const GAIN = (1 - POLE) * (1 - 1 / POLE);
/** Terms of the first causal coefficient: what ITK leaves out is below 1e-10 of a voxel. */
const HORIZON = Math.ceil(Math.log(1e-10) / Math.log(Math.abs(POLE)));

/**
 * Values to the coefficients of the cubic B-spline through them, in place: x, then y, then z, whole rows at a time.
 *
 * @see Unser, Aldroubi & Eden 1993: a causal and an anticausal recursive filter
 */
function toCoefficients({ size, box: { from, to }, values }: FilePart): void {
  const lengths = [to[0] - from[0], to[1] - from[1], to[2] - from[2]] as const;
  const strides = [1, lengths[0], lengths[0] * lengths[1]] as const;
  for (const a of [0, 1, 2] as const) {
    if (size[a] === 1) continue;
    const block = strides[a] * lengths[a];
    for (let start = 0; start < values.length; start += block) filter(values, start, strides[a], lengths[a], from[a] === 0);
  }
}

/** Filters `stride` lines at once, which begin side by side and whose voxels lie `stride` apart. @param begins  whether the image begins there, too */
function filter(c: Float64Array, start: number, stride: number, n: number, begins: boolean): void {
  for (let i = start; i < start + n * stride; i++) c[i]! *= GAIN;
  // Where the part does not begin with the image, any beginning will do: it is forgotten before the first place.
  if (begins) for (let line = start; line < start + stride; line++) c[line] = firstCausal(c, line, stride, n);
  for (let i = start + stride; i < start + n * stride; i++) c[i]! += POLE * c[i - stride]!;
  const last = start + (n - 1) * stride;
  for (let i = last; i < last + stride; i++) c[i] = (POLE / (POLE * POLE - 1)) * (POLE * c[i - stride]! + c[i]!);
  for (let i = last - 1; i >= start; i--) c[i] = POLE * (c[i + stride]! - c[i]!);
}

/** The first causal coefficient of a line that goes on as in a mirror. */
function firstCausal(c: Float64Array, line: number, stride: number, n: number): number {
  let power = POLE;
  if (HORIZON < n) {
    let sum = c[line]!;
    for (let k = 1; k < HORIZON; k++, power *= POLE) sum += power * c[line + k * stride]!;
    return sum;
  }
  let mirrored = POLE ** (n - 1);
  let sum = c[line]! + mirrored * c[line + (n - 1) * stride]!;
  mirrored *= mirrored * (1 / POLE);
  for (let k = 1; k <= n - 2; k++, power *= POLE, mirrored *= 1 / POLE) sum += (power + mirrored) * c[line + k * stride]!;
  return sum / (1 - power * power);
}
