// The region of a held scan: a rough annotation's box, or a mask.
import { readMask } from "../intake/mask.ts";
import { plainNifti } from "../intake/nifti-writer.ts";
import { parseRoughRoi, type RoughRoi } from "../intake/rough-roi.ts";
import type { MaskOptions } from "../intake/segmentation.ts";
import type { ImageSource } from "../intake/source.ts";
import type { BoxSource } from "../preprocess/box.ts";
import { isotropicGrid } from "../preprocess/region.ts";
import { boundingBox, maskOfBox, roughCuboid } from "../preprocess/roi.ts";
import type { Mask, Triple } from "../volume.ts";
import type { HeldScan } from "./held-scan.ts";

/** What is said of a region. */
export interface RegionFacts {
  readonly kind: "rough" | "mask";
  /** Sides of the box around it, mm, (z, y, x). */
  readonly sizeMm: Triple;
  readonly millilitres: number;
  /** Sentences on what was assumed, resampled or cut off. */
  readonly notes: readonly string[];
  /** The annotation in LPS; null for a mask. */
  readonly rough: RoughRoi | null;
}

/** A region of a held scan. */
export interface HeldRegion {
  readonly facts: RegionFacts;
  /** What it was read from, and which part of it. */
  readonly source: ImageSource;
  readonly pick: MaskOptions;
  /** What the network's box is drawn around. */
  readonly around: BoxSource;
  /**
   * The region on the scan's voxels, and sentences on how it got there.
   *
   * @param label       of a label map, where none was picked
   * @param resampling  how it gets onto another grid, as `MaskOptions` has it
   */
  onScan(
    label: number | undefined,
    resampling?: MaskOptions["resampling"],
  ): Promise<{ readonly mask: Mask; readonly notes: readonly string[] }>;
  /** The region as `islet roi rough` writes it: on its own grid. */
  toWrite(): Promise<Mask>;
}

/** Isotropic spacing of an annotation's box, mm, as in `islet roi rough`. */
const BOX_SPACING = 1;

/**
 * The box of a rough annotation.
 *
 * @param text  islet-rough-roi/1
 * @param file  for messages
 * @throws IntakeError for an annotation that cannot be used, or that lies outside the scan
 */
export function roughRegion(scan: HeldScan, text: string, file: string): HeldRegion {
  const rough = parseRoughRoi(text, file);
  const grid = isotropicGrid(scan.volume, BOX_SPACING);
  const { box, notes } = roughCuboid(rough, grid, file);
  const sizeMm = [0, 1, 2].map((a) => (box.to[a]! - box.from[a]!) * BOX_SPACING) as unknown as Triple;
  return {
    source: { path: file, files: [{ name: "annotation.json", bytes: new TextEncoder().encode(text) }] },
    pick: {},
    facts: { kind: "rough", sizeMm, millilitres: (sizeMm[0] * sizeMm[1] * sizeMm[2]) / 1000, notes, rough },
    around: { rough, file },
    // By way of the file that the terminal writes, so that a voxel on the box's face falls on the same side through every door.
    async onScan(_, resampling) {
      const files = [{ name: "box.nii", bytes: await plainNifti(maskOfBox(grid, box)) }];
      return readMask({ path: "the annotation's box", files }, scan.volume, scan.path, resampling && { resampling });
    },
    toWrite: async () => maskOfBox(grid, box),
  };
}

/**
 * A mask that was drawn elsewhere.
 *
 * @throws IntakeError when it is no mask, is empty, or belongs to another scan
 */
export async function maskRegion(scan: HeldScan, source: ImageSource, pick: MaskOptions): Promise<HeldRegion> {
  const read = (options: MaskOptions) => readMask(source, scan.volume, scan.path, options);
  const { mask, notes } = await read(pick);
  const isPicked = pick.label !== undefined || pick.structure !== undefined;
  const box = boundingBox(mask);
  const { spacing } = mask;
  const sizeMm = [0, 1, 2].map((a) => (box.to[a]! - box.from[a]!) * spacing[a]!) as unknown as Triple;
  const voxels = mask.data.reduce((sum, v) => sum + v, 0);
  return {
    source,
    pick,
    facts: { kind: "mask", sizeMm, millilitres: (voxels * spacing[0] * spacing[1] * spacing[2]) / 1000, notes, rough: null },
    around: { mask },
    async onScan(label, resampling) {
      const wanted = { ...pick, ...(label !== undefined && !isPicked && { label }), ...(resampling && { resampling }) };
      return wanted.label === pick.label && !resampling ? { mask, notes: [] } : read(wanted);
    },
    toWrite: async () => mask,
  };
}
