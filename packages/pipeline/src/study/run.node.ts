// A study from its file to its folder, in Node.
import { access, constants } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { resolveBackend, type BackendChoice } from "../deep/encode.ts";
import { checkTuning } from "../deep/tuning.ts";
import { readWeightsFile } from "../deep/weights-file.node.ts";
import type { WeightsSource } from "../deep/weights.ts";
import { textOf } from "../intake/named-file.node.ts";
import { rasterise } from "../report/figures/raster.node.ts";
import { selfTest } from "../selftest/certificate.node.ts";
import { folderCache } from "./cache.node.ts";
import { readCohort, type Cohort, type TableText } from "./cohort.ts";
import { parseStudy, type StudyConfig } from "./config.ts";
import { engineHash, hashInput } from "./hash.node.ts";
import { makeFolder, writeAtomic } from "./output.node.ts";
import { createThreadPool } from "./pool.node.ts";
import { runStudy, type StudyEvent } from "./run.ts";
import { readTuningFile } from "./single.node.ts";

/** A study whose file and tables have been read and checked. */
export interface LoadedStudy {
  readonly study: StudyConfig;
  readonly cohort: Cohort;
  readonly folder: string;
}

/**
 * Reads and checks a study file and its tables, and that every file they name is there.
 *
 * @throws ConfigError naming file, row and column
 */
export async function loadStudy(file: string): Promise<LoadedStudy> {
  const study = parseStudy(await textOf(file), file);
  const folder = dirname(resolve(file));
  const table = async (path: string): Promise<TableText> => {
    const full = isAbsolute(path) ? path : join(folder, path);
    return { file: path, folder: dirname(full), text: await textOf(full, path) };
  };
  const internal = await table(study.cohorts.internal.table);
  const external = study.cohorts.external ? await table(study.cohorts.external.table) : null;
  return { study, cohort: readCohort(study, internal, external), folder };
}

/** The files that a study's table names and that are not there: one sentence each, with the patient and the column. */
export async function missingFiles({ cohort }: LoadedStudy): Promise<string[]> {
  const sentences: string[] = [];
  for (const { id, paths, folder } of cohort.patients) {
    for (const [column, path] of Object.entries(paths)) {
      const there = await access(join(folder, path), constants.R_OK).then(
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
  /** A record of `islet unet tune`, a file. */
  readonly tuning?: string;
  /** Worker threads; default: the machine's cores. */
  readonly workers?: number;
  readonly signal?: AbortSignal;
  /** Whether a warning of the guards ends the run with an error. */
  readonly strict?: boolean;
}

/** Runs a study into a folder; what is already in the folder's cache is not computed again. */
export async function runStudyFile(file: string, out: string, options: RunOptions, tell: (event: StudyEvent) => void): Promise<void> {
  const { study, cohort, folder } = await loadStudy(file);
  const weights = await weightsOf(study, folder);
  const backend = weights ? await resolveBackend(options.backend ?? "auto") : "wasm";
  const tuning = options.tuning === undefined ? null : await readTuningFile(options.tuning);
  checkTuning(tuning, backend);
  await makeFolder(out);
  const workers = options.workers ?? Math.max(1, availableParallelism());
  // One device serves one queue of work; more threads on it would only wait for each other.
  const pool = createThreadPool(backend === "webgpu" ? 1 : workers, {
    backend,
    inputSize: study.deep.inputSize,
    ...(weights && { weights }),
    ...(tuning && { tuning }),
  });
  const log: string[] = [];
  try {
    await runStudy(
      study,
      cohort,
      {
        cache: folderCache(join(out, "cache")),
        engine: await engineHash(),
        backend,
        ...(tuning && { tuning }),
        pool,
        weights,
        resolve: (base, path) => (isAbsolute(path) ? path : join(base, path)),
        hashInput,
        rasterise,
        write: (path, data) => writeAtomic(join(out, path), data),
        now: () => new Date().toISOString(),
        strict: options.strict === true,
        ...(options.signal && { signal: options.signal }),
      },
      (event) => {
        log.push(JSON.stringify({ time: new Date().toISOString(), ...summary(event) }));
        tell(event);
      },
    );
    // What this machine was seen to compute when these tables were made.
    await writeAtomic(join(out, "selftest.json"), `${JSON.stringify(await selfTest(), null, 2)}\n`);
  } finally {
    pool.close();
    await writeAtomic(join(out, "log.jsonl"), `${log.join("\n")}\n`).catch(() => {});
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
async function weightsOf(study: StudyConfig, folder: string): Promise<WeightsSource | null> {
  if (!study.models.some((m) => m.features.some((block) => block.startsWith("deep.")))) return null;
  const { weights } = study.deep;
  if (typeof weights !== "string") return weights;
  const { bytes } = await readWeightsFile(weights, folder);
  return { file: weights, bytes };
}
