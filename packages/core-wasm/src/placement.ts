// Kept memory for a network: sized first, refused where it cannot be had, then allocated.
import type { Core } from "./core.ts";
import { DeviceError } from "./errors.ts";

const MEMORY_LIMIT = 2 ** 32 - 65536;

/**
 * Lays something out in memory that is zero and lives as long as the core. `place` runs twice: once to count, once with addresses.
 *
 * @param what  begins the sentence of a refusal: who, and what of which size
 * @throws DeviceError when a 4 GiB memory cannot hold it, before anything is allocated
 */
export function placeKept<T>({ arena }: Core, what: string, place: (allocate: (bytes: number) => number) => T): T {
  let bytes = arena.top;
  place((size) => (bytes += size + 64));
  if (bytes > MEMORY_LIMIT) {
    throw new DeviceError(
      `${what} would take ${(bytes / 2 ** 30).toFixed(2)} GiB of wasm memory, which holds 4 GiB; use smaller slices or a narrower network.`,
    );
  }
  return place((size) => {
    const slot = arena.keep(Uint8Array, size);
    slot.view().fill(0);
    return slot.ptr;
  });
}
