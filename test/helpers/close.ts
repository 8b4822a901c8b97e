// The one comparison of arrays: |got - want| <= atol + rtol * |want|.
import { expect } from "vitest";
import { difference, type Tolerance } from "./difference.ts";

/**
 * Fails unless every |got - want| <= atol + rtol * |want|; the message names the worst index, both values and the count of failures.
 * Two NaN are equal; a NaN against a number is a failure.
 */
export function expectClose(got: ArrayLike<number>, want: ArrayLike<number>, tolerance: Tolerance): void {
  expect(difference(got, want, tolerance)).toBeNull();
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
