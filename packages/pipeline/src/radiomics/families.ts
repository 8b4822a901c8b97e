// The families of features: their columns, and the parts in which they are computed.
import { addAutocorrelation, AUTOCORRELATION_SHARES, type AutocorrelationShare, type Core } from "@islet/core-wasm";
import { evaluate, type FeatureValues } from "./feature.ts";
import { GLCM, glcmFeatures } from "./glcm.ts";
import { GLDZM, gldzmFeatures } from "./gldzm.ts";
import { GLRLM, glrlmFeatures } from "./glrlm.ts";
import { GLSZM, glszmFeatures } from "./glszm.ts";
import { INTENSITY_HISTOGRAM, intensityHistogram } from "./histogram.ts";
import { INTENSITY_STATISTICS, statisticsOf } from "./intensity.ts";
import { INTENSITY_VOLUME_HISTOGRAM, intensityVolumeHistogram } from "./ivh.ts";
import { LOCAL_INTENSITY, localIntensity } from "./local-intensity.ts";
import { massOf, pairsOf } from "./morphology.ts";
import { MORPHOLOGY, type Mass, type Shape } from "./morphology-features.ts";
import { NGLDM, ngldmFeatures } from "./ngldm.ts";
import { NGTDM, ngtdmFeatures } from "./ngtdm.ts";
import type { GreyLevels, Region } from "./region.ts";
import type { FeatureSelection, RadiomicsSettings } from "./settings.ts";
import { sharedZones } from "./zones.ts";

const namesOf = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name);

/** The tags of a texture family: every feature of one aggregation, then of the next. */
const tagsOf = (rows: readonly { readonly name: string }[], aggregations: readonly string[]) =>
  aggregations.flatMap((aggregation) => rows.map(({ name }) => `${name}_${aggregation}`));

const GRADIENTS: ReadonlySet<string> = new Set(["ih_max_grad", "ih_max_grad_g", "ih_min_grad", "ih_min_grad_g"]);

/** The columns of each family, in the order of IBSI's reference manual. */
const COLUMNS: readonly ((select: FeatureSelection) => readonly string[])[] = [
  ({ morphology }) => (morphology ? namesOf(MORPHOLOGY) : []),
  ({ localIntensity: wanted }) => (wanted ? namesOf(LOCAL_INTENSITY) : []),
  ({ statistics }) => (statistics ? namesOf(INTENSITY_STATISTICS) : []),
  ({ histogram }) =>
    histogram === "none" ? [] : namesOf(INTENSITY_HISTOGRAM).filter((name) => histogram === "all" || !GRADIENTS.has(name)),
  ({ intensityVolumeHistogram: wanted }) => (wanted ? namesOf(INTENSITY_VOLUME_HISTOGRAM) : []),
  ({ glcm }) => tagsOf(GLCM, glcm),
  ({ glrlm }) => tagsOf(GLRLM, glrlm),
  ({ glszm }) => tagsOf(GLSZM, glszm),
  ({ gldzm }) => tagsOf(GLDZM, gldzm),
  ({ ngtdm }) => tagsOf(NGTDM, ngtdm),
  ({ ngldm, ngldmAlpha }) => ngldmAlpha.flatMap((alpha) => tagsOf(NGLDM, ngldm).map((tag) => (alpha === 0 ? tag : `${tag}_a${alpha}`))),
];

/** The columns of some settings, whatever the region: the same for every patient of a cohort. */
export function featureNames({ select }: Pick<RadiomicsSettings, "select">): string[] {
  return COLUMNS.flatMap((columns) => columns(select));
}

/** A region, and what its families share. */
export interface Measured {
  readonly core: Core;
  readonly region: Region;
  readonly settings: RadiomicsSettings;
  /** The intensities inside the intensity mask, and their grey levels; null for levels when re-segmentation left no voxel. */
  readonly intensities: () => { readonly inside: Float32Array; readonly greyLevels: GreyLevels | null };
}

/** What a part gives; plain JSON. */
export type Found = Partial<FeatureValues> & { readonly mass?: Mass | null; readonly pairs?: AutocorrelationShare };

/** A piece of a region's features that needs none of the others, so that any thread may compute it. */
export interface Part {
  readonly isWanted: (select: FeatureSelection) => boolean;
  readonly compute: (measured: Measured) => Found;
}

const few = (parts: readonly FeatureValues[]): FeatureValues => ({
  features: Object.assign({}, ...parts.map(({ features }) => features)) as FeatureValues["features"],
  reasons: Object.assign({}, ...parts.map(({ reasons }) => reasons)) as FeatureValues["reasons"],
});

/** The parts, those that take longest first. The shape of the region is none of them: it needs no intensity, and may be known before the scan is read. */
export const PARTS: readonly Part[] = [
  ...Array.from({ length: AUTOCORRELATION_SHARES }, (_, share): Part => ({
    isWanted: ({ morphology }) => morphology,
    compute: ({ core, region }) => ({ pairs: pairsOf(core, region, share) }),
  })),
  {
    isWanted: ({ glszm, gldzm }) => glszm.length + gldzm.length > 0,
    compute: ({ core, intensities, settings: { select } }) => {
      const { greyLevels } = intensities();
      const zones = greyLevels && select.glszm.length > 0 && select.gldzm.length > 0 ? sharedZones(core, greyLevels) : undefined;
      return few([
        glszmFeatures(core, greyLevels, select.glszm, zones?.sizes),
        gldzmFeatures(core, greyLevels, select.gldzm, zones?.distances),
      ]);
    },
  },
  {
    isWanted: ({ localIntensity: wanted }) => wanted,
    compute: ({ core, region, intensities }) => localIntensity(core, region, intensities().inside),
  },
  {
    isWanted: ({ glrlm }) => glrlm.length > 0,
    compute: ({ core, intensities, settings: { select } }) =>
      glrlmFeatures(core, intensities().greyLevels, select.glrlm, { weighting: select.weighting }),
  },
  {
    isWanted: ({ glcm }) => glcm.length > 0,
    compute: ({ core, intensities, settings: { select } }) =>
      glcmFeatures(core, intensities().greyLevels, select.glcm, { distances: select.glcmDistances, weighting: select.weighting }),
  },
  {
    isWanted: ({ intensityVolumeHistogram: wanted }) => wanted,
    compute: ({ intensities, settings }) => intensityVolumeHistogram(intensities().inside, settings.chain),
  },
  {
    isWanted: ({ ngtdm }) => ngtdm.length > 0,
    compute: ({ core, intensities, settings: { select } }) =>
      ngtdmFeatures(core, intensities().greyLevels, select.ngtdm, { radius: select.ngtdmRadius }),
  },
  {
    isWanted: ({ ngldm }) => ngldm.length > 0,
    compute: ({ core, intensities, settings: { select } }) =>
      few(
        select.ngldmAlpha.map((alpha) =>
          ngldmFeatures(core, intensities().greyLevels, select.ngldm, { radius: select.ngldmRadius, alpha }),
        ),
      ),
  },
  { isWanted: ({ statistics }) => statistics, compute: ({ intensities }) => statisticsOf(intensities().inside) },
  { isWanted: ({ morphology }) => morphology, compute: ({ region }) => ({ mass: massOf(region) }) },
  { isWanted: ({ histogram }) => histogram !== "none", compute: ({ intensities }) => intensityHistogram(intensities().greyLevels) },
];

/** The parts that some settings want, as places in `PARTS`. */
export function wantedParts({ select }: Pick<RadiomicsSettings, "select">): number[] {
  return PARTS.flatMap(({ isWanted }, k) => (isWanted(select) ? [k] : []));
}

/** The features of all parts together, with the shape of the region: a value, or null with a reason, for every column. */
export function gatherParts(settings: RadiomicsSettings, shape: Shape | null, parts: readonly Found[]): FeatureValues {
  const mass = parts.find((part) => part.mass !== undefined)?.mass;
  const all = few([
    ...parts.map(({ features = {}, reasons = {} }) => ({ features, reasons })),
    ...(mass === undefined
      ? []
      : [
          evaluate(
            MORPHOLOGY,
            shape && { ...shape, mass, autocorrelation: addAutocorrelation(parts.flatMap(({ pairs }) => (pairs ? [pairs] : []))) },
          ),
        ]),
  ]);
  const names = featureNames(settings);
  return {
    features: Object.fromEntries(names.map((name) => [name, all.features[name]!])),
    reasons: Object.fromEntries(names.flatMap((name) => (all.reasons[name] === undefined ? [] : [[name, all.reasons[name]]]))),
  };
}
