// A tumour ready to be measured: what every family of features is computed from.
import type { Triple } from "../volume.ts";

/**
 * A box of voxels around a tumour, on the grid where features are computed.
 *
 * The two masks differ after re-segmentation: shape is measured on the morphological one, intensities and textures on the
 * other. Any image will do, so a filtered one is just another region.
 *
 * @see IBSI 1 reference manual, section 2.1
 */
export interface Region {
  /** Voxels of the box (z, y, x). */
  readonly shape: Triple;
  /** mm. */
  readonly spacing: Triple;
  /**
   * The whole box, HU or the image's unit, after interpolation and rounding. It holds at least 7 mm of image around the ROI
   * where the image has them: local intensity looks outside the ROI.
   */
  readonly intensity: Float32Array;
  /** 1 inside the morphological mask, which no re-segmentation touches. */
  readonly morphological: Uint8Array;
  /** 1 inside the intensity mask: after re-segmentation by range and outlier filtering. */
  readonly intensityMask: Uint8Array;
}

/** The discretised ROI, cropped to its bounding box: what every texture family counts. */
export interface GreyLevels {
  /** Voxels of the crop (z, y, x). */
  readonly shape: Triple;
  /** mm. */
  readonly spacing: Triple;
  /** 0 outside the intensity mask, 1..ng inside. */
  readonly levels: Uint16Array;
  /** Number of grey levels, Ng. */
  readonly ng: number;
  /** The morphological mask on the same crop: the distances of the GLDZM are to its border. */
  readonly morphological: Uint8Array;
}
