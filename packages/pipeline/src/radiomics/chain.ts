// From a scan and a mask to a region ready to be measured: IBSI's image processing scheme.
import type { Core } from "@islet/core-wasm";
import { rangeFor } from "../preprocess/region.ts";
import { alignedGrid, resampleRoi, resampleVolume } from "../preprocess/resample.ts";
import { boundingBox, crop, cropGeometry, type IndexBox } from "../preprocess/roi.ts";
import { clip, scaleToUnit } from "../preprocess/window.ts";
import { indexOf, positionOf, type Geometry, type Mask, type Triple, type Volume } from "../volume.ts";
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
export function prepareRegion(core: Core, scan: Volume | ScanParts, mask: Mask, settings: ChainSettings): PlacedRegion | null {
  const grid = featureGrid(scan, settings);
  const whole = () => ("data" in scan ? scan : scan.whole());
  const rough = roughBox(mask, grid);
  const roughMask = settings.spacing === null ? crop(mask, rough) : resampleRoi(core, mask, grid, rough, settings.maskThreshold);
  if (!roughMask.data.includes(1)) return null;

  const tight = boundingBox(roughMask);
  const box = withMargin(tight, rough, grid);
  const morphological = placed(roughMask, rough, box);
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

/** A box of the grid that surely holds every voxel of the mask: its bounding box and one voxel of the mask around it. */
function roughBox(mask: Mask, grid: Geometry): IndexBox {
  const box = boundingBox(mask);
  const low = indexOf(grid, positionOf(mask, box.from.map((k) => k - 1) as unknown as Triple));
  const high = indexOf(grid, positionOf(mask, box.to));
  return {
    from: low.map((k, a) => Math.min(grid.shape[a]! - 1, Math.max(0, Math.floor(k)))) as unknown as Triple,
    to: high.map((k, a) => Math.max(1, Math.min(grid.shape[a]!, Math.ceil(k) + 1))) as unknown as Triple,
  };
}

/** The tight box, given inside the rough one, in indices of the grid and with the margin of image around it that the grid has. */
function withMargin(tight: IndexBox, rough: IndexBox, grid: Geometry): IndexBox {
  const reach = grid.spacing.map((s) => Math.ceil(MARGIN_MM / s));
  return {
    from: tight.from.map((k, a) => Math.max(0, rough.from[a]! + k - reach[a]!)) as unknown as Triple,
    to: tight.to.map((k, a) => Math.min(grid.shape[a]!, rough.from[a]! + k + reach[a]!)) as unknown as Triple,
  };
}

/** A mask of one box of the grid on another, 0 beyond it. */
function placed(mask: Mask, from: IndexBox, to: IndexBox): Uint8Array {
  const [nz, ny, nx] = mask.shape;
  const shape = to.to.map((k, a) => k - to.from[a]!) as unknown as Triple;
  const out = new Uint8Array(shape[0] * shape[1] * shape[2]);
  const offset = from.from.map((k, a) => k - to.from[a]!) as unknown as Triple;
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, i += nx) {
      mark(mask.data, i, nx, out, ((z + offset[0]) * shape[1] + y + offset[1]) * shape[2] + offset[2]);
    }
  }
  return out;
}

function mark(mask: Uint8Array, from: number, nx: number, out: Uint8Array, to: number): void {
  for (let x = 0; x < nx; x++) if (mask[from + x] !== 0) out[to + x] = 1;
}
