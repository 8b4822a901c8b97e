// Which feature maps may take turns in one buffer: those whose lives do not overlap.
import type { UNetLayer } from "./unet.ts";

/** A buffer that several maps use one after the other. */
export interface SharedBuffer {
  /** Values of the largest map in it. */
  readonly length: number;
  readonly names: readonly string[];
}

/**
 * Assigns maps to buffers. A map lives from the first step that names it to the last, both included; a step's maps never share.
 *
 * Steps are walked in order, and each new map takes the free buffer whose size is nearest to its own, or a new one.
 *
 * @param lengths  values of each map
 * @param steps    the maps that each step reads or writes, in the order of the steps
 * @param kept     maps that live to the end
 */
export function shareBuffers(
  lengths: ReadonlyMap<string, number>,
  steps: readonly (readonly string[])[],
  kept: readonly string[] = [],
): SharedBuffer[] {
  const last = new Map<string, number>();
  for (const [i, names] of steps.entries()) for (const name of names) last.set(name, i);
  for (const name of kept) last.set(name, steps.length);
  const buffers: { length: number; names: string[] }[] = [];
  const holder = new Map<string, (typeof buffers)[number]>();
  const free = new Set<(typeof buffers)[number]>();
  for (const [i, names] of steps.entries()) {
    for (const name of names) {
      if (holder.has(name)) continue;
      const length = lengths.get(name)!;
      const off = (buffer: SharedBuffer) => Math.abs(buffer.length - length);
      let chosen = [...free].toSorted((a, b) => off(a) - off(b))[0];
      if (chosen) free.delete(chosen);
      else {
        chosen = { length: 0, names: [] };
        buffers.push(chosen);
      }
      chosen.length = Math.max(chosen.length, length);
      chosen.names.push(name);
      holder.set(name, chosen);
    }
    for (const name of new Set(names)) if (last.get(name) === i) free.add(holder.get(name)!);
  }
  return buffers;
}

/** The maps that a layer reads or writes. */
export function mapsOf(layer: UNetLayer): string[] {
  if (layer.op === "activation") return [layer.x];
  return layer.op === "concatenate" ? [layer.a, layer.b, layer.y] : [layer.x, layer.y];
}
