// From a scan and a mask to the ROI that PyRadiomics' classes see: normalise, resample, re-segment, crop.
import { boundingBox } from "../../preprocess/roi.ts";
import { AXIS_ALIGNED, type Mask, type StoredGrid, type Triple, type Volume } from "../../volume.ts";
import { doublesOf, fileBoxOf, fileGridOf, inFileOrder, wholeFile, type FileBox, type Xyz } from "../../file-order.ts";
import { linearIn, SPLINE_REACH, splineIn, type FilePart } from "./interpolate.ts";
import type { Interpolator, PyradiomicsSettings } from "./parameters.ts";
import { eachPlace, isOn, resampledGrid, targetSpacing } from "./resample.ts";

/** A cropped ROI in the order of its file: its axes are the file's, slowest first. */
export interface PreparedRoi {
  readonly shape: Triple;
  readonly spacing: Triple;
  /** 0 outside the mask where it was resampled. */
  readonly intensity: Float64Array;
  /** Whether PyRadiomics has the intensities as 32-bit numbers. */
  readonly isFloat32: boolean;
  /** 1 inside, before re-segmentation, where it lies in the box of what that leaves: what shape is measured on. */
  readonly mask: Uint8Array;
  /** 1 inside, after re-segmentation: what all other classes see. */
  readonly resegmented: Uint8Array;
}

/** Intensities and a region on one grid. */
type Region = Pick<PreparedRoi, "shape" | "spacing" | "intensity" | "isFloat32" | "mask">;

/**
 * @param mask         on the volume's grid, at least one voxel inside; for resampling, its `drawn` counts where it was drawn on another
 * @param orientation  of the file (`IntakeReport.orientation`), where the volume does not know
 * @returns the ROI, or a sentence for why there is none
 * @throws IntakeError when the mask is empty
 */
export function prepareRoi(volume: Volume, mask: Mask, settings: PyradiomicsSettings, orientation: string): PreparedRoi | string {
  const image = fileGridOf(volume, orientation);
  const doubles = doublesOf(volume, image);
  const normal = settings.normalize ? normaliser(doubles ?? volume.data, settings) : null;
  const isFloat32 = !normal && !doubles && (volume.isFloating ?? !volume.data.every(Number.isInteger));
  const valuesIn = (box: FileBox) =>
    doubles ? inFileOrder(Float64Array, doubles, inPlace(image), box) : inFileOrder(Float64Array, volume.data, image, box);
  const drawn = drawnOf(mask, image, orientation);
  const grid = newGrid(drawn, image, settings);
  if (grid === null) {
    const near = fileBoxOf(image, boundingBox(mask));
    const box = mask.drawn ? widened(near, image) : near;
    const intensity = valuesIn(box);
    if (normal) intensity.forEach((x, i) => (intensity[i] = normal(x)));
    const inside = mask.drawn ? nearestOf(drawn, image, box) : inFileOrder(Uint8Array, mask.data, image, box);
    return resegmented({ ...sizesOf(image, box), intensity, isFloat32, mask: inside }, settings);
  }
  const inside = nearestOf(drawn, grid, wholeFile(grid));
  const intensity = interpolated(valuesIn, image, grid, inside, settings.interpolator!, normal);
  if (!inside.includes(1)) return "the region vanishes on the resampled grid";
  // ITK gives the result the file's own type: for whole numbers it cuts off the decimals, others it rounds to 32 bits, or leaves them.
  if (isFloat32) intensity.forEach((x, i) => (intensity[i] = Math.fround(x)));
  else if (!normal && !doubles) {
    const [lowest, highest] = volume.range ?? [-Infinity, Infinity];
    intensity.forEach((x, i) => (intensity[i] = Math.trunc(Math.min(highest, Math.max(lowest, x)))));
  }
  return resegmented({ ...sizesOf(grid, wholeFile(grid)), intensity, isFloat32, mask: inside }, settings);
}

/** A region on the grid that it was drawn on. */
interface Drawn {
  readonly own: StoredGrid;
  readonly box: FileBox;
  /** Of the box. */
  readonly marked: Uint8Array;
}

function drawnOf(mask: Mask, image: StoredGrid, orientation: string): Drawn {
  const drawn = mask.drawn ?? mask;
  const own = mask.drawn || mask.stored ? fileGridOf(drawn, orientation) : image;
  const box = fileBoxOf(own, boundingBox(drawn));
  return { own, box, marked: inFileOrder(Uint8Array, drawn.data, own, box) };
}

/** The grid to resample to; null where nothing is to be interpolated. */
function newGrid(
  { own, box }: Drawn,
  image: StoredGrid,
  { resampledPixelSpacing, interpolator, padDistance }: PyradiomicsSettings,
): StoredGrid | null {
  if (!resampledPixelSpacing || !interpolator) return null;
  const spacing = targetSpacing(resampledPixelSpacing as unknown as Xyz, own, box, image);
  return spacing && resampledGrid(own, box, spacing, padDistance);
}

/** A box and two voxels more on every side: by how much a place half way between two may fall to either does not reach further. */
const widened = ({ from, to }: FileBox, { axes }: StoredGrid): FileBox => ({
  from: from.map((v) => Math.max(0, v - 2)) as unknown as Xyz,
  to: to.map((v, a) => Math.min(axes[a]!.size, v + 2)) as unknown as Xyz,
});

/** Which voxels of a box of another grid have their centre in a voxel of the region. */
function nearestOf({ own, box: { from, to }, marked }: Drawn, grid: StoredGrid, box: FileBox): Uint8Array {
  const [nx, ny] = [to[0] - from[0], to[1] - from[1]];
  const inside = new Uint8Array(box.to.reduce((n, end, a) => n * (end - box.from[a]!), 1));
  const mark = (voxel: number, x: number, y: number, z: number) => {
    // Half way between two voxels ITK takes the later one of the file.
    const [i, j, k] = [Math.floor(x + 0.5), Math.floor(y + 0.5), Math.floor(z + 0.5)];
    const isInBox = i >= from[0] && j >= from[1] && k >= from[2] && i < to[0] && j < to[1] && k < to[2];
    if (isInBox) inside[voxel] = marked[((k - from[2]) * ny + j - from[1]) * nx + i - from[0]]!;
  };
  eachPlace(grid, own, mark, box);
  return inside;
}

/** The image's values at the voxels inside; what lies outside the image is no longer inside. */
function interpolated(
  valuesIn: (box: FileBox) => Float64Array,
  image: StoredGrid,
  grid: StoredGrid,
  inside: Uint8Array,
  interpolator: Interpolator,
  normal: ((x: number) => number) | null,
): Float64Array {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  const reachTo = (a: number, place: number) => {
    if (place < low[a]!) low[a] = place;
    if (place > high[a]!) high[a] = place;
  };
  eachPlace(grid, image, (voxel, x, y, z) => {
    if (inside[voxel] === 0) return;
    if (!isOn(image, x, y, z)) {
      inside[voxel] = 0;
      return;
    }
    reachTo(0, x);
    reachTo(1, y);
    reachTo(2, z);
  });
  const values = new Float64Array(inside.length);
  if (low[0] === Infinity) return values;
  const reach = interpolator === "spline" ? SPLINE_REACH : 1;
  const size = image.axes.map((axis) => axis.size) as unknown as Xyz;
  const box: FileBox = {
    from: low.map((v) => Math.max(0, Math.floor(v) - reach)) as unknown as Xyz,
    to: high.map((v, a) => Math.min(size[a]!, Math.floor(v) + 2 + reach)) as unknown as Xyz,
  };
  const part: FilePart = { size, box, values: valuesIn(box) };
  if (normal) part.values.forEach((x, i) => (part.values[i] = normal(x)));
  const valueAt = { spline: splineIn, linear: linearIn, nearest: nearestIn }[interpolator](part);
  eachPlace(grid, image, (voxel, x, y, z) => {
    if (inside[voxel] !== 0) values[voxel] = valueAt(x, y, z);
  });
  return values;
}

/** The value of the nearest voxel. */
function nearestIn(part: FilePart): (x: number, y: number, z: number) => number {
  const at = linearIn(part);
  return (x, y, z) => at(Math.floor(x + 0.5), Math.floor(y + 0.5), Math.floor(z + 0.5));
}

/** The grid of values that lie as the file has them. */
const inPlace = (grid: StoredGrid): StoredGrid => ({
  ...grid,
  axes: grid.axes.map((axis, a) => ({ ...axis, axis: (2 - a) as 0 | 1 | 2, isFlipped: false })) as unknown as StoredGrid["axes"],
});

const sizesOf = ({ axes: [x, y, z] }: StoredGrid, { from, to }: FileBox): Pick<Region, "shape" | "spacing"> => ({
  shape: [to[2] - from[2], to[1] - from[1], to[0] - from[0]],
  spacing: [z.spacing, y.spacing, x.spacing],
});

/** (x - mean) / sd over the whole image, sd over N - 1, clipped to `removeOutliers` and scaled by `normalizeScale`. */
function normaliser(data: Float32Array | Float64Array, { normalizeScale, removeOutliers }: PyradiomicsSettings): (x: number) => number {
  let sum = 0;
  for (const x of data) sum += x;
  const mean = sum / data.length;
  let squares = 0;
  for (const x of data) squares += (x - mean) ** 2;
  const sd = Math.sqrt(squares / (data.length - 1));
  const limit = removeOutliers ?? Infinity;
  return (x) => normalizeScale * Math.min(limit, Math.max(-limit, sd === 0 ? 0 : (x - mean) / sd));
}

/** The region cropped to the box of what re-segmentation leaves of it. PyRadiomics crops the mask of its shape to that box, too. */
function resegmented(region: Region, settings: PyradiomicsSettings): PreparedRoi | string {
  const { shape, spacing, intensity, isFloat32, mask } = region;
  const left = withinRange(intensity, mask, settings);
  if (!left.includes(1)) return "re-segmentation left no voxel of the region";
  const { from, to } = boundingBox({ shape, spacing, origin: [0, 0, 0], direction: AXIS_ALIGNED, data: left });
  const size: Triple = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  if (size.every((n, a) => n === shape[a])) return { ...region, resegmented: left };
  const cut = <T extends Float64Array | Uint8Array>(data: T, out: T): T => {
    for (let z = 0, at = 0; z < size[0]; z++) {
      for (let y = 0; y < size[1]; y++, at += size[2]) {
        const row = ((z + from[0]) * shape[1] + y + from[1]) * shape[2] + from[2];
        out.set(data.subarray(row, row + size[2]), at);
      }
    }
    return out;
  };
  const voxels = size[0] * size[1] * size[2];
  return {
    shape: size,
    spacing,
    isFloat32,
    intensity: cut(intensity, new Float64Array(voxels)),
    mask: cut(mask, new Uint8Array(voxels)),
    resegmented: cut(left, new Uint8Array(voxels)),
  };
}

/**
 * The mask without voxels outside `resegmentRange`: of the intensities themselves, of parts of the highest one (relative), or of
 * standard deviations (over N) around the mean (sigma). A single number is a lower bound.
 */
function withinRange(values: Float64Array, mask: Uint8Array, { resegmentRange, resegmentMode }: PyradiomicsSettings): Uint8Array {
  if (!resegmentRange) return mask;
  const inside = values.filter((_, i) => mask[i] !== 0);
  let [sum, highest] = [0, -Infinity];
  for (const x of inside) {
    sum += x;
    if (x > highest) highest = x;
  }
  const mean = sum / inside.length;
  let squares = 0;
  for (const x of inside) squares += (x - mean) ** 2;
  const variance = squares / inside.length;
  const limit = (bound: number) =>
    resegmentMode === "absolute" ? bound : resegmentMode === "relative" ? bound * highest : mean + Math.sqrt(variance) * bound;
  const [low, high] = resegmentRange.toSorted((a, b) => a - b).map(limit);
  return mask.map((within, i) => (within !== 0 && values[i]! >= low! && values[i]! <= (high ?? Infinity) ? 1 : 0));
}
