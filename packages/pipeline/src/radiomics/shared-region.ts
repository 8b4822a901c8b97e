// One region on two threads: its voxels in memory that both see, and a counter from which each takes the next part.
import type { Triple } from "../volume.ts";
import type { GreyLevels, Region } from "./region.ts";
import type { RadiomicsSettings } from "./settings.ts";

/** What the other thread is told of a region; its voxels lie in `buffer`. */
export interface RegionOffer {
  readonly buffer: SharedArrayBuffer;
  /** Of this region: the counters of another one in the same buffer do not answer to it. */
  readonly number: number;
  readonly shape: Triple;
  readonly spacing: Triple;
  readonly settings: RadiomicsSettings;
  /** Places in `PARTS`, those that take longest first. */
  readonly parts: readonly number[];
}

/** A region's intensities and their grey levels, as the parts want them. */
export interface RegionIntensities {
  readonly inside: Float32Array;
  readonly greyLevels: GreyLevels | null;
}

// Words at the head of the buffer: number and next part in one, whether the intensities are there, and their sizes.
const NEXT = 0;
const READY = 1;
const INSIDE = 2;
const LEVELS = 3;
const CROP = 4;
const HEAD_BYTES = 64;
/** Of a voxel: intensity, two masks, intensity inside, level, and the mask of the levels. */
const BYTES_PER_VOXEL = 4 + 1 + 1 + 4 + 2 + 1;
/** Parts are counted in the low bits of a word, regions in the others. */
const PART_BITS = 8;

/** Bytes that a region of so many voxels takes. */
export function sharedBytes(voxels: number): number {
  return HEAD_BYTES + BYTES_PER_VOXEL * voxels + 8;
}

function layout({ buffer, shape }: Pick<RegionOffer, "buffer" | "shape">) {
  const n = shape[0] * shape[1] * shape[2];
  const wide = HEAD_BYTES + 8 * n;
  return {
    head: new Int32Array(buffer, 0, HEAD_BYTES / 4),
    intensity: new Float32Array(buffer, HEAD_BYTES, n),
    inside: new Float32Array(buffer, HEAD_BYTES + 4 * n, n),
    levels: new Uint16Array(buffer, wide, n),
    morphological: new Uint8Array(buffer, wide + 2 * n, n),
    intensityMask: new Uint8Array(buffer, wide + 3 * n, n),
    levelMask: new Uint8Array(buffer, wide + 4 * n, n),
  };
}

/** Lays a region out in the buffer, which holds `sharedBytes` of it; its parts may be taken from now on. */
export function layOut(offer: RegionOffer, region: Region): void {
  const { head, intensity, morphological, intensityMask } = layout(offer);
  intensity.set(region.intensity);
  morphological.set(region.morphological);
  intensityMask.set(region.intensityMask);
  Atomics.store(head, READY, 0);
  Atomics.store(head, NEXT, offer.number << PART_BITS);
}

/** Adds the intensities, for which a part may be waiting. */
export function layOutIntensities(offer: RegionOffer, { inside, greyLevels }: RegionIntensities): void {
  const { head, inside: values, levels, levelMask } = layout(offer);
  values.set(inside);
  head[INSIDE] = inside.length;
  head[LEVELS] = greyLevels?.ng ?? 0;
  if (greyLevels) {
    levels.set(greyLevels.levels);
    levelMask.set(greyLevels.morphological);
    head.set(greyLevels.shape, CROP);
  }
  Atomics.store(head, READY, 1);
  Atomics.notify(head, READY);
}

/** Takes the next part of the region: its place in `offer.parts`, or -1 where none is left. */
export function takePart({ buffer, number, parts }: Pick<RegionOffer, "buffer" | "number" | "parts">): number {
  const head = new Int32Array(buffer, 0, 1);
  for (;;) {
    const word = Atomics.load(head, NEXT);
    const part = word - (number << PART_BITS);
    if (part < 0 || part >= parts.length) return -1;
    if (Atomics.compareExchange(head, NEXT, word, word + 1) === word) return part;
  }
}

/** Leaves no part to take, for a region that turned out to have no features; whoever waits for intensities goes on without. */
export function withdraw(offer: RegionOffer): void {
  const { head } = layout(offer);
  Atomics.store(head, NEXT, (offer.number << PART_BITS) + offer.parts.length);
  head.fill(0, INSIDE, CROP);
  Atomics.store(head, READY, 1);
  Atomics.notify(head, READY);
}

/** The region as the other thread sees it. */
export function sharedRegion(offer: RegionOffer): Region {
  const { intensity, morphological, intensityMask } = layout(offer);
  return { shape: offer.shape, spacing: offer.spacing, intensity, morphological, intensityMask };
}

/** The region's intensities, once they are there; the thread waits for them. */
export function awaitIntensities(offer: RegionOffer): RegionIntensities {
  const { head, inside, levels, levelMask } = layout(offer);
  Atomics.wait(head, READY, 0);
  const shape = [head[CROP]!, head[CROP + 1]!, head[CROP + 2]!] as const;
  const count = shape[0] * shape[1] * shape[2];
  const greyLevels =
    head[LEVELS] === 0
      ? null
      : {
          shape,
          spacing: offer.spacing,
          levels: levels.subarray(0, count),
          ng: head[LEVELS]!,
          morphological: levelMask.subarray(0, count),
        };
  return { inside: inside.subarray(0, head[INSIDE]!), greyLevels };
}
