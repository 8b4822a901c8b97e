// The tuning that a command names: a record's file, or `auto`, which measures once on an adapter and keeps the record for the next time.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  probeAdapters,
  readTuning,
  requestGpu,
  settlePrecision,
  tuneKernels,
  tuningJobs,
  type AdapterInfo,
  type TuningScope,
} from "@islet/gpu-unet";
import { resolveBackend, type BackendChoice } from "./encode.ts";
import { checkTuning, type Tuning } from "./tuning.ts";
import { loadWeights, type WeightsSource } from "./weights.ts";
import { bytesOf } from "../intake/named-file.node.ts";
import { cacheKey } from "../host/cache.ts";
import { engineHash } from "../host/hash.node.ts";
import type { Json } from "../host/json.ts";
import { writeAtomic } from "../host/output.node.ts";
import { stateFolder } from "../host/state-folder.node.ts";

/** What a tuning must serve; slices are square. */
export interface TunedNetwork {
  readonly architecture: TuningScope["architecture"];
  /** Pixels of a slice's side. */
  readonly inputSize: number;
  readonly use: TuningScope["use"];
  /** Slices a pass; 4 is what the pipeline's networks take, and a training takes its batch. */
  readonly batch?: number;
}

/**
 * The record that `--tuning` names. One that lets layers be in half precision is checked on this adapter first, and comes without them, and with the
 * reason, where half precision does not serve. What is measured for `auto` is never in half precision.
 *
 * @param network  asked only where something is measured
 * @param named  a file; `auto`; or undefined for the standard workgroups. `auto` is no record where the network runs on WASM, or on an adapter that
 *   computes on the CPU
 * @throws ConfigError where a file is named and the network runs on WASM; IntakeError or DeviceError where the file is no record
 */
export async function tuningNamed(named: string | undefined, choice: BackendChoice, network: () => TunedNetwork): Promise<Tuning | null> {
  if (named === undefined) return null;
  const backend = await resolveBackend(choice);
  if (named === "auto") {
    if (backend === "wasm") return null;
    const [fastest] = await probeAdapters();
    return !fastest || fastest.isSoftware ? null : keptTuning(network(), await thisMachine(fastest));
  }
  const tuning = readTuning(new TextDecoder().decode(await bytesOf(named)));
  checkTuning(tuning, backend);
  return settlePrecision(tuning);
}

/** What a tuning of the encoder must serve, from the weights that workers are sent. */
export function encoderOf(weights: WeightsSource, inputSize: number): TunedNetwork {
  return { architecture: loadWeights(weights).architecture, inputSize, use: "encoder" };
}

/** Where records are kept and made. */
export interface TuningMachine {
  readonly folder: string;
  readonly adapter: AdapterInfo;
  /** Hash of the code: other kernels are measured anew. */
  readonly engine: string;
  measure(network: TunedNetwork): Promise<Tuning>;
}

async function thisMachine(adapter: AdapterInfo): Promise<TuningMachine> {
  return { folder: join(stateFolder(), "tunings"), adapter, engine: await engineHash(), measure };
}

async function measure({ architecture, inputSize, use, batch = 4 }: TunedNetwork): Promise<Tuning> {
  const gpu = await requestGpu({ tunes: true });
  try {
    return await tuneKernels(gpu, tuningJobs({ architecture, height: inputSize, width: inputSize, use }), batch);
  } finally {
    gpu.destroy();
  }
}

/** The record kept for a network on this adapter by this code; measured and kept where there is none, or none that can be read. */
export async function keptTuning(network: TunedNetwork, { folder, adapter, engine, measure: make }: TuningMachine): Promise<Tuning> {
  const { architecture, inputSize, use, batch = 4 } = network;
  const key = await cacheKey({ adapter, engine, architecture, inputSize, use, batch } as unknown as Json);
  const file = join(folder, `${key}.json`);
  const kept = await readFile(file, "utf8").catch(() => null);
  if (kept !== null) {
    try {
      return readTuning(kept);
    } catch {
      // Damaged: what follows replaces it.
    }
  }
  const tuning = await make(network);
  await writeAtomic(file, `${JSON.stringify(tuning, null, 2)}\n`);
  return tuning;
}
