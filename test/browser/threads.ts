// One slice on several threads, where the calling thread may wait.
import { createEncoder, loadCrew, type Core } from "@islet/core-wasm";
import { formulaEncoder, formulaSlices } from "../helpers/formula-weights.ts";

/** The encoder of base width 4 on two slices of 48 x 32. */
export function encodeOn(core: Core): number[] {
  const encoder = createEncoder(core, { levels: formulaEncoder(4, 1), activation: "elu", height: 48, width: 32 });
  return [...encoder.encode(formulaSlices(2 * 48 * 32), 2).pooled];
}

/** The same with each slice shared by two threads. */
export async function encodeOnThreads(): Promise<{ build: string; pooled: number[] }> {
  const crew = await loadCrew(2);
  const pooled = encodeOn(crew.core);
  crew.end();
  return { build: crew.core.build, pooled };
}
