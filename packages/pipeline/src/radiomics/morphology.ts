// Morphology of IBSI 1: size and shape of a region, and how intensities are placed in it.
import { addAutocorrelation, AUTOCORRELATION_SHARES, autocorrelationShare, type AutocorrelationShare, type Core } from "@islet/core-wasm";
import { boundingBox, crop } from "../preprocess/roi.ts";
import { AXIS_ALIGNED, type Triple } from "../volume.ts";
import { minimumBox } from "./boxes.ts";
import { symmetricEigenvalues } from "./eigenvalues.ts";
import { ellipsoidArea, enclosingEllipsoid } from "./ellipsoid.ts";
import { evaluate, type FeatureValues } from "./feature.ts";
import { countCubes, sumSurface } from "./mesh.ts";
import { meshHull } from "./mesh-hull.ts";
import { MORPHOLOGY, type Ellipsoid, type Mass, type Placement, type Shape } from "./morphology-features.ts";
import type { Region } from "./region.ts";

/**
 * The morphology of a region, by its IBSI tags (`morph_volume`, ...).
 *
 * Shape is that of the morphological mask; where intensities matter, those of the intensity mask count.
 *
 * @returns null with a reason where a definition gives no value, and everywhere when the morphological mask is empty
 * @see IBSI 1 reference manual, section 3.1 (HCUG)
 */
export function morphology(core: Core, region: Region): FeatureValues {
  const shape = shapeOf(region);
  return evaluate(MORPHOLOGY, shape && { ...shape, ...placementOf(core, region) });
}

/** A box of voxels and the region in it. */
type Masked = Pick<Region, "shape" | "spacing" | "morphological">;

const gridOf = ({ shape, spacing }: Masked) => ({ shape, spacing, origin: [0, 0, 0] as Triple, direction: AXIS_ALIGNED });

/** The shape of a morphological mask, wherever in its box it lies; null where it is empty. */
export function shapeOf(region: Masked): Shape | null {
  if (!region.morphological.includes(1)) return null;
  const given = { ...gridOf(region), data: region.morphological };
  const { shape, data } = crop(given, boundingBox(given));
  return shapeInBox({ shape, spacing: region.spacing, morphological: data });
}

/** The shape of a morphological mask that reaches all six sides of its box. */
export function shapeInBox({ shape, spacing, morphological }: Masked): Shape {
  const mask = { shape, data: morphological };
  const hull = meshHull(mask.data, mask.shape, spacing);
  const components = principalComponents(mask.data, mask.shape, spacing);
  const { count, centre } = components;
  // IBSI's published values divide by N - 1.
  const variances = components.variances.map((v) => (count > 1 ? (v * count) / (count - 1) : 0)) as unknown as Triple;
  const semiAxes = variances.map((v) => 2 * Math.sqrt(v)) as unknown as Triple;
  return {
    mesh: sumSurface(countCubes(mask.data, mask.shape), spacing),
    hull: { area: hull.area, volume: hull.volume, diameter: hull.diameter },
    voxelVolume: count * spacing[0] * spacing[1] * spacing[2],
    variances,
    // The surface reaches half a voxel beyond the outermost centres.
    alignedBox: [mask.shape[0] * spacing[0], mask.shape[1] * spacing[1], mask.shape[2] * spacing[2]],
    orientedBox: minimumBox(hull).edges,
    enclosing: ellipsoid(enclosingEllipsoid(hull.points)),
    principal: ellipsoid(semiAxes),
    centre,
  };
}

/** How intensities are placed in a region whose morphological mask is not empty. */
function placementOf(core: Core, region: Region): Placement {
  const shares = Array.from({ length: AUTOCORRELATION_SHARES }, (_, share) => pairsOf(core, region, share));
  return { mass: massOf(region), autocorrelation: addAutocorrelation(shares) };
}

/** The intensities of a region as weights; null where its intensity mask is empty. */
export function massOf(region: Region): Mass | null {
  const { image, counted } = countedBox(region);
  return weigh(image.data, counted.data, counted.shape, region.spacing);
}

/** One share of the sums over pairs of voxels that Moran's I and Geary's C are made of, 0 .. AUTOCORRELATION_SHARES - 1. */
export function pairsOf(core: Core, region: Region, share: number): AutocorrelationShare {
  const { image, counted } = countedBox(region);
  return autocorrelationShare(core, image.data, counted.data, counted.shape, region.spacing, share);
}

/** The intensities and their mask in the box of the morphological mask. */
function countedBox(region: Region) {
  const grid = gridOf(region);
  const box = boundingBox({ ...grid, data: region.morphological });
  return { image: crop({ ...grid, data: region.intensity }, box), counted: crop({ ...grid, data: region.intensityMask }, box) };
}

const ellipsoid = (axes: Triple): Ellipsoid => ({ volume: (4 / 3) * Math.PI * axes[0] * axes[1] * axes[2], area: ellipsoidArea(axes) });

/** A variance this small beside the largest is 0: the rounding of a region in a plane that is no plane of the grid. */
const NO_VARIANCE = 1e-12;

/**
 * Principal components of the voxels' positions.
 *
 * @param mask  at least one voxel inside
 * @returns the number of voxels, their mean position and their variances (divided by N) along the principal axes, largest first
 */
export function principalComponents(
  mask: Uint8Array,
  [nz, ny, nx]: Triple,
  spacing: Triple,
): { count: number; centre: Triple; variances: Triple } {
  const sums = new Float64Array(10);
  const inRow = new Float64Array(3);
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      sumRow(mask, i, nx, inRow);
      i += nx;
      const [n, first, second] = inRow as unknown as Triple;
      if (n === 0) continue;
      // Whole numbers, so these sums are exact: 1, z, y, x, zz, zy, zx, yy, yx, xx.
      const row = [n, n * z, n * y, first, n * z * z, n * z * y, z * first, n * y * y, y * first, second];
      for (let k = 0; k < 10; k++) sums[k]! += row[k]!;
    }
  }
  const count = sums[0]!;
  const mean = [sums[1]! / count, sums[2]! / count, sums[3]! / count];
  const place = [4, 5, 6, 5, 7, 8, 6, 8, 9];
  const covariance = place.map((k, i) => {
    const [r, c] = [Math.floor(i / 3), i % 3];
    return (sums[k]! / count - mean[r]! * mean[c]!) * spacing[r]! * spacing[c]!;
  });
  const eigenvalues = symmetricEigenvalues(covariance);
  const variances = eigenvalues.map((v) => (v > NO_VARIANCE * eigenvalues[0]! ? v : 0));
  return {
    count,
    centre: [mean[0]! * spacing[0], mean[1]! * spacing[1], mean[2]! * spacing[2]],
    variances: variances as unknown as Triple,
  };
}

/** Of the voxels of a row that are inside: their number, and the sums of x and x^2. */
function sumRow(mask: Uint8Array, from: number, nx: number, out: Float64Array): void {
  let n = 0;
  let first = 0;
  let second = 0;
  for (let x = 0; x < nx; x++) {
    if (mask[from + x] === 0) continue;
    n++;
    first += x;
    second += x * x;
  }
  out[0] = n;
  out[1] = first;
  out[2] = second;
}

function weigh(intensity: Float32Array, mask: Uint8Array, [nz, ny, nx]: Triple, spacing: Triple): Mass | null {
  const sums = new Float64Array(5);
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, i += nx) weighRow(intensity, mask, i, nx, z, y, sums);
  }
  const [count, total, byZ, byY, byX] = sums as unknown as [number, number, number, number, number];
  if (count === 0) return null;
  return { meanIntensity: total / count, centre: [(byZ / total) * spacing[0], (byY / total) * spacing[1], (byX / total) * spacing[2]] };
}

/** Adds a row: the number of voxels inside, and the sums of their intensities and of these times z, y and x. */
function weighRow(intensity: Float32Array, mask: Uint8Array, from: number, nx: number, z: number, y: number, sums: Float64Array): void {
  let count = sums[0]!;
  let total = sums[1]!;
  let byZ = sums[2]!;
  let byY = sums[3]!;
  let byX = sums[4]!;
  for (let x = 0; x < nx; x++) {
    if (mask[from + x] === 0) continue;
    const value = intensity[from + x]!;
    count++;
    total += value;
    byZ += z * value;
    byY += y * value;
    byX += x * value;
  }
  sums.set([count, total, byZ, byY, byX]);
}
