// A study from its file to its folder, in Node.
import { access, constants } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, join, resolve } from "node:path";
import { resolveBackend, type BackendChoice } from "../deep/encode.ts";
import { readWeightsFile } from "../deep/weights-file.node.ts";
import type { WeightsSource } from "../deep/weights.ts";
import { ConfigError } from "../errors.ts";
import { pathFrom, textOf } from "../intake/named-file.node.ts";
import { rasterise } from "../report/figures/raster.node.ts";
import { selfTest } from "../selftest/certificate.node.ts";
import { folderCache } from "../host/cache.node.ts";
import type { TableText } from "./cohort.ts";
import type { StudyConfig } from "./config.ts";
import { engineHash, hashInput } from "../host/hash.node.ts";
import { openStudy, type OpenStudy } from "./load.ts";
import { makeFolder, writeAtomic } from "../host/output.node.ts";
import { createThreadPool } from "./pool.node.ts";
import { checkRunFolder } from "./run-folder.node.ts";
import { runStudy } from "./run.ts";
import { type StudyEvent, type StudyHost } from "./study-host.ts";
import { encoderOf, tuningNamed } from "../deep/tuning-named.node.ts";

/** A study whose file and tables have been read and checked. */
export interface LoadedStudy extends OpenStudy {
  readonly folder: string;
}

/**
 * Reads and checks a study file and its tables.
 *
 * What is kept of a table has its path as the study writes it; a fault names it from where the command runs.
 *
 * @param named  what a fault calls a table, by the path that the study writes
 * @throws ConfigError naming file, row and column
 */
export async function loadStudy(file: string, named = (path: string) => pathFrom(dirname(file), path)): Promise<LoadedStudy> {
  const folder = dirname(resolve(file));
  const tables = new Set<string>();
  const table = async (path: string): Promise<TableText> => {
    tables.add(path);
    const full = pathFrom(folder, path);
    return { file: path, folder: dirname(full), text: await textOf(full, path) };
  };
  const text = await textOf(file);
  try {
    return { ...(await openStudy(text, file, table)), folder };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const { where, message } = error;
    // "TABLE, row N, column C", or several tables in one.
    const parts = where.split(", ");
    if (!parts.some((part) => tables.has(part))) throw error;
    const place = parts.map((part) => (tables.has(part) ? named(part) : part)).join(", ");
    throw new ConfigError(place, message.slice(where.length + 2), { cause: error });
  }
}

/** The files that a study's table names and that are not there: one sentence each, with the patient and the column. */
export async function missingFiles({ cohort }: LoadedStudy): Promise<string[]> {
  const sentences: string[] = [];
  for (const { id, paths, folder } of cohort.patients) {
    for (const [column, path] of Object.entries(paths)) {
      const there = await access(pathFrom(folder, path), constants.R_OK).then(
        () => true,
        () => false,
      );
      if (!there) sentences.push(`patient ${id}, column ${column}: ${path} does not exist or cannot be read`);
    }
  }
  return sentences;
}

/** Options of a run. */
export interface RunOptions {
  readonly backend?: BackendChoice;
  /** A record of `islet unet tune`, a file; or `auto`. */
  readonly tuning?: string;
  /** Worker threads; default: the machine's cores. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Whether a warning of the guards ends the run with an error. */
  readonly strict?: boolean;
  /** Folder of what is kept of finished cases and models; default: `cache` in the output folder. */
  readonly cache?: string;
}

/** Runs a study into a folder; what is already in the folder's cache is not computed again. */
export async function runStudyFile(file: string, out: string, options: RunOptions, tell: (event: StudyEvent) => void): Promise<void> {
  const log: string[] = [];
  try {
    await withStudyHost(file, out, options, async (loaded, host) => {
      await checkRunFolder(out, file, loaded);
      await runStudy(loaded, host, (event) => {
        log.push(JSON.stringify({ time: new Date().toISOString(), ...summary(event) }));
        tell(event);
      });
    });
    // What this machine was seen to compute when these tables were made.
    await writeAtomic(join(out, "selftest.json"), `${JSON.stringify(await selfTest(), null, 2)}\n`);
  } finally {
    if (log.length > 0) await writeAtomic(join(out, "log.jsonl"), `${log.join("\n")}\n`).catch(() => {});
  }
}

/** Loads a study and lends it this machine: threads, a cache in the output folder, the network. */
export async function withStudyHost<T>(
  file: string,
  out: string,
  options: RunOptions,
  use: (loaded: LoadedStudy, host: StudyHost) => Promise<T>,
): Promise<T> {
  const loaded = await loadStudy(file);
  const { study, folder } = loaded;
  const weights = await weightsOf(study, folder);
  const backend = weights ? await resolveBackend(options.backend ?? "auto") : "wasm";
  const tuning = await tuningNamed(options.tuning, backend, () => encoderOf(weights!, study.deep.inputSize));
  await makeFolder(out);
  const workers = options.workers ?? Math.max(1, availableParallelism());
  // One device serves one queue of work; more threads on it would only wait for each other.
  const pool = createThreadPool(backend === "webgpu" ? 1 : workers, {
    backend,
    inputSize: study.deep.inputSize,
    ...(weights && { weights }),
    ...(tuning && { tuning }),
  });
  try {
    return await use(loaded, {
      cache: folderCache(options.cache ?? join(out, "cache")),
      engine: await engineHash(),
      backend,
      ...(tuning && { tuning }),
      pool,
      weights,
      resolve: pathFrom,
      hashInput,
      rasterise,
      write: (path, data) => writeAtomic(join(out, path), data),
      now: () => new Date().toISOString(),
      strict: options.strict === true,
      ...(options.signal && { signal: options.signal }),
    });
  } finally {
    pool.close();
  }
}

/** An event as a line of the log: results themselves are in the tables. */
function summary(event: StudyEvent): object {
  if (event.type !== "end") return event;
  return {
    type: "end",
    rows: event.rows.length,
    failures: event.failures.length,
    findings: event.findings.map(({ id, level }) => ({ id, level })),
    cachedCases: event.cachedCases,
    cachedModels: event.cachedModels,
  };
}

/** The network that the study's models need, or null where none does. */
export async function weightsOf(study: StudyConfig, folder: string): Promise<WeightsSource | null> {
  if (!study.models.some((m) => m.features.some((block) => block.startsWith("deep.")))) return null;
  const { weights } = study.deep;
  if (typeof weights !== "string") return weights;
  const { bytes } = await readWeightsFile(weights, folder);
  return { file: weights, bytes };
}
