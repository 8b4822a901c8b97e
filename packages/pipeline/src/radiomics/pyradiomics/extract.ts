// PyRadiomics' features of a tumour, under its names and by its definitions.
import {
  coOccurrences,
  dependences,
  directions,
  neighbours,
  runLengths,
  sizeZones,
  toneDifferences,
  type Core,
  type TextureMatrix,
} from "@islet/core-wasm";
import type { Mask, Triple, Volume } from "../../volume.ts";
import { distanceWeights } from "../aggregation.ts";
import { NOT_FINITE, type FeatureValues } from "../feature.ts";
import { levelMatrix, type LevelMatrix } from "../level-matrix.ts";
import type { GreyLevels } from "../region.ts";
import { binLevels } from "./bins.ts";
import { CLASSES, type ClassName } from "./classes.ts";
import { hasLineOfTwo, lengthOf, weighted } from "./directions.ts";
import type { PyradiomicsFeature } from "./feature.ts";
import { FIRST_ORDER, firstOrderOf, STANDARD_DEVIATION } from "./first-order.ts";
import { cooccurrenceOf, GLCM } from "./glcm.ts";
import { NGTDM, toneDifferenceOf } from "./ngtdm.ts";
import type { PyradiomicsParameters, PyradiomicsSettings } from "./parameters.ts";
import { prepareRoi, type PreparedRoi } from "./prepare.ts";
import { SHAPE, SHAPE_ON_REQUEST, shapeOf } from "./shape.ts";
import { SHAPE_2D, SHAPE_2D_ON_REQUEST, shape2DOf } from "./shape2d.ts";
import { GLDM, GLRLM, GLSZM } from "./sizes.ts";

/** The columns of a parameter file: `original_firstorder_Mean`, ... in the order of the classes. */
export function pyradiomicsNames({ classes }: PyradiomicsParameters): string[] {
  return classes.flatMap(({ name, features }) => featuresOf(name, features).map((feature) => `original_${name}_${feature}`));
}

const featuresOf = (name: ClassName, wanted: readonly string[] | null) => wanted ?? CLASSES.find((c) => c.name === name)!.defaults;

/**
 * The features that a parameter file asks for.
 *
 * @param mask         on the volume's grid, at least one voxel inside
 * @param orientation  of the image's file, `IntakeReport.orientation`, where the volume does not know: PyRadiomics counts the file's axes
 * @returns every column of `pyradiomicsNames`, null with a reason where there is no value; nothing is thrown for an odd region
 * @throws ConfigError when bins are far too narrow for the image
 */
export function pyradiomicsFeatures(
  core: Core,
  volume: Volume,
  mask: Mask,
  parameters: PyradiomicsParameters,
  orientation = "LPS",
): FeatureValues {
  const { settings, original, classes } = parameters;
  const features: Record<string, number | null> = {};
  const reasons: Record<string, string> = {};
  const set = (name: string, value: number | string) => {
    const isValue = typeof value === "number" && Number.isFinite(value);
    features[name] = isValue ? value : null;
    if (!isValue) reasons[name] = typeof value === "string" ? value : "the definition divides by 0 here";
  };
  const roi = prepareRoi(volume, mask, settings, orientation);
  const refusal = typeof roi === "string" ? roi : unfit(roi, settings);
  const sound = typeof roi === "string" || refusal !== null ? null : roi;
  const measured = sound && isFinite(sound) ? measure(core, sound, original ?? settings) : null;
  const valuesIn = (name: ClassName) => {
    if (name === "shape" || name === "shape2D") return sound && shapeValues(sound, settings, name);
    return measured && classValues(measured, name);
  };
  for (const { name, features: wanted } of classes) {
    const values = valuesIn(name);
    for (const feature of featuresOf(name, wanted)) set(`original_${name}_${feature}`, values ? values(feature) : (refusal ?? NOT_FINITE));
  }
  return { features, reasons };
}

/** Whether every intensity of the region is a number. Shape does not look at them. */
function isFinite({ intensity, resegmented }: PreparedRoi): boolean {
  return resegmented.every((within, i) => within === 0 || Number.isFinite(intensity[i]));
}

/** Why PyRadiomics would refuse the region; null where it would not. */
function unfit({ resegmented, shape }: PreparedRoi, { minimumROIDimensions, minimumROISize }: PyradiomicsSettings): string | null {
  const voxels = resegmented.reduce((n, within) => n + within, 0);
  const dimensions = shape.filter((n) => n > 1).length;
  if (dimensions < minimumROIDimensions)
    return `the region extends in ${dimensions} dimensions, minimumROIDimensions is ${minimumROIDimensions}`;
  if (minimumROISize !== null && voxels <= minimumROISize)
    return `the region has ${voxels} voxels, PyRadiomics wants more than minimumROISize, ${minimumROISize}`;
  return null;
}

/** A region whose intensities are binned. */
interface Measured {
  readonly core: Core;
  readonly roi: PreparedRoi;
  readonly settings: PyradiomicsSettings;
  readonly values: Float64Array;
  readonly inside: Uint16Array;
  readonly levels: GreyLevels;
}

function measure(core: Core, roi: PreparedRoi, settings: PyradiomicsSettings): Measured {
  const { intensity, resegmented } = roi;
  const values = insideOf(intensity, resegmented);
  const inside = binLevels(values, settings, roi.isFloat32);
  const levels = new Uint16Array(intensity.length);
  let ng = 0;
  for (let i = 0, k = 0; i < levels.length; i++) {
    if (resegmented[i] === 0) continue;
    const level = inside[k++]!;
    levels[i] = level;
    if (level > ng) ng = level;
  }
  return {
    core,
    roi,
    settings,
    values,
    inside,
    levels: { shape: roi.shape, spacing: roi.spacing, levels, ng, morphological: roi.mask },
  };
}

function insideOf(intensity: Float64Array, mask: Uint8Array): Float64Array {
  const inside = new Float64Array(intensity.length);
  let count = 0;
  for (let i = 0; i < intensity.length; i++) if (mask[i] !== 0) inside[count++] = intensity[i]!;
  return inside.subarray(0, count);
}

/** The values of a class that looks at the mask alone, as `classValues`. */
function shapeValues(
  { mask: whole, resegmented, shape, spacing }: PreparedRoi,
  settings: PyradiomicsSettings,
  name: "shape" | "shape2D",
): (feature: string) => number | string {
  const mask = settings.resegmentShape ? resegmented : whole;
  if (name === "shape") return valuesOf([...SHAPE, ...SHAPE_ON_REQUEST], [shapeOf(mask, shape, spacing)], "");
  const found = settings.force2D ? shape2DOf(mask, shape, spacing, settings.force2Ddimension as 0 | 1 | 2) : null;
  return valuesOf([...SHAPE_2D, ...SHAPE_2D_ON_REQUEST], found ? [found] : [], "shape2D needs force2D and a region of one slice");
}

/** The values of a class by the names of its features; a reason where the class has none. */
function classValues(measured: Measured, name: Exclude<ClassName, "shape" | "shape2D">): (feature: string) => number | string {
  const { core, levels, settings, roi } = measured;
  const kept = (offset: Triple) => !settings.force2D || offset[settings.force2Ddimension] === 0;
  switch (name) {
    case "firstorder": {
      const voxelVolume = roi.spacing[0] * roi.spacing[1] * roi.spacing[2];
      const x = firstOrderOf(measured.values, measured.inside, settings.voxelArrayShift, voxelVolume);
      return valuesOf([...FIRST_ORDER, STANDARD_DEVIATION], [x], "");
    }
    case "glcm": {
      const isOneLevel = measured.inside.every((level) => level === measured.inside[0]);
      const along = directions("volume", settings.distances).filter(kept);
      const [matrices] = coOccurrences(core, levels, "volume", along, settings.symmetricalGLCM);
      const found = weighted(matrices!, settings.weightingNorm, (norm) => distanceWeights(along, norm, roi.spacing)).flatMap(
        (m) => cooccurrenceOf(m, levels.ng) ?? [],
      );
      const values = valuesOf(GLCM, found, "no two voxels of the region are neighbours");
      // One grey level has this value there whether or not anything was counted.
      return (feature) => (isOneLevel && feature === "MCC" ? 1 : values(feature));
    }
    case "glrlm": {
      const along = directions("volume").filter((d) => kept(d) && hasLineOfTwo(levels, d));
      const [matrices] = runLengths(core, levels, "volume", along);
      return valuesOf(
        GLRLM,
        weighted(matrices!, settings.weightingNorm, (norm) => along.map((d) => lengthOf(d, norm, roi.spacing))).flatMap(sizesOf),
        "no two voxels of the region lie on a line of the grid",
      );
    }
    case "glszm": {
      const [zones] = sizeZones(core, levels, "volume", neighbours("volume").filter(kept));
      return valuesOf(GLSZM, sizesOf(zones!), "");
    }
    case "gldm": {
      const [matrix] = dependences(core, levels, "volume", neighbours("volume", settings.distances).filter(kept), settings.gldm_a);
      return valuesOf(GLDM, sizesOf(matrix!), "");
    }
    case "ngtdm": {
      const [matrix] = toneDifferences(core, levels, "volume", neighbours("volume", settings.distances).filter(kept));
      const found = toneDifferenceOf(histogramOf(measured.inside, levels.ng), matrix!.difference);
      return valuesOf(NGTDM, found ? [found] : [], "");
    }
  }
}

/** Voxels of each grey level from 1. */
function histogramOf(levels: Uint16Array, ng: number): Float64Array {
  const counts = new Float64Array(ng);
  for (let i = 0; i < levels.length; i++) counts[levels[i]! - 1]!++;
  return counts;
}

function sizesOf(matrix: TextureMatrix): LevelMatrix[] {
  const found = levelMatrix(matrix);
  return found ? [found] : [];
}

/** A feature's mean over matrices. */
function valuesOf<X>(
  rows: readonly PyradiomicsFeature<X>[],
  matrices: readonly X[],
  whyNone: string,
): (feature: string) => number | string {
  const byName = new Map(rows.map((row) => [row.name, row.compute]));
  return (feature) => {
    if (matrices.length === 0) return whyNone;
    const compute = byName.get(feature)!;
    return matrices.reduce((sum, x) => sum + compute(x), 0) / matrices.length;
  };
}
