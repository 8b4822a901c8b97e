// The smallest box around a convex body, however it is turned.
import type { MeshHull } from "./mesh-hull.ts";

type Vector = readonly [number, number, number];

/** A rectangular box by the lengths of its edges, mm. */
export interface Box {
  readonly edges: Vector;
}

/** A box with the directions of its edges. */
interface TurnedBox extends Box {
  readonly volume: number;
  readonly axes: readonly [Vector, Vector, Vector];
}

/**
 * The oriented minimum bounding box of a hull, to a local optimum.
 *
 * Of every box that has a face in a face's plane, or its edges along the image's axes, the smallest is taken: along the face's normal the
 * hull's shadow is a convex polygon, and the smallest rectangle around a polygon has a side along one of the polygon's. Then the box is turned about
 * its own three axes in the same way until it grows no smaller. The smallest box of all may touch no face with a whole face (O'Rourke 1985), so this
 * one can be slightly larger; it is never larger than the axis-aligned one.
 *
 * @see Freeman & Shapira 1975, the smallest rectangle; O'Rourke 1985, the smallest box; IBSI's morph_vol_dens_ombb has no consensus value
 */
export function minimumBox(hull: MeshHull): Box {
  let best: TurnedBox | null = null;
  const consider = (direction: Vector): boolean => {
    const box = smallestBoxAlong(hull, direction);
    const isBetter = best === null || box.volume < best.volume * (1 - 1e-9);
    if (isBetter) best = box;
    return isBetter;
  };
  consider([1, 0, 0]);
  consider([0, 1, 0]);
  consider([0, 0, 1]);
  for (const direction of faceDirections(hull)) consider(direction);
  while (best!.axes.map(consider).includes(true));
  return best!;
}

/** The normals of the hull's faces, each once: faces of one plane, or of opposite ones, share theirs. */
function faceDirections({ normals }: MeshHull): Vector[] {
  const seen = new Map<number, Vector>();
  for (let f = 0; f < normals.length; f += 3) {
    const direction = unit([normals[f]!, normals[f + 1]!, normals[f + 2]!]);
    const sign = Math.sign(direction.find((v) => Math.abs(v) > 1e-9) ?? 1);
    const [a, b, c] = direction.map((v) => Math.round((sign * v + 1) * 2 ** 16)) as unknown as Vector;
    seen.set((a * 2 ** 17 + b) * 2 ** 17 + c, direction);
  }
  return [...seen.values()];
}

/** The smallest box with an edge along a direction. */
function smallestBoxAlong(hull: MeshHull, along: Vector): TurnedBox {
  const u = unit(cross(along, Math.abs(along[0]) < 0.6 ? [1, 0, 0] : [0, 1, 0]));
  const v = cross(along, u);
  const { points } = hull;
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 3) {
    const t = points[i]! * along[0] + points[i + 1]! * along[1] + points[i + 2]! * along[2];
    if (t < low) low = t;
    if (t > high) high = t;
  }
  const { width, height, cos, sin } = smallestRectangle(shadow(hull, along, u, v));
  return {
    volume: (high - low) * width * height,
    edges: [high - low, width, height],
    axes: [along, combine(u, cos, v, sin), combine(u, -sin, v, cos)],
  };
}

/**
 * The outline of the hull seen along a direction: the loop of edges between faces that look towards it and faces that do not.
 *
 * @returns its corners in the plane of u and v, [n, 2], in order around it
 */
function shadow({ points, faces, neighbours, normals }: MeshHull, along: Vector, u: Vector, v: Vector): Float64Array {
  const count = faces.length / 3;
  const isFacing = new Uint8Array(count);
  for (let f = 0; f < count; f++) {
    const [a, b, c] = [normals[3 * f]!, normals[3 * f + 1]!, normals[3 * f + 2]!];
    // Faces seen edge-on must all count alike, or the outline would have branches.
    const towards = a * along[0] + b * along[1] + c * along[2];
    isFacing[f] = towards > 1e-9 * (Math.abs(a) + Math.abs(b) + Math.abs(c)) ? 1 : 0;
  }
  const next = new Map<number, number>();
  for (let f = 0; f < count; f++) {
    if (isFacing[f] === 0) continue;
    for (let e = 0; e < 3; e++) {
      if (isFacing[neighbours[3 * f + e]!] === 0) next.set(faces[3 * f + e]!, faces[3 * f + ((e + 1) % 3)]!);
    }
  }
  const out = new Float64Array(2 * next.size);
  let corner = next.keys().next().value!;
  for (let i = 0; i < out.length; i += 2, corner = next.get(corner)!) {
    const at = 3 * corner;
    out[i] = points[at]! * u[0] + points[at + 1]! * u[1] + points[at + 2]! * u[2];
    out[i + 1] = points[at]! * v[0] + points[at + 1]! * v[1] + points[at + 2]! * v[2];
  }
  return out;
}

/** The rectangle of the smallest area around a convex polygon, with a side along (cos, sin). Calipers: the three extreme corners only move on as the side turns. */
function smallestRectangle(p: Float64Array): { width: number; height: number; cos: number; sin: number } {
  const n = p.length / 2;
  const along = (i: number, c: number, s: number) => p[2 * (i % n)]! * c + p[2 * (i % n) + 1]! * s;
  const turn = turning(p);
  let best = { width: Infinity, height: Infinity, cos: 1, sin: 0 };
  let [right, far, left] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [dx, dy] = [along(i + 1, 1, 0) - along(i, 1, 0), along(i + 1, 0, 1) - along(i, 0, 1)];
    const length = Math.hypot(dx, dy);
    if (length === 0) continue;
    const [c, s] = [dx / length, dy / length];
    const inward = [-s * turn, c * turn] as const;
    right = climb(Math.max(right, i + 1), (k) => along(k, c, s), i + n);
    far = climb(Math.max(far, right), (k) => along(k, ...inward), i + n);
    left = climb(Math.max(left, far), (k) => -along(k, c, s), i + n);
    const width = along(right, c, s) - along(left, c, s);
    const height = along(far, ...inward) - along(i, ...inward);
    if (width * height < best.width * best.height) best = { width, height, cos: c, sin: s };
  }
  return best;
}

/** Walks up a convex polygon from corner k until the next one is lower. */
function climb(k: number, height: (k: number) => number, end: number): number {
  let at = k;
  while (at < end && height(at + 1) >= height(at)) at++;
  return at;
}

/** 1 where a polygon runs counter-clockwise, else -1. */
function turning(p: Float64Array): number {
  let twice = 0;
  for (let i = 0, j = p.length - 2; i < p.length; j = i, i += 2) twice += p[j]! * p[i + 1]! - p[i]! * p[j + 1]!;
  return Math.sign(twice);
}

const cross = (a: Vector, b: Vector): Vector => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
const combine = (a: Vector, s: number, b: Vector, t: number): Vector => [s * a[0] + t * b[0], s * a[1] + t * b[1], s * a[2] + t * b[2]];
function unit(a: Vector): Vector {
  const length = Math.hypot(a[0], a[1], a[2]);
  return [a[0] / length, a[1] / length, a[2] / length];
}
