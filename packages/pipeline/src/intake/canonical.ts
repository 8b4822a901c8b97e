// From the axes of a file to the canonical frame: the one place where (x, y, z) becomes (z, y, x).
import { IntakeError } from "../errors.ts";
import type { Geometry, StoredAxis, StoredGrid, Triple, Volume } from "../volume.ts";

/** A vector or position in (x, y, z), LPS, mm. */
export type Xyz = readonly [x: number, y: number, z: number];

/** Stored voxels of any kind. */
export type VoxelData =
  | Int8Array
  | Uint8Array
  | Int16Array
  | Uint16Array
  | Int32Array
  | Uint32Array
  | BigInt64Array
  | BigUint64Array
  | Float32Array
  | Float64Array;

/** Values on a grid as a file holds them: axis 0 runs fastest. */
export interface RawImage {
  readonly data: VoxelData;
  /** Voxels along each file axis. */
  readonly size: readonly [number, number, number];
  /** The step from one voxel to the next along each file axis: direction times spacing, LPS, mm. */
  readonly steps: readonly [Xyz, Xyz, Xyz];
  /** Centre of the first voxel, LPS, mm. */
  readonly origin: Xyz;
  /** The lengths of the steps where the file says them apart, which 32-bit steps have only to seven digits, and their unit vectors. */
  readonly spacing?: Xyz;
  readonly directions?: readonly [Xyz, Xyz, Xyz];
}

/** A label map in the order of its file, its values as narrow as the file's, and where they come to lie in the canonical frame. */
export interface LabelMap extends Geometry {
  /** The file's first axis runs fastest. */
  readonly values: Exclude<VoxelData, BigInt64Array | BigUint64Array | Float64Array>;
  /** Place of the frame's voxel (0, 0, 0) among the values, and from it to the next along (z, y, x); negative where the file runs the other way. */
  readonly start: number;
  readonly strides: Triple;
  /** The axis of the file, 0 the fastest, that (z, y, x) runs along. */
  readonly axes: Triple;
  readonly stored?: StoredGrid;
}

/** Axes may be this far from a right angle (as a cosine) and still be taken as orthogonal: what 32-bit headers lose, and no more. */
const RIGHT_ANGLE = 1e-3;

const ORDERS = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

const dot = (a: Xyz, b: Xyz) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const reversed = ([x, y, z]: Xyz): Triple => [z, y, x];

/**
 * The same voxels with their axes permuted and flipped to the nearest of the patient's: the array is (z, y, x), z grows to
 * superior, y to posterior, x to the patient's left, each as nearly as the scan allows. No value is interpolated; the
 * direction of an oblique scan is kept.
 *
 * @param file  for messages
 * @throws IntakeError when the axes are not at right angles, or a step has no length
 */
export function toCanonical(raw: RawImage, file: string): Volume {
  const { geometry, stored, part } = viewCanonical(raw, file);
  return { ...geometry, stored, data: part([0, 0, 0], geometry.shape) };
}

/** Where the voxels of a file come to lie, and any part of them without the rest. */
export interface CanonicalView {
  readonly geometry: Geometry;
  readonly stored: StoredGrid;
  /** The values of a half-open box of the canonical frame, x fastest. */
  part(from: Triple, shape: Triple): Float32Array;
}

/**
 * The canonical frame of a file's voxels, of which parts are copied when they are asked for: `part([0, 0, 0], geometry.shape)` is what `toCanonical` has.
 *
 * @throws IntakeError as `toCanonical`
 */
export function viewCanonical(raw: RawImage, file: string): CanonicalView {
  const { start, strides, axes: _, stored, ...geometry } = canonicalFrame(raw, file);
  return {
    geometry,
    stored,
    part: (from, shape) =>
      gather(
        raw.data,
        from.reduce((at, k, a) => at + k * strides[a]!, start),
        shape,
        strides,
      ),
  };
}

/** A label map's place in the canonical frame, as that of `toCanonical`; its values stay where they are. */
export function viewLabels(raw: RawImage, file: string): LabelMap {
  const { data } = raw;
  const numbers = isBig(data) ? toNumbers(data) : data;
  return { ...canonicalFrame(raw, file), values: numbers instanceof Float64Array ? Float32Array.from(numbers) : numbers };
}

/** Where the canonical frame lies, and how to walk the file's values in its order. */
function canonicalFrame(
  raw: RawImage,
  file: string,
): Geometry & Pick<LabelMap, "start" | "strides" | "axes"> & { readonly stored: StoredGrid } {
  const spacing = raw.steps.map((step) => Math.hypot(...step));
  const unit = raw.steps.map((step, i) => step.map((v) => v / spacing[i]!) as unknown as Xyz);
  if (![...raw.steps.flat(), ...raw.origin].every(Number.isFinite) || spacing.some((s) => !(s > 0))) {
    throw new IntakeError(file, `has no usable voxel spacing (${spacing.join(" x ")} mm); export it again with its geometry`);
  }
  const skew = Math.max(Math.abs(dot(unit[0]!, unit[1]!)), Math.abs(dot(unit[0]!, unit[2]!)), Math.abs(dot(unit[1]!, unit[2]!)));
  if (skew > RIGHT_ANGLE) {
    const degrees = (90 - (Math.acos(Math.min(1, skew)) * 180) / Math.PI).toFixed(1);
    throw new IntakeError(
      file,
      `its axes are ${degrees} degrees from a right angle (a tilted gantry, or a sheared transform), expected orthogonal axes; read the original DICOM series, or resample it to an upright grid`,
    );
  }

  // axisFor[c]: the file axis that lies nearest to patient axis c (0 = x, 1 = y, 2 = z).
  const fit = (order: readonly number[]) => order.reduce((sum, axis, c) => sum + Math.abs(unit[axis]![c]!), 0);
  const axisFor = ORDERS.reduce((best, order) => (fit(order) > fit(best) + 1e-9 ? order : best));
  const strides = [1, raw.size[0], raw.size[0] * raw.size[1]];
  let start = 0;
  let origin = raw.origin;
  const axes = axisFor.map((axis, c) => {
    const n = raw.size[axis]!;
    const flip = unit[axis]![c]! < 0;
    if (flip) {
      start += (n - 1) * strides[axis]!;
      origin = origin.map((o, i) => o + (n - 1) * raw.steps[axis]![i]!) as unknown as Xyz;
    }
    const sign = flip ? -1 : 1;
    // Adding 0 turns -0 into 0, which JSON and comparisons prefer.
    return { n, stride: sign * strides[axis]!, spacing: spacing[axis]!, direction: unit[axis]!.map((v) => sign * v + 0) as unknown as Xyz };
  });
  const [x, y, z] = axes as [(typeof axes)[0], (typeof axes)[0], (typeof axes)[0]];
  const storedAxis = (axis: 0 | 1 | 2): StoredAxis => {
    const c = axisFor.indexOf(axis);
    const [size, step] = [raw.size[axis], raw.steps[axis]];
    // The same digits as ITK's, which an oblique scan's places depend on.
    const direction = raw.directions?.[axis] ?? (step.map((v) => v / Math.sqrt(dot(step, step))) as unknown as Xyz);
    return { size, spacing: raw.spacing?.[axis] ?? spacing[axis]!, direction, axis: (2 - c) as 0 | 1 | 2, isFlipped: direction[c]! < 0 };
  };
  return {
    stored: { axes: [storedAxis(0), storedAxis(1), storedAxis(2)], origin: raw.origin },
    shape: [z.n, y.n, x.n],
    spacing: [z.spacing, y.spacing, x.spacing],
    origin: reversed(origin),
    direction: [reversed(z.direction), reversed(y.direction), reversed(x.direction)],
    start,
    strides: [z.stride, y.stride, x.stride],
    axes: reversed(axisFor),
  };
}

/** A part of values in rows: those from `start` on along strided axes (z, y, x). */
export function cutRows(data: Float32Array, start: number, shape: Triple, strides: Triple): Float32Array {
  return gather(data, start, shape, strides);
}

/** Copies values along strided axes, slowest first; whole rows at a time where the file's rows are the array's. */
function gather(data: VoxelData, start: number, shape: Triple, [sz, sy, sx]: Triple): Float32Array {
  const [nz, ny, nx] = shape;
  const numbers = isBig(data) ? toNumbers(data) : data;
  const out = new Float32Array(nz * ny * nx);
  if (start === 0 && sx === 1 && sy === nx && sz === nx * ny) {
    out.set(numbers);
    return out;
  }
  if (Math.abs(sx) === 1 && sy === sx * nx) {
    // Whole slices, as they are or half a turn around: the engine turns a row of numbers faster than any loop.
    const n = ny * nx;
    for (let k = 0; k < nz; k++) {
      const from = start + k * sz + (sx === 1 ? 0 : 1 - n);
      out.set(numbers.subarray(from, from + n), k * n);
      if (sx === -1) out.subarray(k * n, (k + 1) * n).reverse();
    }
    return out;
  }
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const from = start + k * sz + j * sy;
      if (sx === 1) out.set(numbers.subarray(from, from + nx), at);
      else copyRow(numbers, from, sx, nx, out, at);
      at += nx;
    }
  }
  return out;
}

/** Copies a row whose values lie `step` apart. */
function copyRow(from: ArrayLike<number>, first: number, step: number, nx: number, to: Float32Array, at: number): void {
  for (let i = 0, k = first; i < nx; i++, k += step) to[at + i] = from[k]!;
}

function isBig(data: VoxelData): data is BigInt64Array | BigUint64Array {
  return data instanceof BigInt64Array || data instanceof BigUint64Array;
}

/** 64-bit integers as floating point; exact up to 2^53. */
export function toNumbers(data: BigInt64Array | BigUint64Array): Float64Array {
  const out = new Float64Array(data.length);
  for (let i = 0; i < out.length; i++) out[i] = Number(data[i]);
  return out;
}

/**
 * Where the file's axes pointed before, one letter each, fastest axis first: the side of the patient that an axis grows
 * towards (R or L, A or P, I or S). "LPS" is our own order.
 */
export function orientationOf({ steps }: Pick<RawImage, "steps">): string {
  return steps
    .map((step) => {
      const axis = [0, 1, 2].reduce((best, a) => (Math.abs(step[a]!) > Math.abs(step[best]!) ? a : best));
      return step[axis]! < 0 ? "RAI"[axis] : "LPS"[axis];
    })
    .join("");
}
