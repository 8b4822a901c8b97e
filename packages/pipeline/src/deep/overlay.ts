// A scan with outlines of masks on it, as a picture to look at.
import type { Picture } from "../png.ts";
import type { IndexBox } from "../preprocess/roi.ts";
import type { IntensityRange } from "../preprocess/window.ts";
import type { Mask, Volume } from "../volume.ts";

/** Red, green, blue, 0..255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** Orange and sky blue of the palette of Okabe & Ito 2008, which readers of every colour vision tell apart, also on grey. */
export const TRUTH_COLOUR: Colour = [230, 159, 0];
export const NETWORK_COLOUR: Colour = [86, 180, 233];

export const BOX_COLOUR: Colour = [255, 255, 255];

/** A mask's outline on a picture. */
export interface Outline {
  readonly mask: Mask;
  readonly colour: Colour;
  /** Of the line, pixels. */
  readonly thickness: number;
}

/** Pixels of the longer side of a slice's picture, and between pictures. */
const SIDE = 360;
const GAP = 6;
/** Around the region that is shown, mm. */
const MARGIN_MM = 12;

/**
 * Axial slices side by side, cut out around a region, windowed, with the outlines of masks on them, in the order of the list: a later one lies on top.
 *
 * Pixels are square in the patient. Rows go to posterior and columns to the patient's left, as radiologists look at CT.
 *
 * @param region  half-open box of the volume's voxels; the picture shows it with a margin of 12 mm
 * @param zs      indices of the slices on the volume's grid, from left to right
 * @param range   intensities of black and white
 * @param side    pixels of the longer side of one slice's picture
 */
export function drawSlices(
  volume: Volume,
  region: IndexBox,
  zs: readonly number[],
  range: IntensityRange,
  outlines: readonly Outline[],
  side = SIDE,
): Picture {
  const view = viewOf(volume, region, side);
  const width = zs.length * view.width + (zs.length - 1) * GAP;
  const rgb = new Uint8Array(3 * width * view.height);
  zs.forEach((z, i) => {
    const left = i * (view.width + GAP);
    const grey = sampled(volume.data, volume, z, view);
    for (let p = 0; p < grey.length; p++) {
      const value = Math.round((255 * (Math.min(range.high, Math.max(range.low, grey[p]!)) - range.low)) / (range.high - range.low));
      rgb.fill(value, at(p, left), at(p, left) + 3);
    }
    for (const { mask, colour, thickness } of outlines) {
      const inside = sampled(mask.data, mask, z, view).map((part) => Number(part >= 0.5));
      for (const p of outlineOf(inside, view.width, thickness)) rgb.set(colour, at(p, left));
    }
  });
  return { width, height: view.height, rgb };

  function at(pixel: number, left: number): number {
    return 3 * (Math.floor(pixel / view.width) * width + left + (pixel % view.width));
  }
}

/** Three slices of a mask: a quarter, half and three quarters of the way from its lowest to its highest. */
export function threeSlices({ data, shape: [nz, ny, nx] }: Mask): number[] {
  const size = ny * nx;
  const zs = Array.from({ length: nz }, (_, z) => z).filter((z) => data.subarray(z * size, (z + 1) * size).includes(1));
  return [0.25, 0.5, 0.75].map((part) => zs[Math.round(part * (zs.length - 1))]!);
}

/** What part of a slice is shown, and at which size. */
interface View {
  readonly width: number;
  readonly height: number;
  /** Voxel index of the first pixel, and voxels a pixel, along y and x. */
  readonly first: readonly [number, number];
  readonly step: readonly [number, number];
}

function viewOf({ spacing, shape }: Volume, { from, to }: IndexBox, side: number): View {
  const [low, high] = [1, 2].map((a) => {
    const margin = MARGIN_MM / spacing[a]!;
    return [Math.max(-0.5, from[a]! - 0.5 - margin), Math.min(shape[a]! - 0.5, to[a]! - 0.5 + margin)] as const;
  }) as [readonly [number, number], readonly [number, number]];
  const [mmY, mmX] = [(low[1] - low[0]) * spacing[1], (high[1] - high[0]) * spacing[2]];
  const mmAPixel = Math.max(mmY, mmX) / side;
  const [height, width] = [Math.max(1, Math.round(mmY / mmAPixel)), Math.max(1, Math.round(mmX / mmAPixel))];
  const step = [(low[1] - low[0]) / height, (high[1] - high[0]) / width] as const;
  return { width, height, first: [low[0] + step[0] / 2, high[0] + step[1] / 2], step };
}

/** A slice's values at the pixels of a view, bilinear, its edge repeated. */
function sampled(data: Float32Array | Uint8Array, { shape: [, ny, nx] }: Pick<Volume, "shape">, z: number, view: View): Float32Array {
  const out = new Float32Array(view.width * view.height);
  for (let v = 0, p = 0; v < view.height; v++) {
    const y = Math.min(ny - 1, Math.max(0, view.first[0] + v * view.step[0]));
    const [y0, y1, fy] = [Math.floor(y), Math.min(Math.floor(y) + 1, ny - 1), y - Math.floor(y)];
    for (let u = 0; u < view.width; u++, p++) {
      const x = Math.min(nx - 1, Math.max(0, view.first[1] + u * view.step[1]));
      const [x0, x1, fx] = [Math.floor(x), Math.min(Math.floor(x) + 1, nx - 1), x - Math.floor(x)];
      const value = (yy: number, xx: number) => data[(z * ny + yy) * nx + xx]!;
      out[p] = (1 - fy) * ((1 - fx) * value(y0, x0) + fx * value(y0, x1)) + fy * ((1 - fx) * value(y1, x0) + fx * value(y1, x1));
    }
  }
  return out;
}

/** Pixels inside that lie at most `thickness` steps along rows and columns from one outside; the picture's edge is no outside. */
function outlineOf(inside: Float32Array, width: number, thickness: number): number[] {
  const height = inside.length / width;
  const isOutside = (v: number, u: number) => v >= 0 && u >= 0 && v < height && u < width && inside[v * width + u] === 0;
  const found: number[] = [];
  for (let v = 0, p = 0; v < height; v++) {
    for (let u = 0; u < width; u++, p++) {
      if (!inside[p]) continue;
      let isNear = false;
      for (let d = 1; d <= thickness && !isNear; d++) {
        isNear = isOutside(v - d, u) || isOutside(v + d, u) || isOutside(v, u - d) || isOutside(v, u + d);
      }
      if (isNear) found.push(p);
    }
  }
  return found;
}
