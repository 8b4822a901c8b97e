import { counted, eachVoxel, levelAt, moved, type Cells, type Levels } from "./texture.ts";

/** Pairs (i, j) of a voxel and the one an offset away; also (j, i) where symmetric. */
export function coOccurrences(volume: Levels, offset: readonly [number, number, number], isSymmetric: boolean): Cells {
  const pairs: [number, number][] = [];
  eachVoxel(volume, (at, i) => {
    const j = levelAt(volume, moved(at, offset));
    if (j === 0) return;
    pairs.push([i, j]);
    if (isSymmetric) pairs.push([j, i]);
  });
  return counted(pairs);
}
