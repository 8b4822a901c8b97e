// The WASM core that a network lies in: on one thread, or on several that share each slice.
import { canShareWork, loadCore, loadCrew, type Core } from "@islet/core-wasm";

/** Beyond this many threads the deepest layers have too little work for each. */
const MOST_THREADS = 4;

/** A core of a network's own, since a network stays in a core's memory as long as that lives. */
export interface NetworkCore {
  readonly core: Core;
  /** Ends its threads; the core must not be used after it. */
  end(): void;
}

/** Threads for a network that has the machine to itself: as many as there are cores, 4 at most. */
export function threadsOfMachine(): number {
  return Math.min(MOST_THREADS, globalThis.navigator?.hardwareConcurrency ?? 1);
}

/** A core on up to `threads` threads; on one where memory or waiting cannot be shared. The numbers are the same to the bit. */
export async function loadNetworkCore(threads: number): Promise<NetworkCore> {
  return threads > 1 && canShareWork() ? loadCrew(threads) : { core: await loadCore(), end: () => {} };
}
