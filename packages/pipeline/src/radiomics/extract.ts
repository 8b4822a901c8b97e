// All features of a preset for one scan and one mask, in fixed columns.
import type { Core } from "@islet/core-wasm";
import { inPieces } from "../pieces.ts";
import type { Mask, Volume } from "../volume.ts";
import { prepareRegion } from "./chain.ts";
import { discretise } from "./discretise.ts";
import { NO_VOXEL, NOT_FINITE, type FeatureValues } from "./feature.ts";
import { GLCM, glcmFeatures } from "./glcm.ts";
import { GLDZM, gldzmFeatures } from "./gldzm.ts";
import { GLRLM, glrlmFeatures } from "./glrlm.ts";
import { GLSZM, glszmFeatures } from "./glszm.ts";
import { INTENSITY_HISTOGRAM, intensityHistogram } from "./histogram.ts";
import { intensitiesInside } from "./inside.ts";
import { INTENSITY_STATISTICS, statisticsOf } from "./intensity.ts";
import { INTENSITY_VOLUME_HISTOGRAM, intensityVolumeHistogram } from "./ivh.ts";
import { LOCAL_INTENSITY, localIntensity } from "./local-intensity.ts";
import { morphology } from "./morphology.ts";
import { MORPHOLOGY } from "./morphology-features.ts";
import { NGLDM, ngldmFeatures } from "./ngldm.ts";
import { NGTDM, ngtdmFeatures } from "./ngtdm.ts";
import type { GreyLevels, Region } from "./region.ts";
import type { FeatureSelection, RadiomicsSettings } from "./settings.ts";
import { sharedZones } from "./zones.ts";

/** A region and its grey levels, which the families share. */
interface Measured {
  readonly core: Core;
  readonly region: Region;
  /** The intensities inside the intensity mask. */
  readonly inside: Float32Array;
  /** Null when re-segmentation left no voxel. */
  readonly greyLevels: GreyLevels | null;
  /** Where both families of zones are wanted. */
  readonly zones: ReturnType<typeof sharedZones> | undefined;
  readonly settings: RadiomicsSettings;
}

/** A family as extraction sees it: its columns under some settings, and their values. */
interface Family {
  readonly columns: (select: FeatureSelection) => readonly string[];
  readonly compute: (measured: Measured) => FeatureValues;
}

const namesOf = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name);

/** The tags of a texture family: every feature of one aggregation, then of the next. */
const tagsOf = (rows: readonly { readonly name: string }[], aggregations: readonly string[]) =>
  aggregations.flatMap((aggregation) => rows.map(({ name }) => `${name}_${aggregation}`));

const GRADIENTS: ReadonlySet<string> = new Set(["ih_max_grad", "ih_max_grad_g", "ih_min_grad", "ih_min_grad_g"]);

/** The families in the order of their columns, which is that of IBSI's reference manual. */
const FAMILIES: readonly Family[] = [
  {
    columns: ({ morphology: wanted }) => (wanted ? namesOf(MORPHOLOGY) : []),
    compute: ({ core, region }) => morphology(core, region),
  },
  {
    columns: ({ localIntensity: wanted }) => (wanted ? namesOf(LOCAL_INTENSITY) : []),
    compute: ({ core, region, inside }) => localIntensity(core, region, inside),
  },
  {
    columns: ({ statistics }) => (statistics ? namesOf(INTENSITY_STATISTICS) : []),
    compute: ({ inside }) => statisticsOf(inside),
  },
  {
    columns: ({ histogram }) =>
      histogram === "none" ? [] : namesOf(INTENSITY_HISTOGRAM).filter((name) => histogram === "all" || !GRADIENTS.has(name)),
    compute: ({ greyLevels }) => intensityHistogram(greyLevels),
  },
  {
    columns: ({ intensityVolumeHistogram: wanted }) => (wanted ? namesOf(INTENSITY_VOLUME_HISTOGRAM) : []),
    compute: ({ inside, settings }) => intensityVolumeHistogram(inside, settings.chain),
  },
  {
    columns: ({ glcm }) => tagsOf(GLCM, glcm),
    compute: ({ core, greyLevels, settings: { select } }) =>
      glcmFeatures(core, greyLevels, select.glcm, { distances: select.glcmDistances, weighting: select.weighting }),
  },
  {
    columns: ({ glrlm }) => tagsOf(GLRLM, glrlm),
    compute: ({ core, greyLevels, settings: { select } }) => glrlmFeatures(core, greyLevels, select.glrlm, { weighting: select.weighting }),
  },
  {
    columns: ({ glszm }) => tagsOf(GLSZM, glszm),
    compute: ({ core, greyLevels, zones, settings }) => glszmFeatures(core, greyLevels, settings.select.glszm, zones?.sizes),
  },
  {
    columns: ({ gldzm }) => tagsOf(GLDZM, gldzm),
    compute: ({ core, greyLevels, zones, settings }) => gldzmFeatures(core, greyLevels, settings.select.gldzm, zones?.distances),
  },
  {
    columns: ({ ngtdm }) => tagsOf(NGTDM, ngtdm),
    compute: ({ core, greyLevels, settings: { select } }) => ngtdmFeatures(core, greyLevels, select.ngtdm, { radius: select.ngtdmRadius }),
  },
  {
    columns: ({ ngldm, ngldmAlpha }) =>
      ngldmAlpha.flatMap((alpha) => tagsOf(NGLDM, ngldm).map((tag) => (alpha === 0 ? tag : `${tag}_a${alpha}`))),
    compute: ({ core, greyLevels, settings: { select } }) =>
      together(select.ngldmAlpha.map((alpha) => ngldmFeatures(core, greyLevels, select.ngldm, { radius: select.ngldmRadius, alpha }))),
  },
];

function together(parts: readonly FeatureValues[]): FeatureValues {
  return {
    features: Object.assign({}, ...parts.map(({ features }) => features)) as FeatureValues["features"],
    reasons: Object.assign({}, ...parts.map(({ reasons }) => reasons)) as FeatureValues["reasons"],
  };
}

/** The columns of some settings, whatever the region: the same for every patient of a cohort. */
export function featureNames({ select }: RadiomicsSettings): string[] {
  return FAMILIES.flatMap(({ columns }) => columns(select));
}

/**
 * Every feature that the settings select, for one scan and one mask.
 *
 * @param mask  on the volume's grid, at least one voxel inside
 * @returns a value for every name of `featureNames`, in their order; null with a reason where there is none
 * @throws IntakeError when the mask is empty; ConfigError when the settings do not fit the image (bins far too small)
 */
export function extractFeatures(core: Core, volume: Volume, mask: Mask, settings: RadiomicsSettings): FeatureValues {
  const region = prepareRegion(core, volume, mask, settings.chain);
  if (region === null) return noFeatures(settings, "the region is smaller than a voxel of the grid on which features are computed");
  const inside = intensitiesInside(region);
  return isFinite(inside) ? measureRegion(core, region, inside, settings) : noFeatures(settings, NOT_FINITE);
}

function isFinite(inside: Float32Array): boolean {
  let found = 0;
  inPieces(inside.length, (from, to) => (found += notFinite(inside, from, to)));
  return found === 0;
}

function notFinite(values: Float32Array, from: number, to: number): number {
  let found = 0;
  for (let i = from; i < to; i++) if (values[i]! - values[i]! !== 0) found++;
  return found;
}

/** Why a prepared region, whose morphological mask is never empty, has no voxel. */
const EMPTIED = "re-segmentation left no voxel of the region";

/** Every selected feature of a prepared region. */
function measureRegion(core: Core, region: Region, inside: Float32Array, settings: RadiomicsSettings): FeatureValues {
  const { select, chain } = settings;
  const greyLevels = discretise(region, chain.discretisation, chain.resegmentation?.low ?? null, inside);
  const zones = greyLevels && select.glszm.length > 0 && select.gldzm.length > 0 ? sharedZones(core, greyLevels) : undefined;
  const measured = { core, region, inside, greyLevels, zones, settings };
  const features: Record<string, number | null> = {};
  const reasons: Record<string, string> = {};
  for (const { columns, compute } of FAMILIES) {
    const names = columns(select);
    if (names.length === 0) continue;
    const computed = compute(measured);
    for (const name of names) {
      features[name] = computed.features[name]!;
      const reason = computed.reasons[name];
      if (reason !== undefined) reasons[name] = reason === NO_VOXEL ? EMPTIED : reason;
    }
  }
  return { features, reasons };
}

function noFeatures(settings: RadiomicsSettings, reason: string): FeatureValues {
  const names = featureNames(settings);
  return {
    features: Object.fromEntries(names.map((name) => [name, null])),
    reasons: Object.fromEntries(names.map((name) => [name, reason])),
  };
}
