// Where two arrays differ by more than is allowed, as a sentence; it knows no test runner, so it serves in a page too.

/** How far a value may lie from the wanted one; each use says why it is not smaller. */
export interface Tolerance {
  readonly rtol?: number;
  /** One for all values, or one each. */
  readonly atol?: number | ArrayLike<number>;
}

/**
 * Null where every |got - want| <= atol + rtol * |want|, else a sentence with the worst index, both values and the count of failures.
 * Two NaN are equal; a NaN against a number is a failure.
 */
export function difference(got: ArrayLike<number>, want: ArrayLike<number>, { rtol = 0, atol = 0 }: Tolerance): string | null {
  if (got.length !== want.length) return `${got.length} values, ${want.length} are wanted`;
  const allowed = (i: number) => (typeof atol === "number" ? atol : atol[i]!) + rtol * Math.abs(want[i]!);
  let failures = 0;
  let worst = -1;
  let worstExcess = 0;
  for (let i = 0; i < want.length; i++) {
    if (Object.is(got[i], want[i]) || got[i] === want[i]) continue;
    const excess = Math.abs(got[i]! - want[i]!) - allowed(i);
    if (excess <= 0) continue;
    failures++;
    if (worst < 0 || !(excess <= worstExcess)) {
      worst = i;
      worstExcess = excess;
    }
  }
  if (failures === 0) return null;
  return `${failures} of ${want.length} values differ; worst at ${worst}: got ${got[worst]}, want ${want[worst]} (allowed ${allowed(worst)})`;
}
