// Every switch of hand-crafted radiomics, as one typed object with its defaults in one place.
import type { Interpolation } from "@islet/core-wasm";
import type { PreprocessSettings } from "../preprocess/region.ts";

/** From intensities to grey levels 1..Ng. */
export type Discretisation =
  /** Intensities are grey levels already: whole numbers from 1, as in IBSI's digital phantom. For the IVH: intensities as they are. */
  | { readonly kind: "none" }
  /** Bins of this width, in the unit of the image. */
  | { readonly kind: "fixedBinSize"; readonly size: number }
  /** This many bins over the range of the ROI. */
  | { readonly kind: "fixedBinNumber"; readonly number: number };

/** From a scan and a mask to a region: IBSI's image processing scheme, each step a switch. */
export interface ChainSettings {
  /** Spacing of the grid on which features are computed, mm; null: the image's own grid. */
  readonly spacing: number | null;
  /** "in-plane" leaves the distance between slices as it is (IBSI's 2D), "volume" resamples it too. */
  readonly resampling: "in-plane" | "volume";
  readonly interpolation: Interpolation;
  /** A voxel of the new grid is inside where the linearly interpolated mask reaches this. */
  readonly maskThreshold: number;
  /** Whether intensities are rounded to whole numbers after interpolation (HU are whole numbers). */
  readonly rounding: boolean;
  /** Clips intensities: a window in HU, or percentiles of the image, which are then scaled to 0..1; null: as they are. */
  readonly window: PreprocessSettings["window"] | null;
  readonly order: PreprocessSettings["order"];
  /** Voxels outside these intensities leave the intensity mask; null: none do. High may be Infinity. */
  readonly resegmentation: { readonly low: number; readonly high: number } | null;
  /** Voxels further than this many standard deviations from the mean leave the intensity mask; null: none do. */
  readonly outlierSigma: number | null;
  /** For the histogram and the textures. */
  readonly discretisation: Discretisation;
  /** For the intensity-volume histogram, which wants finer bins or none. */
  readonly ivhDiscretisation: Discretisation;
}

/** How matrices over directions are put together: `_2D_avg` ... `_3D_comb` of IBSI's tags. */
export type DirectionalAggregation = "2D_avg" | "2D_comb" | "2_5D_avg" | "2_5D_comb" | "3D_avg" | "3D_comb";
/** How matrices without directions are put together: per slice, slices merged, or the volume. */
export type SliceAggregation = "2D" | "2_5D" | "3D";

/** Which features are computed, and the parameters of the textures. */
export interface FeatureSelection {
  readonly morphology: boolean;
  readonly localIntensity: boolean;
  readonly statistics: boolean;
  /** The intensity histogram, with or without its four gradient features. */
  readonly histogram: "all" | "without gradients" | "none";
  readonly intensityVolumeHistogram: boolean;
  readonly glcm: readonly DirectionalAggregation[];
  readonly glrlm: readonly DirectionalAggregation[];
  readonly glszm: readonly SliceAggregation[];
  readonly gldzm: readonly SliceAggregation[];
  readonly ngtdm: readonly SliceAggregation[];
  readonly ngldm: readonly SliceAggregation[];
  /** Chebyshev distances between the neighbours of the GLCM, voxels. */
  readonly glcmDistances: readonly number[];
  /** How directions of the GLCM and the GLRLM are weighted by their length where they are merged. */
  readonly weighting: "none" | "manhattan" | "euclidean" | "chebyshev";
  /** Chebyshev radius of the neighbourhoods of the NGTDM and the NGLDM, voxels. */
  readonly ngtdmRadius: number;
  readonly ngldmRadius: number;
  /** Coarseness of the NGLDM: grey levels this close depend on each other. Beyond 0 it stands in the tag (`ngl_lde_3D_a1`). */
  readonly ngldmAlpha: readonly number[];
}

/** Everything that decides a patient's hand-crafted features. */
export interface RadiomicsSettings {
  readonly chain: ChainSettings;
  readonly select: FeatureSelection;
}

/** IBSI's defaults as docs/method.md, section 4, has them: volume, 25 HU bins, the image's own grid, no re-segmentation. */
export const DEFAULT_CHAIN: ChainSettings = {
  spacing: null,
  resampling: "volume",
  interpolation: "cubic",
  maskThreshold: 0.5,
  rounding: false,
  window: null,
  order: "resample-window",
  resegmentation: null,
  outlierSigma: null,
  discretisation: { kind: "fixedBinSize", size: 25 },
  ivhDiscretisation: { kind: "none" },
};

/** No feature, and IBSI's parameters of the textures. */
export const NO_FEATURES: FeatureSelection = {
  morphology: false,
  localIntensity: false,
  statistics: false,
  histogram: "none",
  intensityVolumeHistogram: false,
  glcm: [],
  glrlm: [],
  glszm: [],
  gldzm: [],
  ngtdm: [],
  ngldm: [],
  glcmDistances: [1],
  weighting: "none",
  ngtdmRadius: 1,
  ngldmRadius: 1,
  ngldmAlpha: [0],
};

/** Every family, by slices: IBSI's 2D and 2.5D. */
export const ALL_BY_SLICE: FeatureSelection = {
  ...NO_FEATURES,
  morphology: true,
  localIntensity: true,
  statistics: true,
  histogram: "all",
  intensityVolumeHistogram: true,
  glcm: ["2D_avg", "2D_comb", "2_5D_avg", "2_5D_comb"],
  glrlm: ["2D_avg", "2D_comb", "2_5D_avg", "2_5D_comb"],
  glszm: ["2D", "2_5D"],
  gldzm: ["2D", "2_5D"],
  ngtdm: ["2D", "2_5D"],
  ngldm: ["2D", "2_5D"],
};

/** Every family, by volume: IBSI's 3D. */
export const ALL_BY_VOLUME: FeatureSelection = {
  ...ALL_BY_SLICE,
  glcm: ["3D_avg", "3D_comb"],
  glrlm: ["3D_avg", "3D_comb"],
  glszm: ["3D"],
  gldzm: ["3D"],
  ngtdm: ["3D"],
  ngldm: ["3D"],
};

/**
 * Settings for an image whose intensities have no unit (MR): inside a percentile window they are scaled to 0..1. Bins of a fixed size,
 * rounding and re-segmentation have no meaning there; 32 bins over the ROI's range take the place of the first, as IBSI recommends
 * for arbitrary units.
 *
 * @param percentiles  of the whole image
 */
export function withoutUnit({ chain, select }: RadiomicsSettings, percentiles: readonly [number, number]): RadiomicsSettings {
  const { discretisation, ivhDiscretisation } = chain;
  return {
    select,
    chain: {
      ...chain,
      window: { percentiles },
      rounding: false,
      resegmentation: null,
      discretisation: discretisation.kind === "fixedBinNumber" ? discretisation : { kind: "fixedBinNumber", number: 32 },
      ivhDiscretisation: ivhDiscretisation.kind === "fixedBinSize" ? { kind: "none" } : ivhDiscretisation,
    },
  };
}
