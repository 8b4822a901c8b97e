// Times to an event or to the end of observation, checked once.
import { ConfigError, ShapeError } from "../../errors.ts";

/** Right-censored follow-up of patients: one time and one code a patient. */
export interface FollowUp {
  /** Time to the event or to the last observation, 0 or more, in any one unit. */
  readonly time: Float64Array;
  /** 1 = the event happened at `time`, 0 = censored at `time` (2 = the competing event, where a function says so). */
  readonly event: Uint8Array;
}

/**
 * Checks follow-up once, where it enters.
 *
 * @param codes    the highest event code that has a meaning: 1, or 2 with a competing event
 * @param whereOf  what a message calls a row
 * @throws ConfigError naming the row of a time that is negative or not finite, or of another event code
 */
export function followUp(
  time: ArrayLike<number>,
  event: ArrayLike<number>,
  codes: 1 | 2 = 1,
  whereOf: (row: number) => { readonly time: string; readonly event: string } = (row) => ({
    time: `row ${row + 1}, time`,
    event: `row ${row + 1}, event`,
  }),
): FollowUp {
  if (time.length !== event.length)
    throw new ShapeError(`follow-up: ${time.length} times for ${event.length} events; give one of each a patient`);
  const meaning = codes === 1 ? "1 (event) or 0 (censored)" : "0 (censored), 1 (event) or 2 (competing event)";
  for (let i = 0; i < time.length; i++) {
    if (!(time[i]! >= 0 && time[i]! < Infinity))
      throw new ConfigError(whereOf(i).time, `expected a time of 0 or more; got ${time[i]}; mend the dates or leave the row out`);
    if (!(Number.isInteger(event[i]) && event[i]! >= 0 && event[i]! <= codes))
      throw new ConfigError(whereOf(i).event, `expected ${meaning}; got ${event[i]}; code the event so`);
  }
  return { time: Float64Array.from(time), event: Uint8Array.from(event) };
}

/** Splits sorted rows by stratum, in the order in which the strata are met; the order within each stays. Without strata: one part. */
export function byStratum(order: Uint32Array, strata: ArrayLike<number> | undefined): readonly Uint32Array[] {
  if (!strata) return [order];
  const rows = new Map<number, number[]>();
  for (const row of order) {
    const stratum = rows.get(strata[row]!);
    if (stratum) stratum.push(row);
    else rows.set(strata[row]!, [row]);
  }
  return Array.from(rows.values(), (part) => Uint32Array.from(part));
}
