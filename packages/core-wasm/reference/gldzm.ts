import { zonesOf } from "./glszm.ts";
import { counted, levelAt, type Cells, type Levels } from "./texture.ts";

type Triple = readonly [z: number, y: number, x: number];

/** City-block distance to the nearest voxel outside the mask, by trying every voxel of the box and of a shell around it. */
function borderDistance(mask: Levels, [z, y, x]: Triple, isInSlice: boolean): number {
  const [nz, ny, nx] = mask.shape;
  let nearest = Infinity;
  for (let oz = isInSlice ? z : -1; oz <= (isInSlice ? z : nz); oz++) {
    for (let oy = -1; oy <= ny; oy++) {
      for (let ox = -1; ox <= nx; ox++) {
        if (levelAt(mask, [oz, oy, ox]) === 0) nearest = Math.min(nearest, Math.abs(oz - z) + Math.abs(oy - y) + Math.abs(ox - x));
      }
    }
  }
  return nearest;
}

/** Zones (level, smallest distance of a voxel to the border of the mask); in the slice where no connection leaves it. */
export function distanceZones(volume: Levels, mask: Levels, connections: readonly Triple[]): Cells {
  const isInSlice = connections.every(([z]) => z === 0);
  return counted(
    zonesOf(volume, connections).map(({ level, voxels }) => [level, Math.min(...voxels.map((at) => borderDistance(mask, at, isInSlice)))]),
  );
}
