// Training slices seen a little otherwise each time: mirrored, turned, enlarged, brighter.
import type { Random } from "../../random.ts";

/** What may be done to a slice. */
export type Augmentation = "flip" | "rotate" | "scale" | "intensity";

/** All of them. */
export const AUGMENTATIONS: readonly Augmentation[] = ["flip", "rotate", "scale", "intensity"];

/** Largest turn to either side, radians. */
const TURN = (15 * Math.PI) / 180;
/** Largest enlargement and its inverse, the largest reduction. */
const SCALE = 1.15;
/** Largest change of contrast, as a part of it, and of brightness, as a part of the window. */
const CONTRAST = 0.1;
const BRIGHTNESS = 0.1;

/** One slice's change. */
export interface Change {
  /** Left for right. */
  readonly flip: boolean;
  /** Turn within the slice, radians. */
  readonly angle: number;
  /** Enlargement. */
  readonly scale: number;
  /** value' = 0.5 + gain (value - 0.5) + offset, kept in 0..1. */
  readonly gain: number;
  readonly offset: number;
}

/**
 * Draws a change: left-right mirror with probability 1/2, turn uniform within 15 degrees, enlargement log-uniform between 1/1.15 and 1.15,
 * contrast uniform within 10% and brightness within 10% of the window. Five numbers are drawn whatever is asked for, so that leaving
 * one out does not change the others.
 */
export function drawChange(random: Random, augment: readonly Augmentation[]): Change {
  const [flip, angle, scale, gain, offset] = [random(), random(), random(), random(), random()];
  const symmetric = (u: number) => 2 * u - 1;
  return {
    flip: augment.includes("flip") && flip < 0.5,
    angle: augment.includes("rotate") ? TURN * symmetric(angle) : 0,
    scale: augment.includes("scale") ? SCALE ** symmetric(scale) : 1,
    gain: augment.includes("intensity") ? 1 + CONTRAST * symmetric(gain) : 1,
    offset: augment.includes("intensity") ? BRIGHTNESS * symmetric(offset) : 0,
  };
}

/** A plane of numbers, x fastest. */
export interface Plane {
  readonly data: Float32Array;
  readonly height: number;
  readonly width: number;
}

/**
 * A slice of the processed ROI, changed and stretched in one interpolation.
 *
 * For a target pixel at the offset d (mm, from the slice's centre, after stretching and mirroring), the source lies at R(-angle) d / scale;
 * bilinear between its four neighbours, beyond the slice's edge its outermost voxels. With the change that changes nothing this is
 * `stretchSlices`. Turns are true to the patient: they are made in mm, before the stretch.
 *
 * @param image    values 0..1 on the 1 mm slice
 * @param inside   the part of each voxel that is tumour, 0..1, on the same slice
 * @param slices   `height` x `width` values, written from `at`
 * @param labels   1 where the tumour fills at least half, else 0; `ignored` where the source lies outside the slice
 */
export function sampleSlice(
  image: Plane,
  inside: Plane,
  change: Change,
  { height, width, ignored }: { readonly height: number; readonly width: number; readonly ignored: number },
  slices: Float32Array,
  labels: Uint8Array,
  at: number,
): void {
  const { height: ny, width: nx } = image;
  const { flip, angle, scale, gain, offset } = change;
  const [cos, sin] = [Math.cos(angle) / scale, Math.sin(angle) / scale];
  for (let v = 0; v < height; v++) {
    const dy = ((v + 0.5) * ny) / height - ny / 2;
    for (let u = 0; u < width; u++) {
      const along = ((u + 0.5) * nx) / width - nx / 2;
      const dx = flip ? -along : along;
      const y = cos * dy - sin * dx + ny / 2 - 0.5;
      const x = sin * dy + cos * dx + nx / 2 - 0.5;
      const value = 0.5 + gain * (bilinear(image, y, x) - 0.5) + offset;
      slices[at] = Math.min(1, Math.max(0, value));
      const isOutside = y < -0.5 - EDGE || y > ny - 0.5 + EDGE || x < -0.5 - EDGE || x > nx - 0.5 + EDGE;
      labels[at] = isOutside ? ignored : Number(bilinear(inside, y, x) >= HALF);
      at++;
    }
  }
}

/** A source this little beyond the edge, in voxels, is on it: it got there by rounding. */
const EDGE = 1e-6;
/** Half a voxel, less what the rounding of f32 may take from an exact tie. */
export const HALF = 0.5 - 1e-6;

function bilinear({ data, height, width }: Plane, y: number, x: number): number {
  const [cy, cx] = [Math.min(height - 1, Math.max(0, y)), Math.min(width - 1, Math.max(0, x))];
  const [y0, x0] = [Math.floor(cy), Math.floor(cx)];
  const [y1, x1] = [Math.min(y0 + 1, height - 1), Math.min(x0 + 1, width - 1)];
  const [fy, fx] = [cy - y0, cx - x0];
  const top = data[y0 * width + x0]! * (1 - fx) + data[y0 * width + x1]! * fx;
  const bottom = data[y1 * width + x0]! * (1 - fx) + data[y1 * width + x1]! * fx;
  return top * (1 - fy) + bottom * fy;
}
