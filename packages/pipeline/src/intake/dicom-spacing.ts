// How far the slices of a series lie apart: the usual distance, gaps, unevenness.
import { IntakeError } from "../errors.ts";

/** Two neighbours further apart than the rest, by whole slices. */
export interface Gap {
  /** Their places in the stack, from 1. */
  readonly between: readonly [number, number];
  readonly mm: number;
  /** Slices that would fit between them. */
  readonly missing: number;
}

/** A slice may be this part of the spacing off the even raster before the series counts as uneven: headers round positions. */
const EVEN = 0.1;
/** A gap is a whole number of spacings, to this part of one. */
const WHOLE = 0.1;

/**
 * Distances between neighbours: the usual one, gaps of whole slices, and the range when they are uneven.
 *
 * @param along  where each slice lies along the normal, mm, rising
 */
export function judgeSpacing(along: readonly number[]): { usual: number | null; gaps: Gap[]; uneven: readonly [number, number] | null } {
  const n = along.length;
  if (n < 2) return { usual: null, gaps: [], uneven: null };
  // Headers write decimals: what is a millionth of a millimetre off is their rounding.
  const rounded = (mm: number) => Math.round(mm * 1e6) / 1e6;
  const steps = along.slice(1).map((t, k) => rounded(t - along[k]!));
  const sorted = [...steps].sort((a, b) => a - b);
  // The median, the lower one of two: between three slices, the wider gap is the odd one.
  const usual = sorted[Math.floor((n - 2) / 2)]!;
  const gaps = steps.flatMap((mm, k): Gap[] => {
    const times = Math.round(mm / usual);
    return times >= 2 && Math.abs(mm / usual - times) <= WHOLE ? [{ between: [k + 1, k + 2], mm, missing: times - 1 }] : [];
  });
  const even = along.at(-1)! / (n - 1);
  const isEven = along.every((t, k) => Math.abs(t - k * even) <= EVEN * even);
  return { usual: isEven ? rounded(even) : usual, gaps, uneven: isEven ? null : [sorted[0]!, sorted.at(-1)!] };
}

/**
 * The sentence for a series with gaps.
 *
 * @param instance  the instance number of the slice at a place of the stack, from 1
 */
export function missingSlices(gaps: readonly Gap[], usual: number, instance: (place: number) => number | null, path: string): IntakeError {
  const [{ between, mm, missing }] = gaps as [Gap];
  const instances = between.map(instance);
  const named = instances.every((i) => i !== null) ? ` (instances ${instances.join(" and ")})` : "";
  const total = gaps.reduce((n, gap) => n + gap.missing, 0);
  const others =
    gaps.length > 1
      ? ` ${gaps.length === 2 ? "There is one more such gap" : `There are ${gaps.length - 1} more such gaps`}, ${total} slices in all.`
      : "";
  return new IntakeError(
    path,
    `slices ${between.join(" and ")}${named} are ${mm.toFixed(1)} mm apart, the others ${usual.toFixed(1)} mm; ${missing === 1 ? "a slice is" : `${missing} slices are`} probably missing.${others} Export the series again, or exclude the patient in study.exclude.`,
  );
}
