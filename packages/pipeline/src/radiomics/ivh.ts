// The intensity-volume histogram of IBSI 1: which part of a region is at least as bright as each intensity.
import { ConfigError } from "../errors.ts";
import { inPieces } from "../pieces.ts";
import { evaluate, type Feature, type FeatureValues } from "./feature.ts";
import { firstFrom } from "./intensity.ts";
import { countWhole, rangeOf } from "./inside.ts";
import type { ChainSettings, Discretisation } from "./settings.ts";

/** The curve, at K rising intensities. */
interface VolumeCurve {
  /** The intensities: HU or image unit; bin centres for bins of a fixed size, bin numbers for a fixed number of them. */
  readonly intensity: Float64Array;
  /** (intensity - first) / (last - first). */
  readonly intensityFraction: Float64Array;
  /** The part of the region whose intensity is at least this one, 1 .. > 0. */
  readonly volumeFraction: Float64Array;
  /** The next intensity above the last, which no voxel reaches. */
  readonly beyond: number;
}

/**
 * The 7 intensity-volume histogram features of a region, by their IBSI tags (`ivh_v10`, ...).
 *
 * The curve's intensities run over the range of re-segmentation where one is given, else over the region's own, in steps that
 * `ivhDiscretisation` sets: 1 without discretisation, where all intensities are whole numbers as HU are (otherwise the intensities
 * that occur), the bin size, or one bin.
 *
 * @param inside  the intensities inside the intensity mask
 * @returns null with a reason where a definition gives no value, and everywhere when there are no intensities
 * @throws ConfigError when bins are far too small for the image
 * @see IBSI 1 reference manual, section 3.5 (P88C)
 */
export function intensityVolumeHistogram(
  inside: Float32Array,
  { ivhDiscretisation, resegmentation }: Pick<ChainSettings, "ivhDiscretisation" | "resegmentation">,
): FeatureValues {
  return evaluate(INTENSITY_VOLUME_HISTOGRAM, inside.length === 0 ? null : volumeCurve(inside, ivhDiscretisation, resegmentation));
}

/** Volume fraction at an intensity fraction: the part of the region that is at least this bright, seen from the lowest intensity (0) to the highest (1). IBSI BC2M. */
function volumeAt(fraction: number): (curve: VolumeCurve) => number {
  return ({ intensityFraction, volumeFraction }) => {
    // A fraction that is met but for rounding is met.
    const at = intensityFraction.findIndex((gamma) => gamma >= fraction - 1e-12);
    return at < 0 ? NaN : volumeFraction[at]!;
  };
}

/** Intensity at a volume fraction: the lowest intensity that at most this part of the region reaches. IBSI GBPN. */
function intensityAt(fraction: number): (curve: VolumeCurve) => number {
  return ({ intensity, volumeFraction, beyond }) => {
    const at = volumeFraction.findIndex((nu) => nu <= fraction + 1e-12);
    return at < 0 ? beyond : intensity[at]!;
  };
}

/** Volume fraction difference between the intensity fractions 10% and 90%. IBSI DDTU. */
function volumeDifference(curve: VolumeCurve): number {
  return volumeAt(0.1)(curve) - volumeAt(0.9)(curve);
}

/** Intensity difference between the volume fractions 10% and 90%. IBSI CNV2. */
function intensityDifference(curve: VolumeCurve): number {
  return intensityAt(0.1)(curve) - intensityAt(0.9)(curve);
}

/** Area under the curve of volume fraction over intensity fraction, by trapezia; 0 by definition where there is but one intensity. No consensus value. IBSI 9CMM. */
function areaUnderCurve({ intensityFraction, volumeFraction }: VolumeCurve): number {
  let area = 0;
  for (let k = 1; k < volumeFraction.length; k++) {
    area += ((intensityFraction[k]! - intensityFraction[k - 1]!) * (volumeFraction[k]! + volumeFraction[k - 1]!)) / 2;
  }
  return area;
}

/** The curve of some intensities, at least one. */
function volumeCurve(inside: Float32Array, discretisation: Discretisation, range: ChainSettings["resegmentation"]): VolumeCurve {
  const { intensity, count, beyond } = intensityAxis(inside, discretisation, range);
  const counts = new Float64Array(intensity.length);
  count(inside, counts);
  const volumeFraction = new Float64Array(intensity.length);
  for (let k = counts.length - 1, reached = 0; k >= 0; k--) volumeFraction[k] = (reached += counts[k]!) / inside.length;
  const [first, last] = [intensity[0]!, intensity.at(-1)!];
  return { intensity, intensityFraction: intensity.map((g) => (g - first) / (last - first)), volumeFraction, beyond };
}

/** Points of a curve: more would be a bin size meant for another unit. */
const MOST_POINTS = 2 ** 20;

/** Where a curve has its points, and how intensities are counted at them. */
interface Axis {
  readonly intensity: Float64Array;
  readonly count: (inside: Float32Array, counts: Float64Array) => void;
  readonly beyond: number;
}

function intensityAxis(inside: Float32Array, discretisation: Discretisation, range: ChainSettings["resegmentation"]): Axis {
  const { low: lowest, high: highest, isWhole } = rangeOf(inside);
  if (discretisation.kind === "fixedBinNumber") {
    const { number } = discretisation;
    const span = highest - lowest;
    const bin = (x: number) => (span === 0 ? 0 : Math.min(number - 1, Math.floor((number * (x - lowest)) / span)));
    return regular(1, 1, span === 0 ? 1 : number, byPlace(bin));
  }
  const low = range && Number.isFinite(range.low) ? range.low : lowest;
  const high = range && Number.isFinite(range.high) ? range.high : highest;
  if (discretisation.kind === "fixedBinSize") {
    const { size } = discretisation;
    const bin = (x: number) => Math.floor((x - low) / size);
    const count = Math.max(Math.ceil((high - low) / size), bin(highest) + 1);
    if (!(count <= MOST_POINTS)) {
      throw new ConfigError(
        "ivhDiscretisation",
        `bins of ${size} over intensities from ${low} to ${high} are ${count}, expected at most ${MOST_POINTS}; choose larger bins, or a fixed number of them`,
      );
    }
    return regular(low + size / 2, size, count, (values, counts) => countBins(values, low, size, counts));
  }
  if (isWhole && high - low < MOST_POINTS) {
    const first = Math.ceil(low);
    return regular(first, 1, Math.floor(high) - first + 1, (values, counts) => countWhole(values, first, counts));
  }
  const rising = Float64Array.from(inside).sort();
  const occurring = Float64Array.from(new Set([low, ...rising, high]));
  return { intensity: occurring, count: byPlace((x) => firstFrom(occurring, (value) => value >= x)), beyond: high };
}

/** `count` intensities from `first`, `step` apart. */
function regular(first: number, step: number, points: number, count: Axis["count"]): Axis {
  return { intensity: Float64Array.from({ length: points }, (_, k) => first + k * step), count, beyond: first + points * step };
}

/** How many values lie in each bin of a size, the first from `low` on. */
function countBins(values: Float32Array, low: number, size: number, counts: Float64Array): void {
  inPieces(values.length, (from, to) => addBins(values, from, to, low, size, counts));
}

function addBins(values: Float32Array, from: number, to: number, low: number, size: number, counts: Float64Array): void {
  for (let i = from; i < to; i++) counts[Math.floor((values[i]! - low) / size)]!++;
}

/** Counts each intensity at the place that a function gives it. */
function byPlace(placeOf: (x: number) => number): Axis["count"] {
  return (inside, counts) => {
    for (let i = 0; i < inside.length; i++) counts[placeOf(inside[i]!)]!++;
  };
}

const FAMILY = "intensity-volume histogram";
const FLAT = "the region has one intensity, so intensity fractions have no range";

/** The intensity-volume histogram, in the order of IBSI's reference manual. */
export const INTENSITY_VOLUME_HISTOGRAM: readonly Feature<VolumeCurve>[] = [
  {
    name: "ivh_v10",
    ibsiId: "BC2M",
    family: FAMILY,
    unit: "1",
    formula: "volume fraction at the lowest intensity whose intensity fraction is at least 10%",
    undefinedWhen: FLAT,
    compute: volumeAt(0.1),
  },
  {
    name: "ivh_v90",
    ibsiId: "BC2M",
    family: FAMILY,
    unit: "1",
    formula: "volume fraction at the lowest intensity whose intensity fraction is at least 90%",
    undefinedWhen: FLAT,
    compute: volumeAt(0.9),
  },
  {
    name: "ivh_i10",
    ibsiId: "GBPN",
    family: FAMILY,
    unit: "intensity",
    formula: "the lowest intensity whose volume fraction is at most 10%",
    compute: intensityAt(0.1),
  },
  {
    name: "ivh_i90",
    ibsiId: "GBPN",
    family: FAMILY,
    unit: "intensity",
    formula: "the lowest intensity whose volume fraction is at most 90%",
    compute: intensityAt(0.9),
  },
  {
    name: "ivh_diff_v10_v90",
    ibsiId: "DDTU",
    family: FAMILY,
    unit: "1",
    formula: "V10 - V90",
    undefinedWhen: FLAT,
    compute: volumeDifference,
  },
  { name: "ivh_diff_i10_i90", ibsiId: "CNV2", family: FAMILY, unit: "intensity", formula: "I10 - I90", compute: intensityDifference },
  {
    name: "ivh_auc",
    ibsiId: "9CMM",
    family: FAMILY,
    unit: "1",
    formula: "area under volume fraction over intensity fraction, by trapezia; 0 when flat",
    compute: areaUnderCurve,
  },
];
