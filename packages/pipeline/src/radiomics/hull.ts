// Convex hull of points with whole coordinates, exactly: quickhull in three dimensions.
import { ShapeError } from "../errors.ts";

/** A convex polyhedron whose faces are triangles. */
export interface Hull {
  /** The points that are corners of faces, [n, 3]. */
  readonly points: Float64Array;
  /** Corners a, b, c of each face as indices of points, in the order for which a . (b x c) over all faces adds up to a positive volume, [m, 3]. */
  readonly faces: Int32Array;
  /** The face across the edge from each corner to the next, [m, 3]. */
  readonly neighbours: Int32Array;
}

/** No product of three differences may leave the whole numbers that f64 holds. */
const WIDEST = 2 ** 16;

/**
 * The convex hull of some points.
 *
 * All coordinates are whole numbers, so a point is above, in or below a plane without rounding and without a tolerance. A point in
 * the plane of a face counts as not above it; facets of more than three corners come as several coplanar triangles.
 *
 * @param points  [n, 3] whole numbers whose range is at most 2^16; not all in one plane
 * @throws ShapeError when all points lie in one plane, or are too far apart
 * @see Barber, Dobkin & Huhdanpaa 1996, the quickhull algorithm
 */
export function convexHull(points: Float64Array): Hull {
  const builder = new Builder(points);
  builder.start();
  builder.grow();
  return builder.result();
}

class Builder {
  readonly #p: Float64Array;
  #faces = 0;
  #room = 1024;
  #corners = new Int32Array(3 * this.#room);
  #across = new Int32Array(3 * this.#room);
  /** Normal and offset of each face. */
  #planes = new Float64Array(4 * this.#room);
  /** 1 where a face has been covered by others. */
  #isDead = new Uint8Array(this.#room);
  /** First point above each face, -1 for none; and the next one for each point. */
  #above = new Int32Array(this.#room);
  readonly #next: Int32Array;
  /** The highest point above each face and its height. */
  #top = new Int32Array(this.#room);
  #height = new Float64Array(this.#room);
  readonly #pending: number[] = [];
  /** While a cone is built: its face whose border edge starts or ends at each point. */
  readonly #startingAt: Int32Array;
  readonly #endingAt: Int32Array;

  constructor(points: Float64Array) {
    const n = points.length / 3;
    this.#p = points;
    this.#next = new Int32Array(n);
    this.#startingAt = new Int32Array(n);
    this.#endingAt = new Int32Array(n);
    for (let a = 0; a < 3; a++) {
      let [low, high] = [Infinity, -Infinity];
      for (let i = a; i < points.length; i += 3) {
        low = Math.min(low, points[i]!);
        high = Math.max(high, points[i]!);
      }
      if (high - low > WIDEST) throw new ShapeError(`convexHull: coordinates range over ${high - low}, expected at most ${WIDEST}`);
    }
  }

  /** Begins with a tetrahedron: the two ends of the first axis that has two, the point farthest from their line, and the one farthest from that plane. */
  start(): void {
    const n = this.#p.length / 3;
    const best = (score: (i: number) => number) => {
      let at = 0;
      for (let i = 1, most = score(0); i < n; i++) {
        const value = score(i);
        if (value > most) [at, most] = [i, value];
      }
      return at;
    };
    const axis = [0, 1, 2].find((a) => this.#p.some((v, i) => i % 3 === a && v !== this.#p[a])) ?? 0;
    const a = best((i) => this.#p[3 * i + axis]!);
    const b = best((i) => -this.#p[3 * i + axis]!);
    const c = best((i) => Math.hypot(...this.#normal(a, b, i)));
    const plane = this.#normal(a, b, c);
    const side = (i: number) => this.#dot(plane, i) - this.#dot(plane, a);
    const d = best((i) => Math.abs(side(i)));
    if (n === 0 || side(d) === 0) throw new ShapeError(`convexHull: the ${n} points lie in one plane, so their hull has no volume`);
    const [p, q, r] = side(d) < 0 ? [a, b, c] : [a, c, b];
    this.#face(p!, q!, r!, 1, 2, 3);
    this.#face(q!, p!, d, 0, 3, 2);
    this.#face(r!, q!, d, 0, 1, 3);
    this.#face(p!, r!, d, 0, 2, 1);
    for (let i = 0; i < n; i++) this.#place(i, 0);
  }

  /** Raises the hull to the highest point above a face until none is left outside. */
  grow(): void {
    for (let face = this.#pending.pop(); face !== undefined; face = this.#pending.pop()) {
      if (this.#isDead[face] === 0) this.#raise(face);
    }
  }

  /** Replaces the faces that the highest point above a face sees by a cone of new ones from their border to this point. */
  #raise(face: number): void {
    const apex = this.#top[face]!;
    const seen = [face];
    this.#isDead[face] = 1;
    for (let k = 0; k < seen.length; k++) {
      for (let e = 0; e < 3; e++) {
        const beyond = this.#across[3 * seen[k]! + e]!;
        if (this.#isDead[beyond] === 1 || this.#heightOver(beyond, apex) <= 0) continue;
        this.#isDead[beyond] = 1;
        seen.push(beyond);
      }
    }
    // The cone, first without its inner neighbours: the border is met in no order.
    const first = this.#faces;
    for (const dead of seen) {
      for (let e = 0; e < 3; e++) {
        const beyond = this.#across[3 * dead + e]!;
        if (this.#isDead[beyond] === 1) continue;
        const from = this.#corners[3 * dead + e]!;
        const to = this.#corners[3 * dead + ((e + 1) % 3)]!;
        const added = this.#face(from, to, apex, beyond, -1, -1);
        this.#startingAt[from] = added;
        this.#endingAt[to] = added;
        const back = this.#corners[3 * beyond] === to ? 0 : this.#corners[3 * beyond + 1] === to ? 1 : 2;
        this.#across[3 * beyond + back] = added;
      }
    }
    for (let added = first; added < this.#faces; added++) {
      this.#across[3 * added + 1] = this.#startingAt[this.#corners[3 * added + 1]!]!;
      this.#across[3 * added + 2] = this.#endingAt[this.#corners[3 * added]!]!;
    }
    for (const dead of seen) {
      for (let i = this.#above[dead]!; i >= 0;) {
        const following = this.#next[i]!;
        if (i !== apex) this.#place(i, first);
        i = following;
      }
    }
  }

  result(): Hull {
    const number = new Int32Array(this.#faces).fill(-1);
    let [alive, used] = [0, 0];
    for (let f = 0; f < this.#faces; f++) if (this.#isDead[f] === 0) number[f] = alive++;
    const faces = new Int32Array(3 * alive);
    const neighbours = new Int32Array(3 * alive);
    const pointOf = new Int32Array(this.#p.length / 3).fill(-1);
    const points: number[] = [];
    for (let f = 0, to = 0; f < this.#faces; f++) {
      if (this.#isDead[f] === 1) continue;
      for (let e = 3 * f; e < 3 * f + 3; e++, to++) {
        const i = this.#corners[e]!;
        if (pointOf[i]! < 0) {
          pointOf[i] = used++;
          points.push(this.#p[3 * i]!, this.#p[3 * i + 1]!, this.#p[3 * i + 2]!);
        }
        faces[to] = pointOf[i]!;
        neighbours[to] = number[this.#across[e]!]!;
      }
    }
    return { points: Float64Array.from(points), faces, neighbours };
  }

  /** Adds the face a, b, c with its neighbours across a-b, b-c and c-a; its number. */
  #face(a: number, b: number, c: number, ab: number, bc: number, ca: number): number {
    if (this.#faces === this.#room) this.#makeRoom();
    const face = this.#faces++;
    const normal = this.#normal(a, b, c);
    this.#corners.set([a, b, c], 3 * face);
    this.#across.set([ab, bc, ca], 3 * face);
    this.#planes.set(normal, 4 * face);
    this.#planes[4 * face + 3] = this.#dot(normal, a);
    this.#above[face] = -1;
    this.#height[face] = 0;
    return face;
  }

  #makeRoom(): void {
    this.#room *= 2;
    const larger = <T extends Int32Array | Float64Array | Uint8Array>(old: T, made: T): T => {
      made.set(old);
      return made;
    };
    this.#corners = larger(this.#corners, new Int32Array(3 * this.#room));
    this.#across = larger(this.#across, new Int32Array(3 * this.#room));
    this.#planes = larger(this.#planes, new Float64Array(4 * this.#room));
    this.#isDead = larger(this.#isDead, new Uint8Array(this.#room));
    this.#above = larger(this.#above, new Int32Array(this.#room));
    this.#top = larger(this.#top, new Int32Array(this.#room));
    this.#height = larger(this.#height, new Float64Array(this.#room));
  }

  /** Gives a point to the first face from `first` on that it is above; inside all of them it is forgotten. */
  #place(i: number, first: number): void {
    for (let face = first; face < this.#faces; face++) {
      const height = this.#heightOver(face, i);
      if (height <= 0) continue;
      if (this.#above[face]! < 0) this.#pending.push(face);
      this.#next[i] = this.#above[face]!;
      this.#above[face] = i;
      // Heights of one face compare by the length of its one normal, so it need not be normalised.
      if (height > this.#height[face]!) {
        this.#height[face] = height;
        this.#top[face] = i;
      }
      return;
    }
  }

  #heightOver(face: number, i: number): number {
    const p = this.#planes;
    const q = this.#p;
    const at = 4 * face;
    const to = 3 * i;
    return p[at]! * q[to]! + p[at + 1]! * q[to + 1]! + p[at + 2]! * q[to + 2]! - p[at + 3]!;
  }

  #normal(a: number, b: number, c: number): [number, number, number] {
    const p = this.#p;
    const d = (i: number, k: number) => p[3 * i + k]! - p[3 * a + k]!;
    return [d(b, 1) * d(c, 2) - d(b, 2) * d(c, 1), d(b, 2) * d(c, 0) - d(b, 0) * d(c, 2), d(b, 0) * d(c, 1) - d(b, 1) * d(c, 0)];
  }

  #dot(normal: readonly number[], i: number): number {
    return normal[0]! * this.#p[3 * i]! + normal[1]! * this.#p[3 * i + 1]! + normal[2]! * this.#p[3 * i + 2]!;
  }
}
