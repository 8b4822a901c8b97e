// PyRadiomics' classes glrlm (runs), glszm (zones) and gldm (dependences): IBSI's definitions under its own names.
import {
  highLevelEmphasis,
  largeEmphasis,
  largeHighEmphasis,
  largeLowEmphasis,
  levelNonUniformity,
  levelSizeEntropy,
  levelVariance,
  lowLevelEmphasis,
  normalisedLevelNonUniformity,
  normalisedSizeNonUniformity,
  percentage,
  sizeNonUniformity,
  sizeVariance,
  smallEmphasis,
  smallHighEmphasis,
  smallLowEmphasis,
  type LevelMatrix,
} from "../level-matrix.ts";
import type { PyradiomicsFeature } from "./feature.ts";

type Feature = PyradiomicsFeature<LevelMatrix>;

/** n(i,j) is the number of runs, zones or dependences of grey level i and size j, N their total, V the voxels of the region. */
const FORMULAS = {
  GrayLevelNonUniformity: ["sum over i of (sum over j of n(i,j))^2 / N", levelNonUniformity],
  GrayLevelNonUniformityNormalized: ["sum over i of (sum over j of n(i,j))^2 / N^2", normalisedLevelNonUniformity],
  GrayLevelVariance: ["sum n(i,j) (i - mean i)^2 / N", levelVariance],
} as const satisfies Record<string, readonly [string, (x: LevelMatrix) => number]>;

const level = (name: keyof typeof FORMULAS): Feature => ({ name, formula: FORMULAS[name][0], compute: FORMULAS[name][1] });
const row = (name: string, formula: string, compute: (x: LevelMatrix) => number): Feature => ({ name, formula, compute });

/** The rest of a class, which differs from the others only by its names. */
const named = (names: {
  readonly small: string;
  readonly large: string;
  readonly low: string;
  readonly high: string;
  readonly smallLow: string;
  readonly smallHigh: string;
  readonly largeLow: string;
  readonly largeHigh: string;
  readonly sizes: string;
  readonly variance: string;
  readonly entropy: string;
}): Feature[] => [
  row(names.small, "sum n(i,j) / j^2 / N", smallEmphasis),
  row(names.large, "sum n(i,j) j^2 / N", largeEmphasis),
  row(names.low, "sum n(i,j) / i^2 / N", lowLevelEmphasis),
  row(names.high, "sum n(i,j) i^2 / N", highLevelEmphasis),
  row(names.smallLow, "sum n(i,j) / (i^2 j^2) / N", smallLowEmphasis),
  row(names.smallHigh, "sum n(i,j) i^2 / j^2 / N", smallHighEmphasis),
  row(names.largeLow, "sum n(i,j) j^2 / i^2 / N", largeLowEmphasis),
  row(names.largeHigh, "sum n(i,j) i^2 j^2 / N", largeHighEmphasis),
  row(names.sizes, "sum over j of (sum over i of n(i,j))^2 / N", sizeNonUniformity),
  row(`${names.sizes}Normalized`, "sum over j of (sum over i of n(i,j))^2 / N^2", normalisedSizeNonUniformity),
  row(names.variance, "sum n(i,j) (j - mean j)^2 / N", sizeVariance),
  row(names.entropy, "- sum p log2 p, p = n(i,j) / N", levelSizeEntropy),
];

/** Runs of one grey level along a direction; the value is the mean over directions. */
export const GLRLM: readonly Feature[] = [
  level("GrayLevelNonUniformity"),
  level("GrayLevelNonUniformityNormalized"),
  level("GrayLevelVariance"),
  ...named({
    small: "ShortRunEmphasis",
    large: "LongRunEmphasis",
    low: "LowGrayLevelRunEmphasis",
    high: "HighGrayLevelRunEmphasis",
    smallLow: "ShortRunLowGrayLevelEmphasis",
    smallHigh: "ShortRunHighGrayLevelEmphasis",
    largeLow: "LongRunLowGrayLevelEmphasis",
    largeHigh: "LongRunHighGrayLevelEmphasis",
    sizes: "RunLengthNonUniformity",
    variance: "RunVariance",
    entropy: "RunEntropy",
  }),
  row("RunPercentage", "N / V", percentage),
];

/** Connected zones of one grey level. */
export const GLSZM: readonly Feature[] = [
  level("GrayLevelNonUniformity"),
  level("GrayLevelNonUniformityNormalized"),
  level("GrayLevelVariance"),
  ...named({
    small: "SmallAreaEmphasis",
    large: "LargeAreaEmphasis",
    low: "LowGrayLevelZoneEmphasis",
    high: "HighGrayLevelZoneEmphasis",
    smallLow: "SmallAreaLowGrayLevelEmphasis",
    smallHigh: "SmallAreaHighGrayLevelEmphasis",
    largeLow: "LargeAreaLowGrayLevelEmphasis",
    largeHigh: "LargeAreaHighGrayLevelEmphasis",
    sizes: "SizeZoneNonUniformity",
    variance: "ZoneVariance",
    entropy: "ZoneEntropy",
  }),
  row("ZonePercentage", "N / V", percentage),
];

/** For each voxel, the neighbours within `gldm_a` grey levels of it, and the voxel itself. */
export const GLDM: readonly Feature[] = [
  level("GrayLevelNonUniformity"),
  level("GrayLevelVariance"),
  ...named({
    small: "SmallDependenceEmphasis",
    large: "LargeDependenceEmphasis",
    low: "LowGrayLevelEmphasis",
    high: "HighGrayLevelEmphasis",
    smallLow: "SmallDependenceLowGrayLevelEmphasis",
    smallHigh: "SmallDependenceHighGrayLevelEmphasis",
    largeLow: "LargeDependenceLowGrayLevelEmphasis",
    largeHigh: "LargeDependenceHighGrayLevelEmphasis",
    sizes: "DependenceNonUniformity",
    variance: "DependenceVariance",
    entropy: "DependenceEntropy",
  }),
];
