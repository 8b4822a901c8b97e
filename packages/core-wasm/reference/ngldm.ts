import { counted, eachVoxel, levelAt, moved, type Cells, type Levels } from "./texture.ts";

/** Voxels (level, 1 + neighbours in the ROI whose level is within alpha). */
export function dependences(volume: Levels, neighbours: readonly (readonly [number, number, number])[], alpha: number): Cells {
  const pairs: [number, number][] = [];
  eachVoxel(volume, (at, level) => {
    const others = neighbours.map((offset) => levelAt(volume, moved(at, offset)));
    pairs.push([level, 1 + others.filter((other) => other !== 0 && Math.abs(other - level) <= alpha).length]);
  });
  return counted(pairs);
}
