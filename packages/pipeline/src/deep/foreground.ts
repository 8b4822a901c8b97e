// How likely each pixel is tumour, by the network and, where asked, by its look at mirrored slices too.
import type { SliceSegmenter } from "./segmenter.ts";
import type { Slices } from "./slices.ts";

/** The four ways to mirror a slice, in the order in which their probabilities are summed. */
const MIRRORS = [
  { rows: false, columns: false },
  { rows: false, columns: true },
  { rows: true, columns: false },
  { rows: true, columns: true },
] as const;

/**
 * The probability of anything but background, softmax over the logits.
 *
 *   p = 1 - exp(l0) / sum over c of exp(lc)
 *
 * @param flips  whether to average over the slice and its three mirror images, each mirrored back
 * @param batch  slices that are sent through the network at once
 * @returns (N, H, W), 0..1
 */
export async function foregroundProbability(
  segmenter: Pick<SliceSegmenter, "logits" | "classes">,
  slices: Slices,
  flips: boolean,
  batch = 4,
): Promise<Float32Array> {
  const { count, height, width, data } = slices;
  const pixels = height * width;
  const mirrors = flips ? MIRRORS : MIRRORS.slice(0, 1);
  const result = new Float32Array(count * pixels);
  for (let first = 0; first < count; first += batch) {
    const size = Math.min(batch, count - first);
    const part = data.subarray(first * pixels, (first + size) * pixels);
    const sum = result.subarray(first * pixels, (first + size) * pixels);
    for (const mirror of mirrors) {
      const seen = mirrored(part, height, width, mirror);
      const logits = await segmenter.logits({ count: size, height, width, data: seen });
      const probability = mirrored(softmaxForeground(logits, size, segmenter.classes, pixels), height, width, mirror);
      for (let i = 0; i < sum.length; i++) sum[i]! += probability[i]! / mirrors.length;
    }
  }
  return result;
}

function softmaxForeground(logits: Float32Array, count: number, classes: number, pixels: number): Float32Array {
  const probability = new Float32Array(count * pixels);
  for (let n = 0; n < count; n++) {
    for (let p = 0; p < pixels; p++) {
      const at = n * classes * pixels + p;
      let others = 0;
      for (let c = 1; c < classes; c++) others += Math.exp(logits[at + c * pixels]! - logits[at]!);
      // exp may overflow to Infinity, whose answer is 1.
      probability[n * pixels + p] = others === Infinity ? 1 : others / (1 + others);
    }
  }
  return probability;
}

function mirrored(data: Float32Array, height: number, width: number, { rows, columns }: (typeof MIRRORS)[number]): Float32Array {
  if (!rows && !columns) return data;
  const out = new Float32Array(data.length);
  for (let row = 0; row < data.length / width; row++) {
    const [slice, v] = [Math.floor(row / height), row % height];
    const to = (slice * height + (rows ? height - 1 - v : v)) * width;
    for (let u = 0; u < width; u++) out[to + (columns ? width - 1 - u : u)] = data[row * width + u]!;
  }
  return out;
}
