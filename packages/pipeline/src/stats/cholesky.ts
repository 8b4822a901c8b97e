/**
 * Solves A x = b for a symmetric positive definite A, by A = L D L'.
 *
 * @param a  row-major [n, n]; its lower triangle is read
 * @param b  [n, m] row-major, m right-hand sides
 * @returns  x as [n, m]; or the first row whose pivot is not above `tolerance` times its diagonal: it depends on the rows before it
 */
export function solveSymmetric(
  a: Float64Array,
  b: Float64Array,
  n: number,
  tolerance = 2 ** -39,
): { readonly x: Float64Array; readonly dependent?: never } | { readonly dependent: number; readonly x?: never } {
  const l = Float64Array.from(a);
  for (let j = 0; j < n; j++) {
    let pivot = a[j * n + j]!;
    for (let k = 0; k < j; k++) pivot -= l[j * n + k]! ** 2 * l[k * n + k]!;
    if (!(pivot > tolerance * a[j * n + j]!)) return { dependent: j };
    l[j * n + j] = pivot;
    for (let i = j + 1; i < n; i++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= l[i * n + k]! * l[j * n + k]! * l[k * n + k]!;
      l[i * n + j] = sum / pivot;
    }
  }
  const m = b.length / n;
  const x = Float64Array.from(b);
  for (let c = 0; c < m; c++) {
    for (let i = 0; i < n; i++) for (let k = 0; k < i; k++) x[i * m + c]! -= l[i * n + k]! * x[k * m + c]!;
    for (let i = 0; i < n; i++) x[i * m + c]! /= l[i * n + i]!;
    for (let i = n - 1; i >= 0; i--) for (let k = i + 1; k < n; k++) x[i * m + c]! -= l[k * n + i]! * x[k * m + c]!;
  }
  return { x };
}

/** x' A^-1 x for a symmetric positive definite A; NaN where A is singular. */
export function inverseForm(a: Float64Array, x: Float64Array, n: number): number {
  const solved = solveSymmetric(a, x, n);
  return solved.x ? solved.x.reduce((sum, value, i) => sum + value * x[i]!, 0) : Number.NaN;
}

/** The identity, row-major [n, n]. */
export function identity(n: number): Float64Array {
  return Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0));
}
