// Maps of features: the value of a feature in the neighbourhood of every voxel of a region.
import { directions, eachLocalCoOccurrence, type Core, type TextureMatrix } from "@islet/core-wasm";
import { ConfigError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { boundingBox, cropGeometry } from "../preprocess/roi.ts";
import type { Geometry, Mask, Triple, Volume } from "../volume.ts";
import { prepareRegion, type PlacedRegion } from "./chain.ts";
import { coOccurrence, type CoOccurrence } from "./co-occurrence.ts";
import { discretise } from "./discretise.ts";
import type { Feature } from "./feature.ts";
import { GLCM } from "./glcm.ts";
import { distribution, INTENSITY_STATISTICS, type Intensities } from "./intensity.ts";
import type { GreyLevels } from "./region.ts";
import type { ChainSettings } from "./settings.ts";

/** The features that have maps, by their tags: the intensity statistics, and the GLCM with directions averaged or merged. */
export const MAP_FEATURES: readonly string[] = [
  ...INTENSITY_STATISTICS.map(({ name }) => name),
  ...["3D_avg", "3D_comb"].flatMap((aggregation) => GLCM.map(({ name }) => `${name}_${aggregation}`)),
];

/** What maps are made of. */
export interface MapSettings {
  readonly chain: ChainSettings;
  /** Tags of `MAP_FEATURES`. */
  readonly features: readonly string[];
  /** The neighbourhood of a voxel is the box of 2 radius + 1 voxels around it, as far as the region goes. */
  readonly radius: number;
}

/**
 * One volume for each feature, on the box of the region on the grid where features are computed; NaN outside the region and where
 * the definition gives no value.
 *
 * Grey levels are those of the whole region, so that maps of one region can be compared from voxel to voxel.
 *
 * @returns by tag; null when the region vanishes on the grid
 * @throws ConfigError for a tag without a map or a radius below 1
 */
export function featureMaps(core: Core, volume: Volume, mask: Mask, { chain, features, radius }: MapSettings): Map<string, Volume> | null {
  for (const tag of features) {
    if (MAP_FEATURES.includes(tag)) continue;
    const near = nearest(tag, MAP_FEATURES);
    throw new ConfigError(
      "features",
      `"${tag}" has no map${near ? `; did you mean "${near}"?` : ""} (maps: intensity statistics, and the GLCM as 3D_avg or 3D_comb)`,
    );
  }
  if (!(Number.isInteger(radius) && radius >= 1))
    throw new ConfigError("radius", `expected a whole number of voxels from 1; got ${radius}`);
  const region = prepareRegion(core, volume, mask, chain);
  const levels = region && discretise(region, chain.discretisation, chain.resegmentation?.low ?? null);
  if (!region || !levels) return null;

  const box = boundingBox({ ...region, data: region.morphological });
  const grid: Geometry = cropGeometry(region, box);
  const maps = new Map<string, Volume>();
  const mapOf = (tag: string) => {
    const data = new Float32Array(levels.levels.length).fill(NaN);
    maps.set(tag, { ...grid, data });
    return data;
  };
  const wanted = <X>(rows: readonly Feature<X>[], end: string) => rows.filter(({ name }) => features.includes(name + end));
  const statistics = wanted(INTENSITY_STATISTICS, "").map((row) => ({ row, data: mapOf(row.name) }));
  if (statistics.length > 0) mapStatistics(cropped(region, box.from, levels.shape), levels, radius, statistics);
  for (const aggregation of ["3D_avg", "3D_comb"]) {
    const textures = wanted(GLCM, `_${aggregation}`).map((row) => ({ row, data: mapOf(`${row.name}_${aggregation}`) }));
    if (textures.length > 0) mapTextures(core, levels, radius, aggregation === "3D_comb", textures);
  }
  return new Map(features.map((tag) => [tag, maps.get(tag)!]));
}

interface Target<X> {
  readonly row: Feature<X>;
  readonly data: Float32Array;
}

/** The intensities of the box that the grey levels fill. */
function cropped({ shape, intensity }: PlacedRegion, from: Triple, [nz, ny, nx]: Triple): Float32Array {
  const out = new Float32Array(nz * ny * nx);
  for (let z = 0, to = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++, to += nx) {
      const row = ((z + from[0]) * shape[1] + y + from[1]) * shape[2] + from[2];
      out.set(intensity.subarray(row, row + nx), to);
    }
  }
  return out;
}

function mapStatistics(
  intensity: Float32Array,
  { shape: [nz, ny, nx], levels }: GreyLevels,
  radius: number,
  targets: readonly Target<Intensities>[],
): void {
  const values = new Float64Array((2 * radius + 1) ** 3);
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, i++) {
        if (levels[i] === 0) continue;
        let n = 0;
        for (let k = Math.max(0, z - radius); k <= Math.min(nz - 1, z + radius); k++) {
          for (let j = Math.max(0, y - radius); j <= Math.min(ny - 1, y + radius); j++) {
            const row = (k * ny + j) * nx;
            for (let at = row + Math.max(0, x - radius); at <= row + Math.min(nx - 1, x + radius); at++) {
              if (levels[at] !== 0) values[n++] = intensity[at]!;
            }
          }
        }
        const found = distribution(values.subarray(0, n).sort());
        for (const { row, data } of targets) data[i] = row.compute(found);
      }
    }
  }
}

function mapTextures(core: Core, levels: GreyLevels, radius: number, isMerged: boolean, targets: readonly Target<CoOccurrence>[]): void {
  const settings = { radius: [radius, radius, radius] as Triple, directions: directions("volume"), isMerged };
  eachLocalCoOccurrence(core, levels, settings, (voxel, matrices) => {
    const found = matrices.flatMap((matrix: TextureMatrix) => coOccurrence(matrix, levels.ng) ?? []);
    for (const { row, data } of targets) data[voxel] = meanOf(found, row.compute);
  });
}

/** The mean over the matrices for which a feature is defined; NaN where it is for none. */
function meanOf<X>(matrices: readonly X[], compute: (x: X) => number): number {
  let [sum, defined] = [0, 0];
  for (const matrix of matrices) {
    const value = compute(matrix);
    if (!Number.isFinite(value)) continue;
    sum += value;
    defined++;
  }
  return sum / defined;
}
