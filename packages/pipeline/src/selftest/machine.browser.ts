// What this browser has, and what will be used of it.
import { canShareWork, hasRelaxedSimd } from "@islet/core-wasm";
import { probeAdapters, type AdapterInfo } from "@islet/gpu-unet";
import { resolveBackend } from "../deep/encode.ts";
import { threadsOfMachine } from "../deep/network-core.ts";
import { VERSION } from "../version.ts";

/** What a page says of the machine that it runs on. */
export interface BrowserMachine {
  readonly islet: string;
  /** The SIMD build that the engine can run. */
  readonly wasm: string;
  readonly adapters: readonly AdapterInfo[];
  /** Why there is no adapter; empty where there is one. */
  readonly noAdapter: string;
  /** Where the network runs unless told otherwise. */
  readonly backend: "webgpu" | "wasm";
  /** Threads that share a slice on WASM; 1 where the page is not cross-origin isolated. */
  readonly threads: number;
}

/** Looks at the browser, from a worker: only there may threads wait for each other. Starts nothing that stays. */
export async function inspectBrowser(): Promise<BrowserMachine> {
  let noAdapter = "";
  const adapters = await probeAdapters().catch((error: Error) => {
    noAdapter = error.message;
    return [];
  });
  if (!adapters.length && !noAdapter) noAdapter = "no WebGPU adapter; the network runs on WASM";
  return {
    islet: VERSION,
    wasm: hasRelaxedSimd() ? "relaxed SIMD" : "plain SIMD",
    adapters,
    noAdapter,
    backend: await resolveBackend("auto"),
    threads: canShareWork() ? threadsOfMachine() : 1,
  };
}
