import { eachVoxel, levelAt, moved, type Levels } from "./texture.ts";

/** n[i] and s[i] of each grey level i at index i - 1. */
export function toneDifferences(
  volume: Levels,
  neighbours: readonly (readonly [number, number, number])[],
  ng: number,
): { voxels: number[]; difference: number[] } {
  const voxels = Array.from({ length: ng }, () => 0);
  const difference = Array.from({ length: ng }, () => 0);
  eachVoxel(volume, (at, level) => {
    const inside = neighbours.map((offset) => levelAt(volume, moved(at, offset))).filter((other) => other !== 0);
    if (inside.length === 0) return;
    voxels[level - 1]!++;
    difference[level - 1]! += Math.abs(level - inside.reduce((sum, other) => sum + other, 0) / inside.length);
  });
  return { voxels, difference };
}
