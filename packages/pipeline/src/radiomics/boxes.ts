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
  let best = measured(hull, [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ]);
  const consider = (direction: Vector): boolean => {
    const found = smallestBoxAlong(hull, direction);
    if (found.volume >= best.volume * (1 - 1e-9)) return false;
    // Measured anew by every corner: an outline is followed by the signs of rounded numbers.
    const box = measured(hull, found.axes);
    if (box.volume >= best.volume * (1 - 1e-9)) return false;
    best = box;
    return true;
  };
  for (const axis of best.axes) consider(axis);
  for (const direction of faceDirections(hull)) consider(direction);
  for (let turn = 0; turn < MOST_TURNS && best.axes.map(consider).includes(true); turn++);
  return best;
}

/** Turning about its own axes ends after a few rounds. */
const MOST_TURNS = 50;

/** The box with these axes around all corners of the hull. */
function measured({ points }: MeshHull, axes: TurnedBox["axes"]): TurnedBox {
  const edges = axes.map((axis) => {
    const [low, high] = extent(points, axis);
    return high - low;
  }) as unknown as Vector;
  return { axes, edges, volume: edges[0] * edges[1] * edges[2] };
}

function extent(points: Float64Array, [a, b, c]: Vector): readonly [low: number, high: number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < points.length; i += 3) {
    const t = points[i]! * a + points[i + 1]! * b + points[i + 2]! * c;
    if (t < low) low = t;
    if (t > high) high = t;
  }
  return [low, high];
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
function smallestBoxAlong(hull: MeshHull, along: Vector): Pick<TurnedBox, "axes" | "volume"> {
  const u = unit(cross(along, Math.abs(along[0]) < 0.6 ? [1, 0, 0] : [0, 1, 0]));
  const v = cross(along, u);
  const [low, high] = extent(hull.points, along);
  const { width, height, cos, sin } = smallestRectangle(shadow(hull, along, u, v));
  return { volume: (high - low) * width * height, axes: [along, combine(u, cos, v, sin), combine(u, -sin, v, cos)] };
}

/**
 * The outline of the hull seen along a direction: the loop of edges between faces that look towards it and faces that do not.
 *
 * @returns its corners in the plane of u and v, [n, 2], in order around it
 */
function shadow({ points, faces, neighbours, normals }: MeshHull, along: Vector, u: Vector, v: Vector): Float64Array {
  const isFacing = new Uint8Array(faces.length / 3);
  const [ahead, up, aside] = along;
  for (let f = 0; f < faces.length; f += 3) {
    const a = normals[f]!;
    const b = normals[f + 1]!;
    const c = normals[f + 2]!;
    const towards = a * ahead + b * up + c * aside;
    // Faces seen edge-on must all count alike, or the outline would have branches.
    isFacing[f / 3] = towards > 1e-9 * (Math.abs(a) + Math.abs(b) + Math.abs(c)) ? 1 : 0;
  }
  const next = new Int32Array(points.length / 3).fill(-1);
  let [start, count] = [0, 0];
  for (let f = 0, e = 0; f < isFacing.length; f++, e += 3) {
    if (isFacing[f] === 0) continue;
    for (let k = 0; k < 3; k++) {
      if (isFacing[neighbours[e + k]!] === 1) continue;
      start = faces[e + k]!;
      next[start] = faces[e + (k === 2 ? 0 : k + 1)]!;
      count++;
    }
  }
  const out = new Float64Array(2 * count);
  for (let i = 0, corner = start; i < out.length; i += 2, corner = next[corner]!) {
    const at = 3 * corner;
    out[i] = points[at]! * u[0] + points[at + 1]! * u[1] + points[at + 2]! * u[2];
    out[i + 1] = points[at]! * v[0] + points[at + 1]! * v[1] + points[at + 2]! * v[2];
  }
  return out;
}

/**
 * The rectangle of the smallest area around a convex polygon, with a side along (cos, sin).
 *
 * Calipers: as the side turns from edge to edge, the corners farthest along it, across it and back only move on.
 */
function smallestRectangle(p: Float64Array): { width: number; height: number; cos: number; sin: number } {
  const n = p.length / 2;
  const turn = turning(p);
  let best = { width: Infinity, height: Infinity, cos: 1, sin: 0 };
  let [ahead, across, back] = [1, 1, 1];
  for (let i = 0; i < n; i++) {
    const j = (i + 1) % n;
    const dx = p[2 * j]! - p[2 * i]!;
    const dy = p[2 * j + 1]! - p[2 * i + 1]!;
    const length = Math.sqrt(dx * dx + dy * dy);
    if (length === 0) continue;
    const c = dx / length;
    const s = dy / length;
    const inX = -s * turn;
    const inY = c * turn;
    ahead = climb(p, n, Math.max(ahead, i + 1), c, s, i + n);
    across = climb(p, n, Math.max(across, ahead), inX, inY, i + n);
    back = climb(p, n, Math.max(back, across), -c, -s, i + n);
    const a = 2 * (ahead % n);
    const h = 2 * (across % n);
    const b = 2 * (back % n);
    const width = (p[a]! - p[b]!) * c + (p[a + 1]! - p[b + 1]!) * s;
    const height = (p[h]! - p[2 * i]!) * inX + (p[h + 1]! - p[2 * i + 1]!) * inY;
    if (width * height < best.width * best.height) best = { width, height, cos: c, sin: s };
  }
  return best;
}

/** Walks along a convex polygon from corner k, up in the direction (c, s), until the next corner is lower. */
function climb(p: Float64Array, n: number, k: number, c: number, s: number, end: number): number {
  let at = k;
  let height = p[2 * (at % n)]! * c + p[2 * (at % n) + 1]! * s;
  while (at < end) {
    const to = (at + 1) % n;
    const higher = p[2 * to]! * c + p[2 * to + 1]! * s;
    if (higher < height) break;
    height = higher;
    at++;
  }
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
