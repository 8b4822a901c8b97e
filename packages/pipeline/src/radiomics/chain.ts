// From a scan and a mask to a region ready to be measured: IBSI's image processing scheme.
import type { Core } from "@islet/core-wasm";
import { rangeFor } from "../preprocess/region.ts";
import { alignedGrid, resampleRoi, resampleVolume } from "../preprocess/resample.ts";
import { boundingBox, crop, cropGeometry, type IndexBox } from "../preprocess/roi.ts";
import { clip, scaleToUnit } from "../preprocess/window.ts";
import { indexOf, positionOf, wholeMask, type BoxedMask, type Geometry, type Mask, type Triple, type Volume } from "../volume.ts";
import type { Region } from "./region.ts";
import { resegment } from "./resegment.ts";
import type { ChainSettings } from "./settings.ts";

/** A region in its place in the patient. */
export interface PlacedRegion extends Region, Geometry {}

/** A scan of which a part is copied only when it is asked for. */
export interface ScanParts extends Geometry {
  /** The voxels of a half-open box, x fastest. */
  part(from: Triple, shape: Triple): Float32Array;
  whole(): Volume;
}

/** Image kept around the ROI, mm: the sphere of the local intensity peak has a radius of 6.2 mm. */
const MARGIN_MM = 7;

/**
 * A region on the grid where features are computed.
 *
 *   [clip] -> interpolate image and mask on a grid with the image's centre -> round -> [clip] -> re-segment
 *
 * Only the part of the scan around the mask is touched. Percentile windows scale the image to 0..1, since intensities without a
 * unit would make the scanner's gain a feature.
 *
 * @param mask  on the volume's grid, at least one voxel inside
 * @returns null when no voxel of the new grid is inside: the ROI is smaller than its voxels
 * @throws IntakeError when the mask is empty
 * @see IBSI 1 reference manual, chapter 2; docs/method.md, section 11
 */
export function prepareRegion(core: Core, scan: Volume | ScanParts, mask: Mask | BoxedMask, settings: ChainSettings): PlacedRegion | null {
  const grid = featureGrid(scan, settings);
  const whole = () => ("data" in scan ? scan : scan.whole());
  const roi = settings.spacing === null ? boxedOn(mask) : resampledRoi(core, mask, grid, settings.maskThreshold);
  if (roi === null) return null;
  const box = withMargin(roi, grid);
  const morphological = placed(roi, box);
  const range = settings.window && rangeFor(whole(), settings.window);
  const clipFirst = range !== null && settings.order === "window-resample";
  let image: Volume;
  if (settings.spacing === null) image = "data" in scan ? crop(scan, box) : cut(scan, box);
  else image = resampleVolume(core, clipFirst ? clip(whole(), range) : whole(), grid, box, settings.interpolation);
  if (settings.rounding && settings.spacing !== null) image = { ...image, data: image.data.map(Math.round) };
  if (range) image = settings.window && "percentiles" in settings.window ? scaleToUnit(image, range) : clip(image, range);
  const { shape, spacing, origin, direction } = image;
  return {
    shape,
    spacing,
    origin,
    direction,
    intensity: image.data,
    morphological,
    intensityMask: resegment(image.data, morphological, settings),
  };
}

function cut(scan: ScanParts, box: IndexBox): Volume {
  const geometry = cropGeometry(scan, box);
  return { ...geometry, data: scan.part(box.from, geometry.shape) };
}

/** The grid where features are computed. */
function featureGrid(image: Geometry, { spacing, resampling }: ChainSettings): Geometry {
  if (spacing === null) return image;
  return alignedGrid(image, resampling === "volume" ? [spacing, spacing, spacing] : [image.spacing[0], spacing, spacing]);
}

/** What of a mask lies where on the grid of the features: its voxels in a box. */
type Roi = Pick<BoxedMask, "from" | "to" | "inside">;

/** A mask that stays on its own grid. */
function boxedOn(mask: Mask | BoxedMask): Roi {
  if ("inside" in mask) return mask;
  const box = boundingBox(mask);
  return { ...box, inside: crop(mask, box).data };
}

/** A mask on another grid, by its smallest box; null where no voxel of that grid is inside. */
function resampledRoi(core: Core, given: Mask | BoxedMask, grid: Geometry, threshold: number): Roi | null {
  const mask = "inside" in given ? wholeMask(given) : given;
  const rough = roughBox(mask, "inside" in given ? given : boundingBox(mask), grid);
  const found = resampleRoi(core, mask, grid, rough, threshold);
  if (!found.data.includes(1)) return null;
  const tight = boundingBox(found);
  const onGrid = (corner: Triple) => corner.map((k, a) => rough.from[a]! + k) as unknown as Triple;
  return { from: onGrid(tight.from), to: onGrid(tight.to), inside: crop(found, tight).data };
}

/** A box of the grid that surely holds every voxel of the mask: its bounding box and one voxel of the mask around it. */
function roughBox(mask: Geometry, { from, to }: IndexBox, grid: Geometry): IndexBox {
  const low = indexOf(grid, positionOf(mask, from.map((k) => k - 1) as unknown as Triple));
  const high = indexOf(grid, positionOf(mask, to));
  return {
    from: low.map((k, a) => Math.min(grid.shape[a]! - 1, Math.max(0, Math.floor(k)))) as unknown as Triple,
    to: high.map((k, a) => Math.max(1, Math.min(grid.shape[a]!, Math.ceil(k) + 1))) as unknown as Triple,
  };
}

/** A box with the margin of image around it that the grid has. */
function withMargin({ from, to }: IndexBox, grid: Geometry): IndexBox {
  const reach = grid.spacing.map((s) => Math.ceil(MARGIN_MM / s));
  return {
    from: from.map((k, a) => Math.max(0, k - reach[a]!)) as unknown as Triple,
    to: to.map((k, a) => Math.min(grid.shape[a]!, k + reach[a]!)) as unknown as Triple,
  };
}

/** The mask of a region on a larger box of its grid. */
function placed({ from, to, inside }: Roi, box: IndexBox): Uint8Array {
  const [, ny, nx] = box.to.map((k, a) => k - box.from[a]!) as unknown as Triple;
  const out = new Uint8Array((box.to[0] - box.from[0]) * ny * nx);
  const width = to[2] - from[2];
  for (let z = from[0], i = 0; z < to[0]; z++) {
    for (let y = from[1]; y < to[1]; y++, i += width) {
      out.set(inside.subarray(i, i + width), ((z - box.from[0]) * ny + y - box.from[1]) * nx + from[2] - box.from[2]);
    }
  }
  return out;
}
