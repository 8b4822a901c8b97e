// Times to an event or to the end of observation, checked and sorted once.
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

/**
 * Positions of values by rising value; equal values keep their order.
 *
 * Radix sort over the upper 32 bits of a double, 16 at a time, then a comparison sort of the few values that share them, so 100 000 times sort in a
 * few passes. -0 counts as 0; NaN is not allowed.
 */
export function risingOrder(values: ArrayLike<number>): Uint32Array {
  const n = values.length;
  let order = new Uint32Array(n);
  for (let i = 0; i < n; i++) order[i] = i;
  if (n < 256) return order.sort((a, b) => compare(values[a]!, values[b]!) || a - b);
  const exact = new Float64Array(n);
  // adding 0 turns -0 into 0
  for (let i = 0; i < n; i++) exact[i] = values[i]! + 0;
  const bits = new Uint32Array(exact.buffer);
  const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
  let keys = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    const word = bits[2 * i + high]!;
    keys[i] = word >>> 31 === 1 ? ~word : word | 0x80000000;
  }
  let nextOrder = new Uint32Array(n);
  let nextKeys = new Uint32Array(n);
  const starts = new Uint32Array(65537);
  for (const shift of [0, 16]) {
    starts.fill(0);
    for (let i = 0; i < n; i++) starts[((keys[i]! >>> shift) & 0xffff) + 1]!++;
    for (let digit = 0; digit < 65536; digit++) starts[digit + 1]! += starts[digit]!;
    for (let i = 0; i < n; i++) {
      const key = keys[i]!;
      const place = starts[(key >>> shift) & 0xffff]!++;
      nextOrder[place] = order[i]!;
      nextKeys[place] = key;
    }
    [order, nextOrder, keys, nextKeys] = [nextOrder, order, nextKeys, keys];
  }
  for (let first = 0, end = 0; first < n; first = end) {
    let isSorted = true;
    for (end = first + 1; end < n && keys[end] === keys[first]; end++) {
      if (exact[order[end]!]! < exact[order[end - 1]!]!) isSorted = false;
    }
    if (!isSorted) order.subarray(first, end).sort((a, b) => exact[a]! - exact[b]! || a - b);
  }
  return order;
}

/** Which of two values is the lower; unlike their difference right for two infinities. */
function compare(a: number, b: number): number {
  return a < b ? -1 : a > b ? 1 : 0;
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
