// A network's slices a few at a time, so that whoever waits sees how far it is.
import type { SliceEncoder } from "../deep/encode.ts";
import type { Slices } from "../deep/slices.ts";

/** Slices of a part: a GPU's usual batch, so that its numbers are those of one call. */
const PART = 4;

/**
 * An encoder that tells after every part how many slices are done; each slice's vector is what one call gives.
 *
 * @param tell  slices done, and slices in all
 */
export function encodingInParts(encoder: SliceEncoder, tell: (done: number, total: number) => void): SliceEncoder {
  return {
    ...encoder,
    async pooled(slices) {
      const vectors = new Float32Array(slices.count * encoder.channels);
      for (let from = 0; from < slices.count; from += PART) {
        tell(from, slices.count);
        vectors.set(await encoder.pooled(partOf(slices, from)), from * encoder.channels);
      }
      tell(slices.count, slices.count);
      return vectors;
    },
  };
}

function partOf({ count, height, width, data }: Slices, from: number): Slices {
  const to = Math.min(from + PART, count);
  return { count: to - from, height, width, data: data.subarray(from * height * width, to * height * width) };
}
