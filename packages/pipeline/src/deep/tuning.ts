// A tuning record where the network runs: which blocks the WebGPU kernels take.
import type { Tuning } from "@islet/gpu-unet";
import { ConfigError } from "../errors.ts";

export type { Tuning } from "@islet/gpu-unet";

/**
 * Refuses a record where no kernel would read it.
 *
 * @throws ConfigError on the WASM backend
 */
export function checkTuning(tuning: Tuning | null, backend: "webgpu" | "wasm"): void {
  if (tuning && backend === "wasm") {
    throw new ConfigError(
      "tuning",
      "the record is for WebGPU, and the network runs on WASM here; leave it out, or ask for the webgpu backend",
    );
  }
}
