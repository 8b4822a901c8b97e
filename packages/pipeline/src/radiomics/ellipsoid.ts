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

/** How far from optimal the smallest ellipsoid may be: its volume is at most this part too large, times 3/2. */
const GAP = 1e-7;
const MOST_STEPS = 100_000;

/**
 * Semi-axes of the smallest ellipsoid that holds some points (minimum volume enclosing ellipsoid), longest first.
 *
 * Khachiyan's coordinate ascent on the weights u of the points, with steps away from points that do not matter:
 *
 *   q = (p, 1),   X = sum u q q',   kappa(p) = q' X^-1 q;   optimal where kappa <= 4 everywhere and = 4 where u > 0
 *
 * The ellipsoid is { p : (p - c)' (3 S)^-1 (p - c) <= 1 } with the weighted mean c and covariance S; at the end it is grown, by less than 1e-7, to hold every point.
 *
 * @param points  [n, 3], not all in one plane
 * @see Khachiyan 1996; Todd & Yildirim 2007
 */
export function enclosingEllipsoid(points: Float64Array): [number, number, number] {
  const n = points.length / 3;
  const u = startWeights(points);
  let inverse = inverseMoments(points, u);
  const kappa = new Float64Array(n);
  const refresh = () => {
    inverse = inverseMoments(points, u);
    for (let i = 0; i < n; i++) kappa[i] = quadratic(inverse, points, i, i);
  };
  refresh();
  for (let step = 1; step <= MOST_STEPS; step++) {
    const { far, near } = extremes(kappa, u);
    if (Math.max(kappa[far]! - 4, 4 - kappa[near]!) <= 4 * GAP) break;
    const isTowards = kappa[far]! - 4 >= 4 - kappa[near]!;
    const j = isTowards ? far : near;
    const wanted = kappa[j]! > 1 ? (kappa[j]! - 4) / (4 * (kappa[j]! - 1)) : -Infinity;
    const share = isTowards ? wanted : Math.max(wanted, -u[j]! / (1 - u[j]!));
    for (let i = 0; i < n; i++) u[i]! *= 1 - share;
    u[j] = Math.max(0, u[j]! + share);
    // Rank-one updates drift; the moments are summed anew now and then.
    if (step % 50 === 0) refresh();
    else update(points, inverse, kappa, j, share);
  }
  refresh();
  const covariance = weightedCovariance(points, u);
  const grow = Math.max(...kappa) - 1;
  return symmetricEigenvalues(covariance).map((lambda) => Math.sqrt(Math.max(0, lambda) * grow)) as [number, number, number];
}

/** Equal weights for the points farthest along the axes and their diagonals, which span the space. */
function startWeights(p: Float64Array): Float64Array {
  const directions = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 1, 1],
    [1, -1, 1],
    [1, 1, -1],
    [1, -1, -1],
  ];
  const chosen = new Set<number>();
  for (const [a, b, c] of directions as [number, number, number][]) {
    let [low, high] = [0, 0];
    const height = (i: number) => a * p[3 * i]! + b * p[3 * i + 1]! + c * p[3 * i + 2]!;
    for (let i = 1; i < p.length / 3; i++) {
      if (height(i) < height(low)) low = i;
      if (height(i) > height(high)) high = i;
    }
    chosen.add(low).add(high);
  }
  const u = new Float64Array(p.length / 3);
  for (const i of chosen) u[i] = 1 / chosen.size;
  return u;
}

/** The point of the largest kappa, and that of the smallest among those with a weight. */
function extremes(kappa: Float64Array, u: Float64Array): { far: number; near: number } {
  let [far, near] = [0, -1];
  for (let i = 0; i < kappa.length; i++) {
    if (kappa[i]! > kappa[far]!) far = i;
    if (u[i]! > 0 && (near < 0 || kappa[i]! < kappa[near]!)) near = i;
  }
  return { far, near };
}

/** Inverse and kappa after X becomes (1 - share) X + share q q' with q of point j (Sherman and Morrison). */
function update(p: Float64Array, inverse: Float64Array, kappa: Float64Array, j: number, share: number): void {
  const w = new Float64Array(4);
  for (let r = 0; r < 4; r++) {
    w[r] = inverse[4 * r]! * p[3 * j]! + inverse[4 * r + 1]! * p[3 * j + 1]! + inverse[4 * r + 2]! * p[3 * j + 2]! + inverse[4 * r + 3]!;
  }
  const factor = share / (1 - share + share * kappa[j]!);
  const rest = 1 / (1 - share);
  for (let i = 0; i < kappa.length; i++) {
    const g = w[0]! * p[3 * i]! + w[1]! * p[3 * i + 1]! + w[2]! * p[3 * i + 2]! + w[3]!;
    kappa[i] = rest * (kappa[i]! - factor * g * g);
  }
  for (let r = 0; r < 4; r++) for (let c = 0; c < 4; c++) inverse[4 * r + c] = rest * (inverse[4 * r + c]! - factor * w[r]! * w[c]!);
}

/** (p_i, 1)' M (p_j, 1) for a 4 x 4 matrix. */
function quadratic(m: Float64Array, p: Float64Array, i: number, j: number): number {
  const at = (k: number, a: number) => (a === 3 ? 1 : p[3 * k + a]!);
  let sum = 0;
  for (let r = 0; r < 4; r++) for (let c = 0; c < 4; c++) sum += m[4 * r + c]! * at(i, r) * at(j, c);
  return sum;
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
