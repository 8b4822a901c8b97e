// Ellipsoids: their surface, and the smallest one around some points.
import { symmetricEigenvalues } from "./eigenvalues.ts";

/** Terms of the series beyond the first; IBSI's number. */
const TERMS = 20;

/**
 * Surface area of an ellipsoid as IBSI's reference manual sums it.
 *
 *   4 pi a b sum over v = 0..20 of  (alpha beta)^v / (1 - 4 v^2) P_v((alpha^2 + beta^2) / (2 alpha beta)),
 *   alpha^2 = 1 - b^2 / a^2,   beta^2 = 1 - c^2 / a^2,   P_v the Legendre polynomials
 *
 * This is the series of the published values. It is the area itself only with 1 - c^2 / a^2 and 1 - c^2 / b^2 in place of alpha^2 and beta^2 (Maas 1994);
 * as printed it falls short of it, by 4% for the digital phantom.
 *
 * @param axes  semi-axes
 */
export function ellipsoidArea(axes: readonly [number, number, number]): number {
  const [a, b, c] = axes.toSorted((p, q) => q - p) as [number, number, number];
  if (a === 0) return 0;
  const [alpha2, beta2] = [1 - (b / a) ** 2, 1 - (c / a) ** 2];
  // Terms (alpha beta)^v P_v by their recurrence, which needs no division by alpha beta: a ball has 0 there.
  const middle = (alpha2 + beta2) / 2;
  let [before, term, sum] = [1, middle, 1 - middle / 3];
  for (let v = 2; v <= TERMS; v++) {
    [before, term] = [term, ((2 * v - 1) * middle * term - (v - 1) * alpha2 * beta2 * before) / v];
    sum += term / (1 - 4 * v * v);
  }
  return 4 * Math.PI * a * b * sum;
}

/** A point counts as inside the smallest ellipsoid this far beyond it, as a part of kappa. */
const GAP = 1e-9;
const MOST_ROUNDS = 100;
/** Points that join in one round. */
const NEWCOMERS = 12;

/**
 * Semi-axes of the smallest ellipsoid that holds some points (minimum volume enclosing ellipsoid), longest first.
 *
 * Its dual gives each point a weight u:
 *
 *   q = (p, 1),   X = sum u q q',   kappa(p) = q' X^-1 q;   optimal where kappa <= 4 everywhere and = 4 where u > 0
 *
 * The ellipsoid is { p : (p - c)' (3 S)^-1 (p - c) <= 1 } with the weighted mean c and covariance S. It rests on nine points at most, so the weights are
 * found for a few points; those farthest outside join, those without weight go, until none is outside.
 *
 * @param points  [n, 3], not all in one plane
 * @see Sun & Freund 2004, Computation of minimum-volume covering ellipsoids: active sets around an interior point method
 */
export function enclosingEllipsoid(points: Float64Array): [number, number, number] {
  const { normal, scale } = normalised(points);
  const kappa = new Float64Array(points.length / 3);
  let working = startingPoints(normal);
  for (let round = 0; ; round++) {
    const few = Float64Array.from(working.flatMap((i) => [...normal.subarray(3 * i, 3 * i + 3)]));
    const u = weightsOf(few);
    const inverse = inverseMoments(few, u);
    for (let i = 0; i < kappa.length; i++) kappa[i] = product(inverse, normal, i, normal, i);
    const outside = [...kappa.keys()].filter((i) => kappa[i]! > 4 * (1 + GAP)).sort((i, j) => kappa[j]! - kappa[i]!);
    const known = new Set(working);
    const newcomers = outside.filter((i) => !known.has(i)).slice(0, NEWCOMERS);
    if (newcomers.length === 0 || round === MOST_ROUNDS) {
      // Grown by what little a point may lie outside.
      const grow = Math.max(...kappa) - 1;
      const variances = symmetricEigenvalues(weightedCovariance(few, u));
      return variances.map((lambda) => scale * Math.sqrt(Math.max(0, lambda) * grow)) as [number, number, number];
    }
    working = [...working.filter((_, k) => u[k]! > WEIGHTLESS), ...newcomers];
  }
}

const WEIGHTLESS = 1e-7;

/** The points around their mean and in units of the largest coordinate, where the moments are well conditioned. */
function normalised(points: Float64Array): { normal: Float64Array; scale: number } {
  const mean = [0, 0, 0];
  points.forEach((v, i) => (mean[i % 3]! += (3 * v) / points.length));
  const centred = points.map((v, i) => v - mean[i % 3]!);
  const scale = centred.reduce((most, v) => Math.max(most, Math.abs(v)), 0);
  return { normal: centred.map((v) => v / scale), scale };
}

/** The points farthest along the axes and their diagonals, which span the space. */
function startingPoints(p: Float64Array): number[] {
  const directions: readonly (readonly [number, number, number])[] = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 1, 1],
    [1, -1, 1],
    [1, 1, -1],
    [1, -1, -1],
  ];
  const chosen = new Set<number>();
  for (const [a, b, c] of directions) {
    let [low, high] = [0, 0];
    const height = (i: number) => a * p[3 * i]! + b * p[3 * i + 1]! + c * p[3 * i + 2]!;
    for (let i = 1; i < p.length / 3; i++) {
      if (height(i) < height(low)) low = i;
      if (height(i) > height(high)) high = i;
    }
    chosen.add(low).add(high);
  }
  return [...chosen];
}

/**
 * The weights of a few points, by Newton's method on the conditions of optimality with slacks s, whose products with the weights shrink to 0:
 *
 *   kappa_i(u) + s_i = 4,   u_i s_i = mu;   d kappa_i / d u_j = - (q_i' X^-1 q_j)^2
 */
function weightsOf(points: Float64Array): Float64Array {
  const n = points.length / 3;
  const u = new Float64Array(n).fill(1 / n);
  const s = new Float64Array(n).fill(1);
  const [matrix, right] = [new Float64Array(n * n), new Float64Array(n)];
  for (let step = 0; step < 60; step++) {
    const inverse = inverseMoments(points, u);
    const mu = (0.1 * u.reduce((sum, weight, i) => sum + weight * s[i]!, 0)) / n;
    let worst = 0;
    for (let i = 0; i < n; i++) {
      for (let j = 0; j <= i; j++) matrix[i * n + j] = product(inverse, points, i, points, j) ** 2;
      const short = 4 - Math.sqrt(matrix[i * n + i]!) - s[i]!;
      worst = Math.max(worst, Math.abs(short), s[i]! * u[i]!);
      right[i] = mu / u[i]! - s[i]! - short;
      matrix[i * n + i]! += s[i]! / u[i]!;
    }
    if (worst < GAP / 10) break;
    const du = solvePositive(matrix, right, n);
    const ds = du.map((d, i) => (mu - s[i]! * d) / u[i]! - s[i]!);
    const reach = Math.min(1, 0.95 * Math.min(furthest(u, du), furthest(s, ds)));
    for (let i = 0; i < n; i++) {
      u[i]! += reach * du[i]!;
      s[i]! += reach * ds[i]!;
    }
  }
  return u;
}

/** How many steps d lead from x to where the first entry becomes 0. */
const furthest = (x: Float64Array, d: Float64Array) =>
  x.reduce((least, v, i) => (d[i]! < 0 ? Math.min(least, -v / d[i]!) : least), Infinity);

/** Solves A x = b for a positive definite matrix, by Cholesky's factors. @param a  row-major [n, n], lower half, overwritten */
function solvePositive(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const x = b.slice();
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = a[i * n + j]!;
      for (let k = 0; k < j; k++) sum -= a[i * n + k]! * a[j * n + k]!;
      a[i * n + j] = i === j ? Math.sqrt(sum) : sum / a[j * n + j]!;
    }
    for (let k = 0; k < i; k++) x[i]! -= a[i * n + k]! * x[k]!;
    x[i]! /= a[i * n + i]!;
  }
  for (let i = n - 1; i >= 0; i--) {
    for (let k = i + 1; k < n; k++) x[i]! -= a[k * n + i]! * x[k]!;
    x[i]! /= a[i * n + i]!;
  }
  return x;
}

/** (p_i, 1)' M (r_j, 1) for a symmetric 4 x 4 matrix. */
function product(m: Float64Array, p: Float64Array, i: number, r: Float64Array, j: number): number {
  const [x, y, z] = [r[3 * j]!, r[3 * j + 1]!, r[3 * j + 2]!];
  return (
    p[3 * i]! * (m[0]! * x + m[1]! * y + m[2]! * z + m[3]!) +
    p[3 * i + 1]! * (m[4]! * x + m[5]! * y + m[6]! * z + m[7]!) +
    p[3 * i + 2]! * (m[8]! * x + m[9]! * y + m[10]! * z + m[11]!) +
    (m[12]! * x + m[13]! * y + m[14]! * z + m[15]!)
  );
}

/** The inverse of sum u q q', by Gauss and Jordan; it is positive definite, so the diagonal serves as pivot. */
function inverseMoments(p: Float64Array, u: Float64Array): Float64Array {
  const m = new Float64Array(32);
  for (let i = 0; i < u.length; i++) {
    if (u[i] === 0) continue;
    const q = [p[3 * i]!, p[3 * i + 1]!, p[3 * i + 2]!, 1];
    for (let r = 0; r < 4; r++) for (let c = 0; c < 4; c++) m[8 * r + c]! += u[i]! * q[r]! * q[c]!;
  }
  for (let r = 0; r < 4; r++) m[9 * r + 4] = 1;
  for (let k = 0; k < 4; k++) {
    const pivot = m[9 * k]!;
    for (let c = 0; c < 8; c++) m[8 * k + c]! /= pivot;
    for (let r = 0; r < 4; r++) {
      const factor = m[8 * r + k]!;
      if (r === k) continue;
      for (let c = 0; c < 8; c++) m[8 * r + c]! -= factor * m[8 * k + c]!;
    }
  }
  return Float64Array.from({ length: 16 }, (_, i) => m[8 * (i >> 2) + 4 + (i & 3)]!);
}

/** sum u p p' - c c', c = sum u p; row-major [3, 3]. */
function weightedCovariance(p: Float64Array, u: Float64Array): number[] {
  const mean = [0, 0, 0];
  for (let i = 0; i < u.length; i++) for (let a = 0; a < 3; a++) mean[a]! += u[i]! * p[3 * i + a]!;
  const out = Array.from({ length: 9 }, () => 0);
  for (let i = 0; i < u.length; i++) {
    if (u[i] === 0) continue;
    for (let r = 0; r < 3; r++)
      for (let c = 0; c < 3; c++) out[3 * r + c]! += u[i]! * (p[3 * i + r]! - mean[r]!) * (p[3 * i + c]! - mean[c]!);
  }
  return out;
}
