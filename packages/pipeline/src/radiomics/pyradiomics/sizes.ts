// PyRadiomics' classes glrlm (runs), glszm (zones) and gldm (dependences): the same definitions under their own names.
import { emphasis, nonUniformity, sizeEntropy, varianceOver, type SizeMatrix } from "./emphasis.ts";
import type { PyradiomicsFeature } from "./feature.ts";

type Feature = PyradiomicsFeature<SizeMatrix>;

/** A feature that is the mean of a term over the things counted; n(i,j) is their number, i their grey level, j their size. */
const mean = (name: string, formula: string, term: (i: number, j: number) => number): Feature => ({
  name,
  formula: `sum n(i,j) ${formula} / sum n(i,j)`,
  compute: (m) => emphasis(m, term),
});

/** Joint emphases of grey level and size, which differ between the classes only by their names. */
const joint = (names: readonly [smallLow: string, smallHigh: string, largeLow: string, largeHigh: string]): Feature[] => [
  mean(names[0], "1 / (i^2 j^2)", (i, j) => 1 / (i * i * j * j)),
  mean(names[1], "i^2 / j^2", (i, j) => (i * i) / (j * j)),
  mean(names[2], "j^2 / i^2", (i, j) => (j * j) / (i * i)),
  mean(names[3], "i^2 j^2", (i, j) => i * i * j * j),
];

const small = (name: string) => mean(name, "1 / j^2", (_, j) => 1 / (j * j));
const large = (name: string) => mean(name, "j^2", (_, j) => j * j);
const low = (name: string) => mean(name, "1 / i^2", (i) => 1 / (i * i));
const high = (name: string) => mean(name, "i^2", (i) => i * i);

const greyLevelNonUniformity: Feature = {
  name: "GrayLevelNonUniformity",
  formula: "sum over i of (sum over j of n(i,j))^2 / sum n(i,j)",
  compute: ({ byLevel, total }) => nonUniformity(byLevel, total),
};
const greyLevelNonUniformityNormalized: Feature = {
  name: "GrayLevelNonUniformityNormalized",
  formula: "sum over i of (sum over j of n(i,j))^2 / (sum n(i,j))^2",
  compute: ({ byLevel, total }) => nonUniformity(byLevel, total) / total,
};
const greyLevelVariance: Feature = {
  name: "GrayLevelVariance",
  formula: "sum p(i,j) (i - mean i)^2",
  compute: ({ byLevel, total }) => varianceOver(byLevel, total),
};
const sizeNonUniformity = (name: string): Feature[] => [
  {
    name,
    formula: "sum over j of (sum over i of n(i,j))^2 / sum n(i,j)",
    compute: ({ bySize, total }) => nonUniformity(bySize, total),
  },
  {
    name: `${name}Normalized`,
    formula: "sum over j of (sum over i of n(i,j))^2 / (sum n(i,j))^2",
    compute: ({ bySize, total }) => nonUniformity(bySize, total) / total,
  },
];
const sizeVariance = (name: string): Feature => ({
  name,
  formula: "sum p(i,j) (j - mean j)^2",
  compute: ({ bySize, total }) => varianceOver(bySize, total),
});
const entropyOf = (name: string): Feature => ({ name, formula: "- sum p(i,j) log2 p(i,j)", compute: sizeEntropy });
const percentage = (name: string): Feature => ({
  name,
  formula: "sum n(i,j) / sum n(i,j) j: things counted per voxel",
  compute: ({ total, voxels }) => total / voxels,
});

/** Runs of one grey level along a direction; the value is the mean over directions. */
export const GLRLM: readonly Feature[] = [
  greyLevelNonUniformity,
  greyLevelNonUniformityNormalized,
  greyLevelVariance,
  high("HighGrayLevelRunEmphasis"),
  large("LongRunEmphasis"),
  low("LowGrayLevelRunEmphasis"),
  ...joint([
    "ShortRunLowGrayLevelEmphasis",
    "ShortRunHighGrayLevelEmphasis",
    "LongRunLowGrayLevelEmphasis",
    "LongRunHighGrayLevelEmphasis",
  ]),
  entropyOf("RunEntropy"),
  ...sizeNonUniformity("RunLengthNonUniformity"),
  percentage("RunPercentage"),
  sizeVariance("RunVariance"),
  small("ShortRunEmphasis"),
];

/** Connected zones of one grey level. */
export const GLSZM: readonly Feature[] = [
  greyLevelNonUniformity,
  greyLevelNonUniformityNormalized,
  greyLevelVariance,
  high("HighGrayLevelZoneEmphasis"),
  large("LargeAreaEmphasis"),
  low("LowGrayLevelZoneEmphasis"),
  ...joint([
    "SmallAreaLowGrayLevelEmphasis",
    "SmallAreaHighGrayLevelEmphasis",
    "LargeAreaLowGrayLevelEmphasis",
    "LargeAreaHighGrayLevelEmphasis",
  ]),
  ...sizeNonUniformity("SizeZoneNonUniformity"),
  small("SmallAreaEmphasis"),
  entropyOf("ZoneEntropy"),
  percentage("ZonePercentage"),
  sizeVariance("ZoneVariance"),
];

/** For each voxel, the neighbours within `gldm_a` grey levels of it, and the voxel itself. */
export const GLDM: readonly Feature[] = [
  entropyOf("DependenceEntropy"),
  ...sizeNonUniformity("DependenceNonUniformity"),
  sizeVariance("DependenceVariance"),
  greyLevelNonUniformity,
  greyLevelVariance,
  high("HighGrayLevelEmphasis"),
  large("LargeDependenceEmphasis"),
  low("LowGrayLevelEmphasis"),
  small("SmallDependenceEmphasis"),
  ...joint([
    "SmallDependenceLowGrayLevelEmphasis",
    "SmallDependenceHighGrayLevelEmphasis",
    "LargeDependenceLowGrayLevelEmphasis",
    "LargeDependenceHighGrayLevelEmphasis",
  ]),
];
