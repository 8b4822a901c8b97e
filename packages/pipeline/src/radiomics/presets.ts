// Named settings: what a study or a command line asks for by one word.
import { ConfigError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { ALL_BY_SLICE, ALL_BY_VOLUME, DEFAULT_CHAIN, NO_FEATURES, type ChainSettings, type RadiomicsSettings } from "./settings.ts";

/** A preset and what to tell whoever meets its name. */
export interface Preset {
  readonly name: string;
  readonly description: string;
  /** Whether grid, order and window are the study's, where there is one. */
  readonly followsStudy?: boolean;
  readonly settings: RadiomicsSettings;
}

const LUNG: ChainSettings = { ...DEFAULT_CHAIN, spacing: 2, interpolation: "linear", rounding: true };
const FBN_32 = { kind: "fixedBinNumber", number: 32 } as const;

/** Configurations of the IBSI 1 lung phantom, docs/method.md, section 11. */
const LUNG_CONFIGURATIONS: Readonly<Record<string, RadiomicsSettings>> = {
  a: {
    chain: { ...DEFAULT_CHAIN, resampling: "in-plane", resegmentation: { low: -500, high: 400 } },
    select: ALL_BY_SLICE,
  },
  b: {
    chain: { ...LUNG, resampling: "in-plane", resegmentation: { low: -500, high: 400 }, discretisation: FBN_32 },
    select: ALL_BY_SLICE,
  },
  c: {
    chain: { ...LUNG, resegmentation: { low: -1000, high: 400 }, ivhDiscretisation: { kind: "fixedBinSize", size: 2.5 } },
    select: ALL_BY_VOLUME,
  },
  d: {
    chain: { ...LUNG, outlierSigma: 3, discretisation: FBN_32 },
    select: ALL_BY_VOLUME,
  },
  e: {
    chain: {
      ...LUNG,
      interpolation: "cubic",
      resegmentation: { low: -1000, high: 400 },
      outlierSigma: 3,
      discretisation: FBN_32,
      ivhDiscretisation: { kind: "fixedBinNumber", number: 1000 },
    },
    select: ALL_BY_VOLUME,
  },
};

/** Every preset, in the order in which they are offered. */
export const PRESETS: readonly Preset[] = [
  {
    name: "intensity",
    description: "the 18 intensity statistics on a 1 mm grid, inside the window",
    followsStudy: true,
    settings: { chain: { ...DEFAULT_CHAIN, spacing: 1 }, select: { ...NO_FEATURES, statistics: true } },
  },
  {
    name: "song-2021",
    description:
      "143 features, a reconstruction of the counts in Song et al. 2021 (the paper does not list its features): 37 intensity (18 statistics, 19 of the histogram without gradients) " +
      "and 106 texture (25 GLCM averaged over 3D directions, 25 with directions merged, 5 NGTDM, 17 NGLDM for each of alpha 0, 1, 2), on a 1 mm grid, 32 bins over the ROI's range after windowing",
    followsStudy: true,
    settings: {
      chain: { ...DEFAULT_CHAIN, spacing: 1, discretisation: FBN_32 },
      select: {
        ...NO_FEATURES,
        statistics: true,
        histogram: "without gradients",
        glcm: ["3D_avg", "3D_comb"],
        ngtdm: ["3D"],
        ngldm: ["3D"],
        ngldmAlpha: [0, 1, 2],
      },
    },
  },
  {
    name: "ibsi",
    description: "every IBSI 1 family by volume (3D), bins of 25 HU, on the image's own grid",
    settings: { chain: DEFAULT_CHAIN, select: ALL_BY_VOLUME },
  },
  ...Object.entries(LUNG_CONFIGURATIONS).map(([letter, settings]) => ({
    name: `ibsi-${letter}`,
    description: `configuration ${letter.toUpperCase()} of the IBSI 1 lung phantom`,
    settings,
  })),
];

/** The names of the presets. */
export const PRESET_NAMES = PRESETS.map((preset) => preset.name) as [string, ...string[]];

/**
 * A preset by name.
 *
 * @throws ConfigError naming the nearest preset
 */
export function presetOf(name: string): Preset {
  const preset = PRESETS.find((p) => p.name === name);
  if (preset) return preset;
  const near = nearest(name, PRESET_NAMES);
  throw new ConfigError("preset", `"${name}" is not one${near ? `; did you mean "${near}"?` : ""} (known: ${PRESET_NAMES.join(", ")})`);
}
