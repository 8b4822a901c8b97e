// Onto a grid of another spacing, as IBSI wants it: the new grid covers the image and shares its centre.
import { resample, resampleMask, type AxisMap, type Core, type Interpolation } from "@islet/core-wasm";
import { positionOf, type Geometry, type Mask, type Triple, type Volume } from "../volume.ts";
import { crop, cropGeometry, type IndexBox } from "./roi.ts";

/**
 * The grid of another spacing that covers an image and has its centre.
 *
 *   n' = ceil(n * s / s'),   first centre' = centre of the image - (n' - 1) s' / 2   along each axis
 *
 * @param spacing  mm along (z, y, x)
 * @see IBSI 1 reference manual, section 2.4 (align grid centers)
 */
export function alignedGrid(image: Geometry, spacing: Triple): Geometry {
  const shape = image.shape.map((n, a) => Math.max(1, Math.ceil((n * image.spacing[a]!) / spacing[a]! - 1e-6))) as unknown as Triple;
  const first = [0, 1, 2].map((a) => firstIndex(image, { shape, spacing }, a)) as unknown as Triple;
  return { shape, spacing, origin: positionOf(image, first), direction: image.direction };
}

/** The image's fractional index of the first centre of a grid that shares its centre, along axis a. */
function firstIndex(image: Geometry, grid: Pick<Geometry, "shape" | "spacing">, a: number): number {
  return (image.shape[a]! - 1) / 2 - (((grid.shape[a]! - 1) / 2) * grid.spacing[a]!) / image.spacing[a]!;
}

/**
 * Voxels beyond the region that the cubic spline's prefilter still needs. Its impulse response falls by
 * |sqrt(3) - 2| = 0.268 a voxel, so 24 voxels away it is 2e-14 of the peak, below float32.
 */
const SPLINE_REACH = 24;

/** Where the output voxels of a region lie in the image, and the part of the image they depend on. */
function planRegion(image: Geometry, grid: Geometry, region: IndexBox, interpolation: Interpolation) {
  const reach = interpolation === "cubic" ? SPLINE_REACH : 1;
  const starts: number[] = [];
  const from: number[] = [];
  const to: number[] = [];
  for (const a of [0, 1, 2]) {
    const step = grid.spacing[a]! / image.spacing[a]!;
    const first = firstIndex(image, grid, a) + region.from[a]! * step;
    const last = first + (region.to[a]! - region.from[a]! - 1) * step;
    const n = image.shape[a]!;
    from.push(Math.min(n - 1, Math.max(0, Math.floor(first) - reach)));
    to.push(Math.max(from[a]! + 1, Math.min(n, Math.ceil(last) + 1 + reach)));
    starts.push(first - from[a]!);
  }
  const axes = [0, 1, 2].map((a): AxisMap => ({
    length: region.to[a]! - region.from[a]!,
    start: starts[a]!,
    step: grid.spacing[a]! / image.spacing[a]!,
  })) as unknown as [AxisMap, AxisMap, AxisMap];
  return { axes, needed: { from: from as unknown as Triple, to: to as unknown as Triple } satisfies IndexBox };
}

/**
 * A region of a volume on a grid made by `alignedGrid`.
 *
 * Only the part of the image that the region depends on is touched, so a tumour in a 512 x 512 x 400 scan
 * costs what the tumour costs.
 *
 * @param region  half-open index box on `grid`
 * @returns the region as a volume of its own, in its place in the patient
 */
export function resampleVolume(core: Core, volume: Volume, grid: Geometry, region: IndexBox, interpolation: Interpolation): Volume {
  const { axes, needed } = planRegion(volume, grid, region, interpolation);
  const part = crop(volume, needed);
  const data = resample(core, part.data, part.shape, axes, interpolation);
  return { ...cropGeometry(grid, region), data };
}

/** A region of a mask on a grid made by `alignedGrid`: linear interpolation, inside where it reaches `threshold`. */
export function resampleRoi(core: Core, mask: Mask, grid: Geometry, region: IndexBox, threshold = 0.5): Mask {
  const { axes, needed } = planRegion(mask, grid, region, "linear");
  const part = crop(mask, needed);
  const data = resampleMask(core, part.data, part.shape, axes, threshold);
  return { ...cropGeometry(grid, region), data };
}
