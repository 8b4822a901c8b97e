// Zones found once for two families: those of the GLSZM and of the GLDZM are the same.
import { sizeAndDistanceZones, type Core, type Extent, type TextureMatrix, type Triple } from "@islet/core-wasm";
import type { GreyLevels } from "./region.ts";

/** Counts the zones of each slice, or of the volume. */
export type ZoneCount = (by: Extent, offsets: readonly Triple[]) => TextureMatrix[];

/** Counts zones by size and by distance, and keeps what it has counted for the family that asks next. */
export function sharedZones(core: Core, roi: GreyLevels): { readonly sizes: ZoneCount; readonly distances: ZoneCount } {
  const kept = new Map<string, ReturnType<typeof sizeAndDistanceZones>>();
  const both = (by: Extent, offsets: readonly Triple[]) => {
    const key = `${by} ${offsets.join(" ")}`;
    const found = kept.get(key) ?? sizeAndDistanceZones(core, roi, by, offsets);
    kept.set(key, found);
    return found;
  };
  return { sizes: (by, offsets) => both(by, offsets).sizes, distances: (by, offsets) => both(by, offsets).distances };
}
