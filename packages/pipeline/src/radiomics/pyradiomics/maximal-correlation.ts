// The second singular value of a co-occurrence matrix's correlation.
import { EPSILON, type Cells } from "./feature.ts";

/** The value is taken when a further step changes it by less than this; PyRadiomics' own value carries about 1e-14. */
const TOLERANCE = 1e-13;

/**
 * Maximal correlation coefficient of a symmetric or asymmetric co-occurrence matrix.
 *
 *   square root of the second largest eigenvalue of  Q(i,j) = sum over k of  p(i,k) p(j,k) / (px(i) py(k))
 *
 * Q is similar to B B' with B(i,k) = p(i,k) / sqrt(px(i) py(k)), whose largest singular value is 1 with the vectors sqrt(px), sqrt(py).
 * Without that part the second is the largest, and a Lanczos iteration with full reorthogonalisation finds it.
 *
 * @param p   cells with their probabilities as counts
 * @param px  row sums; py column sums, both [Ng]
 * @returns 0..1; 0 where all pairs have one grey level
 */
export function maximalCorrelation(p: Cells, px: Float64Array, py: Float64Array): number {
  const n = px.length;
  if (px.reduce((levels, v) => levels + (v > 0 ? 1 : 0), 0) <= 1) return 0;
  const rootX = px.map(Math.sqrt);
  const rootY = py.map(Math.sqrt);
  const weights = Float64Array.from(
    { length: p.count.length },
    (_, c) => p.count[c]! / (rootX[p.row[c]! - 1]! * rootY[p.column[c]! - 1]! + EPSILON),
  );
  /** (B B' - rootX rootX') v. */
  const apply = (v: Float64Array): Float64Array => {
    const across = new Float64Array(n);
    for (let c = 0; c < weights.length; c++) across[p.column[c]! - 1]! += weights[c]! * v[p.row[c]! - 1]!;
    const out = new Float64Array(n);
    for (let c = 0; c < weights.length; c++) out[p.row[c]! - 1]! += weights[c]! * across[p.column[c]! - 1]!;
    const known = dot(rootX, v);
    for (let i = 0; i < n; i++) out[i]! -= known * rootX[i]!;
    return out;
  };
  return Math.sqrt(Math.max(0, largestEigenvalue(apply, px)));
}

/** The largest eigenvalue of a symmetric operator that is nowhere negative. `support` is positive where vectors may be. */
function largestEigenvalue(apply: (v: Float64Array) => Float64Array, support: Float64Array): number {
  // A fixed start without any pattern has a part along every eigenvector: steps of one size would have none along (1, -2, 1).
  let v: Float64Array = support.map((s, i) => (s > 0 ? scattered(i) : 0));
  scale(v, 1 / Math.sqrt(dot(v, v)));
  const basis: Float64Array[] = [];
  const diagonal: number[] = [];
  const beside: number[] = [];
  let value = 0;
  while (basis.length < v.length) {
    basis.push(v);
    const next = apply(v);
    diagonal.push(dot(next, v));
    // Twice: once leaves a trace of rounding that grows.
    for (let pass = 0; pass < 2; pass++) {
      for (const u of basis) {
        const along = dot(next, u);
        for (let i = 0; i < next.length; i++) next[i]! -= along * u[i]!;
      }
    }
    const before = value;
    value = largestOfTridiagonal(diagonal, beside);
    const length = Math.sqrt(dot(next, next));
    if (length < 1e-15 || (basis.length > 4 && Math.abs(value - before) <= TOLERANCE * value)) break;
    beside.push(length);
    scale(next, 1 / length);
    v = next;
  }
  return value;
}

/** A number from 0.5 to 1.5 that has nothing to do with its neighbours'. */
function scattered(i: number): number {
  const mixed = Math.imul(i + 1, 0x9e3779b1);
  const again = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return ((again ^ (again >>> 13)) >>> 0) / 2 ** 32 + 0.5;
}

/** Largest eigenvalue of a symmetric tridiagonal matrix, by bisection on Sturm's count. */
function largestOfTridiagonal(diagonal: readonly number[], beside: readonly number[]): number {
  const n = diagonal.length;
  let low = Math.max(...diagonal);
  let high = Math.max(...diagonal.map((d, i) => d + Math.abs(beside[i] ?? 0) * (i < n - 1 ? 1 : 0) + Math.abs(beside[i - 1] ?? 0)));
  /** Whether some eigenvalue lies at or above x. */
  const reaches = (x: number) => {
    let q = 1;
    for (let i = 0; i < n; i++) {
      q = diagonal[i]! - x - (i > 0 ? beside[i - 1]! ** 2 / q : 0);
      if (q >= 0) return true;
    }
    return false;
  };
  for (let step = 0; step < 100 && high - low > 1e-16 * Math.max(1, Math.abs(high)); step++) {
    const middle = (low + high) / 2;
    if (middle === low || middle === high) break;
    if (reaches(middle)) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function scale(v: Float64Array, factor: number): void {
  for (let i = 0; i < v.length; i++) v[i]! *= factor;
}
