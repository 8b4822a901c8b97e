// The one comparison of arrays: |got - want| <= atol + rtol * |want|.
import { expect } from "vitest";

/** How far a value may lie from the wanted one; each use says why it is not smaller. */
export interface Tolerance {
  readonly rtol?: number;
  readonly atol?: number;
}

/**
 * Fails unless every |got - want| <= atol + rtol * |want|; the message names the worst index, both values and the count of failures.
 * Two NaN are equal; a NaN against a number is a failure.
 */
export function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, { rtol = 0, atol = 0 }: Tolerance): void {
  expect(got.length, "number of values").toBe(want.length);
  let failures = 0;
  let worst = -1;
  let worstExcess = 0;
  for (let i = 0; i < want.length; i++) {
    if (Object.is(got[i], want[i]) || got[i] === want[i]) continue;
    const excess = Math.abs(got[i]! - want[i]!) - (atol + rtol * Math.abs(want[i]!));
    if (excess <= 0) continue;
    failures++;
    if (worst < 0 || !(excess <= worstExcess)) {
      worst = i;
      worstExcess = excess;
    }
  }
  if (failures > 0) {
    expect.fail(
      `${failures} of ${want.length} values differ; worst at ${worst}: got ${got[worst]}, want ${want[worst]} (rtol ${rtol}, atol ${atol})`,
    );
  }
}

/** Relative L2 distance |got - want| / |want|, summed in f64. */
export function relativeL2(got: ArrayLike<number>, want: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < want.length; i++) {
    difference += (got[i]! - want[i]!) ** 2;
    size += want[i]! ** 2;
  }
  return Math.sqrt(difference / size);
}
