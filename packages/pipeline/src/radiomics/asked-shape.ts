// The shape of a region on another thread, while this one waits for the scan.
import type { Triple } from "../volume.ts";
import type { Shape } from "./morphology-features.ts";
import { shapeInBox } from "./morphology.ts";
import type { Region } from "./region.ts";

/** A morphological mask that reaches all six sides of its box. */
export type BoxOfMask = Pick<Region, "shape" | "spacing" | "morphological">;

/** What the other thread is told of a mask; its voxels lie in `buffer`. */
export interface ShapeOffer {
  readonly buffer: SharedArrayBuffer;
  /** Of this mask: it is 0 or more, and another mask in the same buffer has another. */
  readonly number: number;
  readonly shape: Triple;
  readonly spacing: Triple;
}

/** The first word of a buffer is the number of a mask that nobody has begun, or TAKEN. */
const TAKEN = -1;
const HEAD_BYTES = 64;

/** Bytes that a mask of so many voxels takes. */
export function shapeBytes(voxels: number): number {
  return HEAD_BYTES + voxels;
}

/** Lays a mask out in the buffer, which holds `shapeBytes` of it; its shape may be taken from now on. */
export function layOutMask({ buffer, number }: ShapeOffer, { morphological }: BoxOfMask): void {
  new Uint8Array(buffer, HEAD_BYTES, morphological.length).set(morphological);
  Atomics.store(new Int32Array(buffer, 0, 1), 0, number);
}

function take({ buffer, number }: ShapeOffer): boolean {
  return Atomics.compareExchange(new Int32Array(buffer, 0, 1), 0, number, TAKEN) === number;
}

/** The other thread's side: the shape, or null where it has been taken already. */
export function shapeOfOffer(offer: ShapeOffer): Shape | null {
  if (!take(offer)) return null;
  const { buffer, shape, spacing } = offer;
  return shapeInBox({ shape, spacing, morphological: new Uint8Array(buffer, HEAD_BYTES, shape[0] * shape[1] * shape[2]) });
}

/** A shape that the other thread has been asked for. */
export class AskedShape {
  readonly #mask: BoxOfMask;
  readonly #offer: ShapeOffer;
  readonly #theirs: Promise<Shape | null>;

  /** @param theirs  the other thread's answer; null where it has none, or has ended */
  constructor(mask: BoxOfMask, offer: ShapeOffer, theirs: Promise<Shape | null>) {
    this.#mask = mask;
    this.#offer = offer;
    this.#theirs = theirs;
  }

  /** The shape: by the other thread where it has begun, else by this one, at once. */
  async finish(): Promise<Shape> {
    return (take(this.#offer) ? null : await this.#theirs) ?? shapeInBox(this.#mask);
  }
}
