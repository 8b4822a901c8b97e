// What scoring with one bundle runs on: the WASM core, and the bundle's network where it has one.
import { loadCore } from "@islet/core-wasm";
import { createSliceEncoder, resolveBackend, type BackendChoice } from "../deep/encode.ts";
import { loadWeights, type WeightsSource } from "../deep/weights.ts";
import type { Tuning } from "../deep/tuning.ts";
import { ConfigError } from "../errors.ts";
import type { ImageSource } from "../intake/source.ts";
import { sha256 } from "../host/cache.ts";
import type { Bundle } from "../study/bundle/bundle.ts";
import type { Engine } from "../study/case.ts";
import type { ScorePlace } from "./score.ts";

/** A bundle's engine. */
export interface ScoreEngine extends Engine {
  readonly place: ScorePlace;
  destroy(): void;
}

/** How to make one. */
export interface ScoreEngineOptions {
  readonly backend?: BackendChoice;
  /** The network, where the bundle has only its hash. */
  readonly weights?: { readonly file: string; readonly bytes: Uint8Array };
  /** Threads that share each slice on WASM. */
  readonly threads?: number;
  readonly tuning?: Tuning | null;
  /** Reads a path; rejects where there are none (browser). */
  open(path: string): Promise<ImageSource>;
}

/**
 * Makes a bundle's network and its core ready.
 *
 * @throws ConfigError where the network is elsewhere and was not given, or is another
 */
export async function createScoreEngine(
  bundle: Bundle,
  { backend: choice = "auto", weights, threads = 1, tuning = null, open }: ScoreEngineOptions,
): Promise<ScoreEngine> {
  const core = await loadCore();
  const source = await weightsOfBundle(bundle, weights);
  if (!source) {
    const place = { backend: "wasm", simd: core.build, device: `wasm (${core.build} SIMD)`, tuning: null } as const;
    return { core, encoder: null, open, place, destroy() {} };
  }
  const backend = await resolveBackend(choice);
  const side = bundle.model.inputSize;
  const encoder = await createSliceEncoder(core, loadWeights(source), { height: side, width: side }, backend, undefined, threads, tuning);
  const place = { backend, simd: core.build, device: encoder.device, tuning };
  return { core, encoder, open, place, destroy: () => encoder.destroy() };
}

/**
 * The network of a bundle; null where its model has no deep features.
 *
 * @param given  a weights file that the user named
 */
export async function weightsOfBundle(
  { file, model, weights }: Bundle,
  given?: { readonly file: string; readonly bytes: Uint8Array },
): Promise<WeightsSource | null> {
  const { network } = model;
  if (given && (!network || network.source.kind === "seeded"))
    throw new ConfigError(given.file, `the model ${network ? "draws its network from a seed" : "has no network"}; leave the weights out`);
  if (!network) return null;
  if (given && (await sha256(given.bytes)) !== network.sha256) {
    throw new ConfigError(
      given.file,
      `is not the network that the model learnt with (${network.description}; SHA-256 ${network.sha256.slice(0, 12)}...); give that one`,
    );
  }
  if (network.source.kind === "seeded") return { init: "seeded", baseWidth: network.source.baseWidth, seed: network.source.seed };
  if (weights) return { file, bytes: weights };
  if (given) return given;
  const where = network.source.kind === "elsewhere" ? network.source.file : "its file";
  throw new ConfigError(
    file,
    `the network is too large to travel in the bundle; name it (${where}, SHA-256 ${network.sha256.slice(0, 12)}...) with --weights`,
  );
}
