import { counted, eachVoxel, levelAt, moved, type Cells, type Levels } from "./texture.ts";

/** Runs (level, length): where the voxel before has another level a run begins, and it lasts while the level stays. */
export function runLengths(volume: Levels, offset: readonly [number, number, number]): Cells {
  const runs: [number, number][] = [];
  eachVoxel(volume, (at, level) => {
    if (levelAt(volume, moved(at, offset, -1)) === level) return;
    let length = 1;
    while (levelAt(volume, moved(at, offset, length)) === level) length++;
    runs.push([level, length]);
  });
  return counted(runs);
}
