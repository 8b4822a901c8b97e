// Separable resampling of volumes and masks onto a new grid.
import type { Slot } from "./arena.ts";
import { axisTaps, isSameAxis } from "./axis-taps.ts";
import type { AxisMap, Interpolation } from "./axis-taps.ts";
import type { Core } from "./core.ts";
import { ShapeError } from "./errors.ts";

/** Three numbers in the order (z, y, x). */
export type Triple = readonly [z: number, y: number, x: number];

/** A threshold counts as reached from this far below, so that an exact tie does not hang on the rounding of f32. */
const TIE = 1e-6;

const multipleOf4 = (n: number) => Math.ceil(n / 4) * 4;
const isEven = (n: number) => n % 2 === 0;

/**
 * Floats from one row to the next. Rows a power of two apart would all want the same few lines of the cache;
 * a row of 16 floats more spreads them.
 */
const spread = (floats: number) => multipleOf4(floats) + (multipleOf4(floats) % 256 === 0 ? 16 : 0);

function checkGrid(where: string, count: number, shape: Triple, axes: readonly [AxisMap, AxisMap, AxisMap]): void {
  if (!shape.every((n) => Number.isInteger(n) && n > 0) || count !== shape[0] * shape[1] * shape[2]) {
    throw new ShapeError(
      `${where}: a grid of shape [${shape.join(", ")}] holds ${shape[0] * shape[1] * shape[2]} voxels, data has ${count}`,
    );
  }
  for (const { length, start, step } of axes) {
    if (!Number.isInteger(length) || length < 1 || !Number.isFinite(start) || !Number.isFinite(step)) {
      throw new ShapeError(
        `${where}: an axis needs a whole length of at least 1, a finite start and a finite step; it has ${length}, ${start}, ${step}`,
      );
    }
  }
}

/** A resampled volume in wasm memory: planes of rows, each row padded to a multiple of 4 floats. */
interface Planes {
  readonly slot: Slot<Float32Array>;
  readonly rowStride: number;
  readonly planeStride: number;
}

/** Weights of one axis in wasm memory. */
function pushTaps({ arena }: Core, n: number, axis: AxisMap, interpolation: Interpolation, quantum: number) {
  const { taps, first, weights } = axisTaps(n, axis, interpolation, quantum, Math.ceil(n / quantum) * quantum);
  const length = Math.ceil(axis.length / quantum) * quantum;
  const paddedFirst = arena.zeros(Int32Array, length);
  paddedFirst.view().set(first);
  const paddedWeights = arena.zeros(Float32Array, length * taps);
  paddedWeights.view().set(weights);
  return { taps, length, first: paddedFirst.ptr, weights: paddedWeights.ptr };
}

/**
 * Resamples slice by slice in the plane, then all slices along z. Only one input slice at a time is in wasm memory, and what
 * crosses the plane's two passes stays in the cache. Of y and x, the one that shrinks more goes first.
 */
function resamplePlanes(
  core: Core,
  data: Float32Array | Uint8Array,
  [nz, ny, nx]: Triple,
  [az, ay, ax]: readonly [AxisMap, AxisMap, AxisMap],
  interpolation: Interpolation,
): Planes {
  const { arena, exports } = core;
  const [mz, my, mx] = [az.length, ay.length, ax.length];
  const rowStride = multipleOf4(mx);
  const planeStride = spread((my + 1) * rowStride);
  const alongX = isSameAxis(nx, ax) ? null : pushTaps(core, nx, ax, interpolation, 4);
  const acrossY = isSameAxis(ny, ay) ? null : pushTaps(core, ny, ay, interpolation, 1);
  const acrossZ = isSameAxis(nz, az) ? null : pushTaps(core, nz, az, interpolation, 1);

  const stacked = arena.empty(Float32Array, nz * planeStride);
  const inputStride = alongX || acrossY ? spread(nx) : rowStride;
  const input = arena.zeros(Float32Array, (ny + 1) * inputStride);
  const yFirst = my * nx <= mx * ny;
  const betweenStride = yFirst ? inputStride : spread(rowStride);
  const between = alongX && acrossY ? arena.zeros(Float32Array, (Math.max(my, ny) + 1) * betweenStride) : null;
  const result = acrossZ ? arena.empty(Float32Array, mz * planeStride) : stacked;

  const inputView = input.view();
  const stackedView = stacked.view();
  for (let z = 0; z < nz; z++) {
    const plane = stacked.ptr + z * planeStride * 4;
    const view = alongX || acrossY ? inputView : stackedView.subarray(z * planeStride);
    for (let y = 0; y < ny; y++) {
      const at = (z * ny + y) * nx;
      view.set(data.subarray(at, at + nx), y * inputStride);
    }
    const along = (from: number, fromStride: number, to: number, toStride: number, rows: number) =>
      exports.resampleAlong(
        from,
        fromStride * 4,
        to,
        toStride * 4,
        isEven(rows) ? rows : rows + 1,
        alongX!.first,
        alongX!.weights,
        alongX!.length,
        alongX!.taps,
      );
    const across = (from: number, fromStride: number, to: number, toStride: number, width: number) =>
      exports.resampleAcross(from, fromStride * 4, to, toStride * 4, width, acrossY!.first, acrossY!.weights, my, acrossY!.taps);
    if (between && yFirst) {
      across(input.ptr, inputStride, between.ptr, betweenStride, multipleOf4(nx));
      along(between.ptr, betweenStride, plane, rowStride, my);
    } else if (between) {
      along(input.ptr, inputStride, between.ptr, betweenStride, ny);
      across(between.ptr, betweenStride, plane, rowStride, rowStride);
    } else if (alongX) {
      along(input.ptr, inputStride, plane, rowStride, ny);
    } else if (acrossY) {
      across(input.ptr, inputStride, plane, rowStride, rowStride);
    }
  }
  if (acrossZ) {
    exports.resampleAcross(
      stacked.ptr,
      planeStride * 4,
      result.ptr,
      planeStride * 4,
      my * rowStride,
      acrossZ.first,
      acrossZ.weights,
      mz,
      acrossZ.taps,
    );
  }
  return { slot: result, rowStride, planeStride };
}

/** Calls `visit` with every row of the result and where it begins in the unpadded array. */
function eachRow({ slot, rowStride, planeStride }: Planes, [mz, my, mx]: Triple, visit: (row: Float32Array, at: number) => void): void {
  const view = slot.view();
  for (let z = 0; z < mz; z++) {
    for (let y = 0; y < my; y++) {
      const from = z * planeStride + y * rowStride;
      visit(view.subarray(from, from + mx), (z * my + y) * mx);
    }
  }
}

const shapeOf = (axes: readonly [AxisMap, AxisMap, AxisMap]): Triple => [axes[0].length, axes[1].length, axes[2].length];

/**
 * A volume on a new grid, interpolated along each axis in turn.
 *
 *   out[k] = sum over voxels j of  data[j] * w(cz - jz) * w(cy - jy) * w(cx - jx),   c = start + k * step, clamped to the grid
 *
 * w is the triangle of linear interpolation, or the cardinal cubic spline (the cubic B-spline after its prefilter), for which the
 * volume goes on beyond its borders as in a mirror at the outermost voxel centres. A cubic spline overshoots at edges.
 * Computed in f32, with weights made in f64; the error is below 1e-6 of the range. Onto its own grid it is the identity.
 *
 * @param data   f32 [nz, ny, nx]
 * @param axes   (z, y, x): length of the new axis, and where its voxels lie in input voxels
 * @returns f32 of the three lengths
 * @throws ShapeError for arrays that do not fit; DeviceError where 4 GiB do not suffice
 * @see IBSI "tricubic spline"; agrees with scipy.ndimage order=3, mode="mirror"
 */
export function resample(
  core: Core,
  data: Float32Array,
  shape: Triple,
  axes: readonly [AxisMap, AxisMap, AxisMap],
  interpolation: Interpolation,
): Float32Array {
  checkGrid("resample", data.length, shape, axes);
  if (axes.every((axis, a) => isSameAxis(shape[a]!, axis))) return data.slice();
  return core.arena.scope(() => {
    const planes = resamplePlanes(core, data, shape, axes, interpolation);
    const out = new Float32Array(axes[0].length * axes[1].length * axes[2].length);
    eachRow(planes, shapeOf(axes), (row, at) => out.set(row, at));
    return out;
  });
}

/**
 * A mask on a new grid: 1 where its linear interpolation reaches the threshold.
 *
 * A value within 1e-6 below the threshold counts as reaching it, so that exact ties (a voxel half inside) are inside whatever the rounding.
 * Indices are clamped to the grid as in `resample`.
 *
 * @param data  u8 [nz, ny, nx], 0 or 1
 * @param threshold  0 .. 1; 0.5 is the IBSI inclusion rule
 */
export function resampleMask(
  core: Core,
  data: Uint8Array,
  shape: Triple,
  axes: readonly [AxisMap, AxisMap, AxisMap],
  threshold = 0.5,
): Uint8Array {
  checkGrid("resampleMask", data.length, shape, axes);
  return core.arena.scope(() => {
    const planes = resamplePlanes(core, data, shape, axes, "linear");
    const out = new Uint8Array(axes[0].length * axes[1].length * axes[2].length);
    const reached = threshold - TIE;
    eachRow(planes, shapeOf(axes), (row, at) => {
      for (let x = 0; x < row.length; x++) out[at + x] = row[x]! >= reached ? 1 : 0;
    });
    return out;
  });
}

/**
 * A mask sampled on a grid that may be rotated against its own.
 *
 *   out[k] = 1 where the trilinear interpolation of the mask at  offset + matrix * k  reaches the threshold
 *
 * The mask is 0 outside its grid; ties count as in `resampleMask`.
 *
 * @param data    u8 [nz, ny, nx], 0 or 1
 * @param matrix  9 numbers, row-major, (z, y, x): input voxels for one step along each output axis
 * @param offset  input index of output voxel (0, 0, 0)
 */
export function resampleMaskAffine(
  core: Core,
  data: Uint8Array,
  shape: Triple,
  outShape: Triple,
  matrix: readonly number[],
  offset: Triple,
  threshold = 0.5,
): Uint8Array {
  checkGrid("resampleMaskAffine", data.length, shape, [axis(outShape[0]), axis(outShape[1]), axis(outShape[2])]);
  if (matrix.length !== 9) throw new ShapeError(`resampleMaskAffine: the matrix has 9 numbers, row by row; ${matrix.length} came`);
  const { arena, exports } = core;
  return arena.scope(() => {
    const mask = arena.from(Uint8Array, data);
    const out = arena.empty(Uint8Array, outShape[0] * outShape[1] * outShape[2]);
    const affine = arena.from(Float64Array, Float64Array.of(...matrix, ...offset));
    exports.resampleMaskAffine(mask.ptr, ...shape, out.ptr, ...outShape, affine.ptr, threshold - TIE);
    return out.copy();
  });
}

const axis = (length: number): AxisMap => ({ length, start: 0, step: 1 });
