// What this machine has, and what will be used of it.
import { availableParallelism, cpus, totalmem } from "node:os";
import { hasRelaxedSimd } from "@islet/core-wasm";
import { probeAdapters, type AdapterInfo } from "@islet/gpu-unet";
import { resolveBackend } from "../deep/encode.ts";
import { VERSION } from "../version.ts";

/** The report of `islet doctor`. */
export interface Machine {
  readonly islet: string;
  readonly node: string;
  readonly system: string;
  readonly cores: number;
  readonly memoryGiB: number;
  /** The SIMD build that the engine can run. */
  readonly wasm: string;
  readonly adapters: readonly AdapterInfo[];
  /** Why there is no adapter; empty where there is one. */
  readonly noAdapter: string;
  /** What --backend auto means here. */
  readonly backend: "webgpu" | "wasm";
}

/** Looks at the machine; starts nothing that stays. */
export async function inspectMachine(): Promise<Machine> {
  let noAdapter = "";
  const adapters = await probeAdapters().catch((error: Error) => {
    noAdapter = error.message;
    return [];
  });
  if (!adapters.length && !noAdapter) noAdapter = "no adapter; the network runs on WASM";
  return {
    islet: VERSION,
    node: process.version,
    system: `${process.platform} ${process.arch}, ${cpus()[0]?.model.trim() ?? "unknown processor"}`,
    cores: availableParallelism(),
    memoryGiB: totalmem() / 2 ** 30,
    wasm: hasRelaxedSimd() ? "relaxed SIMD (fused multiply-add)" : "plain SIMD",
    adapters,
    noAdapter,
    backend: await resolveBackend("auto"),
  };
}
