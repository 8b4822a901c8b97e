// A second thread for one region: it takes the parts that nobody has begun, and the same bits come out whoever computes what.
import type { Core } from "@islet/core-wasm";
import { AskedShape, layOutMask, shapeBytes, shapeOfOffer, type BoxOfMask, type ShapeOffer } from "./asked-shape.ts";
import { intensitiesOf, named, noFeatures } from "./extract.ts";
import { gatherParts, PARTS, wantedParts, type Found, type Measured } from "./families.ts";
import { NOT_FINITE, type FeatureValues } from "./feature.ts";
import type { Shape } from "./morphology-features.ts";
import type { Region } from "./region.ts";
import type { RadiomicsSettings } from "./settings.ts";
import {
  awaitIntensities,
  layOut,
  layOutIntensities,
  sharedBytes,
  sharedRegion,
  takePart,
  withdraw,
  type RegionIntensities,
  type RegionOffer,
} from "./shared-region.ts";

/** The other thread as it is asked. */
export interface HelperApi {
  /** It computes parts of the region until none is left, and gives those by their place in the offer. */
  share(offer: RegionOffer): Promise<readonly (readonly [part: number, found: Found])[]>;
  /** It measures the shape of a mask; null where that has been taken back. */
  measure(offer: ShapeOffer): Promise<Shape | null>;
}

/** The other thread's own side. */
export function createHelper(core: Core): HelperApi {
  return {
    measure: async (offer) => shapeOfOffer(offer),
    async share(offer) {
      let known: RegionIntensities | null = null;
      const intensities = () => (known ??= awaitIntensities(offer));
      const measured: Measured = { core, region: sharedRegion(offer), settings: offer.settings, intensities };
      const found: [number, Found][] = [];
      for (let part = takePart(offer); part >= 0; part = takePart(offer)) {
        try {
          found.push([part, PARTS[offer.parts[part]!]!.compute(measured)]);
        } catch {
          // Left to the thread that asked, where it fails again with an error of its own class.
        }
      }
      return found;
    },
  };
}

/** One thread's memory for regions that it shares, and who helps; for one region at a time. */
export class Helper {
  readonly #ask: HelperApi["share"];
  readonly #measure: HelperApi["measure"] | null;
  #buffer = new SharedArrayBuffer(sharedBytes(0));
  #mask = new SharedArrayBuffer(shapeBytes(0));
  #number = 0;
  #isAwake = false;

  /**
   * @param ask      hands a region to the other thread; rejects where that has ended
   * @param measure  hands it a mask; without, this thread measures shapes
   */
  constructor(ask: HelperApi["share"], measure: HelperApi["measure"] | null = null) {
    this.#ask = ask;
    this.#measure = measure;
  }

  /** Offers a region; the parts that the other thread computed, once it has taken its last. */
  offer(region: Region, settings: RadiomicsSettings): { offer: RegionOffer; theirs: Promise<Map<number, Found>> } {
    const bytes = sharedBytes(region.intensity.length);
    if (this.#buffer.byteLength < bytes) this.#buffer = new SharedArrayBuffer(bytes);
    const { shape, spacing } = region;
    const offer: RegionOffer = { buffer: this.#buffer, number: ++this.#number, shape, spacing, settings, parts: wantedParts(settings) };
    layOut(offer, region);
    const theirs = this.#ask(offer).then(
      (found) => {
        this.#isAwake = true;
        return new Map(found);
      },
      () => {
        this.#isAwake = false;
        return new Map<number, Found>();
      },
    );
    return { offer, theirs };
  }

  /** Offers a mask to be measured; null where the other thread has not answered yet, so that nobody should wait for it. */
  askShape(mask: BoxOfMask): AskedShape | null {
    if (!this.#isAwake || this.#measure === null) return null;
    const { shape, spacing, morphological } = mask;
    const bytes = shapeBytes(morphological.length);
    if (this.#mask.byteLength < bytes) this.#mask = new SharedArrayBuffer(bytes);
    const offer: ShapeOffer = { buffer: this.#mask, number: ++this.#number, shape, spacing };
    layOutMask(offer, mask);
    return new AskedShape(
      mask,
      offer,
      this.#measure(offer).catch(() => null),
    );
  }
}

/**
 * Every feature of a prepared region on two threads, to the bits of `extractFeatures`.
 *
 * @param shape   gives the shape of its morphological mask, null where the settings want no morphology, or who has been asked for it; called while the other
 *   thread computes, whatever the intensities are
 * @throws ConfigError when the settings do not fit the image
 */
export async function extractTogether(
  core: Core,
  helper: Helper,
  region: Region,
  shape: () => Shape | AskedShape | null,
  settings: RadiomicsSettings,
): Promise<FeatureValues> {
  const { offer, theirs } = helper.offer(region, settings);
  let intensities: RegionIntensities | null;
  try {
    intensities = intensitiesOf(region, settings);
  } catch (error) {
    withdraw(offer);
    await theirs;
    throw error;
  }
  if (intensities === null) {
    withdraw(offer);
    shape();
    await theirs;
    return noFeatures(settings, NOT_FINITE);
  }
  layOutIntensities(offer, intensities);
  const measured: Measured = { core, region, settings, intensities: () => intensities };
  const compute = (part: number) => PARTS[offer.parts[part]!]!.compute(measured);
  const found = new Map<number, Found>();
  const own = shape();
  for (let part = takePart(offer); part >= 0; part = takePart(offer)) found.set(part, compute(part));
  // A thread that is still starting has taken nothing, and nobody waits for it.
  const others = found.size < offer.parts.length ? await theirs : new Map<number, Found>();
  const all = offer.parts.map((_, part) => found.get(part) ?? others.get(part) ?? compute(part));
  return named(gatherParts(settings, own instanceof AskedShape ? await own.finish() : own, all));
}
