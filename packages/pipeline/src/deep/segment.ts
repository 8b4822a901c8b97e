// From a scan and a box to a mask of the tumour.
import type { Core } from "@islet/core-wasm";
import { ontoVoxels, placeInto } from "../preprocess/onto-image.ts";
import type { PreprocessSettings } from "../preprocess/region.ts";
import { maskOfBox, type IndexBox } from "../preprocess/roi.ts";
import { positionOf, voxelCount, type Geometry, type Mask, type Triple, type Volume } from "../volume.ts";
import { fillHoles, largestComponent } from "./components.ts";
import { foregroundProbability } from "./foreground.ts";
import { processRoi } from "./processed-roi.ts";
import type { SliceSegmenter } from "./segmenter.ts";
import { stretchSlices } from "./slices.ts";

/** A voxel is tumour from this probability on; for two classes the same as taking the larger logit. */
const THRESHOLD = 0.5;

/** How a box becomes a mask. */
export interface SegmentSettings {
  readonly preprocess: PreprocessSettings;
  readonly inputSize: number;
  /** Whether mirrored slices are looked at too and the four answers averaged. */
  readonly flips: boolean;
}

/** A segmented tumour. */
export interface Segmentation {
  /** On the image's own voxels; empty where the network finds nothing. */
  readonly mask: Mask;
  /** The image's voxels that lie in the box: the trivial answer that a network has to beat. */
  readonly boxMask: Mask;
  /** Slices of the processed ROI that were looked at. */
  readonly slices: number;
  /** Voxels that were marked before only the largest piece was kept and its holes were filled, and after. */
  readonly voxels: { readonly marked: number; readonly kept: number; readonly filled: number };
}

/**
 * Segments the tumour in a box.
 *
 * processed ROI -> slices -> network -> probability of tumour -> onto the image's voxels (linear) -> at least 0.5 -> the largest piece
 * (connected by faces, edges or corners) -> its holes filled
 *
 * @param boxOn  the box (half-open indices) on the isotropic grid that it is given
 */
export async function segmentTumour(
  core: Core,
  segmenter: Pick<SliceSegmenter, "logits" | "classes">,
  volume: Volume,
  boxOn: (grid: Geometry) => IndexBox,
  { preprocess, inputSize, flips }: SegmentSettings,
): Promise<Segmentation> {
  const { roi } = processRoi(core, volume, boxOn, preprocess);
  const slices = stretchSlices(core, roi, inputSize, inputSize);
  const probability = await foregroundProbability(segmenter, slices, flips);
  const pixels = pixelGrid(roi, inputSize);
  const { box, data } = ontoVoxels(core, { ...pixels, data: probability }, volume, reachOf(volume, roi, pixels));
  const shape = [0, 1, 2].map((a) => box.to[a]! - box.from[a]!) as unknown as Triple;
  const marked = Uint8Array.from(data, (p) => Number(p >= THRESHOLD));
  const piece = largestComponent(marked, shape);
  const filled = fillHoles(piece, shape);
  const { spacing, origin, direction } = volume;
  const mask: Mask = { shape: volume.shape, spacing, origin, direction, data: new Uint8Array(voxelCount(volume)) };
  placeInto(mask.data, mask.shape, box, filled);
  const count = (mask: Uint8Array) => mask.reduce((sum, value) => sum + value, 0);
  const kept = count(piece);
  return {
    mask,
    boxMask: maskOfBox(volume, box),
    slices: slices.count,
    voxels: { marked: count(marked), kept, filled: count(filled) - kept },
  };
}

/**
 * The network's pixels as a grid in the patient: `stretchSlices` put row r of the ROI at pixel (r + 1/2) H / n - 1/2, so pixel p lies at row
 * (p + 1/2) n / H - 1/2.
 */
function pixelGrid(roi: Geometry, size: number): Geometry {
  const [nz, ny, nx] = roi.shape;
  const [dy, dx] = [ny / size, nx / size];
  return {
    shape: [nz, size, size],
    spacing: [roi.spacing[0], roi.spacing[1] * dy, roi.spacing[2] * dx],
    origin: positionOf(roi, [0, dy / 2 - 0.5, dx / 2 - 0.5]),
    direction: roi.direction,
  };
}

/**
 * How far the image's voxels may lie beyond the outermost slices and pixels: half a voxel of the image, or to the end of the ROI's voxels
 * where that is further. So the top and the bottom slice of an annotation, which lie up to 1 mm beyond the ROI's last centre, are not lost.
 */
function reachOf(image: Geometry, roi: Geometry, pixels: Geometry): Triple {
  const along = (a: number) => {
    const edge = (roi.spacing[a]! / pixels.spacing[a]! - 1) / 2; // the outermost pixel's centre lies so far beyond that of the ROI's outermost voxel
    return Math.max(0.5, image.spacing[a]! / pixels.spacing[a]! / 2 - edge);
  };
  return [along(0), along(1), along(2)];
}
