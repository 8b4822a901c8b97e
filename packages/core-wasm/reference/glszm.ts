import { counted, eachVoxel, levelAt, moved, type Cells, type Levels } from "./texture.ts";

type Triple = readonly [z: number, y: number, x: number];

/** Connected voxels of the same level: labels spread to connected voxels until nothing changes. */
export function zonesOf(volume: Levels, connections: readonly Triple[]): { level: number; voxels: Triple[] }[] {
  const label = new Map<string, number>();
  eachVoxel(volume, (at) => label.set(at.join(), label.size));
  for (let isChanged = true; isChanged;) {
    isChanged = false;
    eachVoxel(volume, (at, level) => {
      for (const offset of connections) {
        const other = moved(at, offset);
        if (levelAt(volume, other) !== level || label.get(other.join())! >= label.get(at.join())!) continue;
        label.set(at.join(), label.get(other.join())!);
        isChanged = true;
      }
    });
  }
  const zones = new Map<number, { level: number; voxels: Triple[] }>();
  eachVoxel(volume, (at, level) => {
    const zone = zones.get(label.get(at.join())!) ?? { level, voxels: [] };
    zone.voxels.push(at);
    zones.set(label.get(at.join())!, zone);
  });
  return [...zones.values()];
}

/** Zones (level, voxels). */
export function sizeZones(volume: Levels, connections: readonly Triple[]): Cells {
  return counted(zonesOf(volume, connections).map(({ level, voxels }) => [level, voxels.length]));
}
