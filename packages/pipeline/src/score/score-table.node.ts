// A table of patients to a table of scores, over the worker pool: resumable, and one bad patient ends nothing.
import { availableParallelism } from "node:os";
import { loadCore } from "@islet/core-wasm";
import { resolveBackend, type BackendChoice } from "../deep/encode.ts";
import { readWeightsFile } from "../deep/weights-file.node.ts";
import { IntakeError } from "../errors.ts";
import { featureTable } from "../radiomics/feature-table.ts";
import { folderCache } from "../host/cache.node.ts";
import type { CaseResult } from "../study/case.ts";
import { engineHash, hashInput } from "../host/hash.node.ts";
import { inOrder, runKeptCase } from "../study/kept-case.ts";
import { checkFileOutput, writeAtomic } from "../host/output.node.ts";
import { createThreadPool } from "../study/pool.node.ts";
import { weightsHash } from "../deep/weights.ts";
import { encoderOf, tuningNamed } from "../deep/tuning-named.node.ts";
import { weightsOfBundle } from "./engine.ts";
import { planScore } from "./inputs.ts";
import { openBundleFile } from "./score-files.node.ts";
import { scoreOf, type Score } from "./score.ts";
import { readPatients, type TableChoice, type TablePatient } from "./table-patients.node.ts";

/** What is scored, and how. */
export interface ScoreTableOptions extends TableChoice {
  readonly model: string;
  readonly backend?: BackendChoice;
  readonly weights?: string;
  readonly tuning?: string;
  readonly workers?: number;
  readonly signal?: AbortSignal;
}

/** One patient, finished. */
export interface ScoreProgress {
  readonly patient: string;
  readonly done: number;
  readonly total: number;
  /** Whether all phases had been computed before. */
  readonly cached: boolean;
  readonly warnings: readonly string[];
  readonly error: string | null;
}

/** A row of the table of scores. */
export interface ScoreRow {
  readonly patient_id: string;
  readonly score: Score | null;
  readonly error: string | null;
}

/** What became of a table. */
export interface ScoreTableResult {
  readonly notice: string;
  readonly model: string;
  readonly patients: number;
  readonly cached: number;
  readonly rows: readonly ScoreRow[];
}

/** Columns of the table that is written. */
const COLUMNS = [
  "patient_id",
  "model",
  "risk",
  "group",
  "threshold",
  "percentile",
  "neighbours_with_event",
  "shift_percentile",
  "warnings",
  "error",
  "notice",
];

/**
 * Scores a table, one patient a row, whose columns are those of the study's own table unless `columns` says otherwise; paths are relative to it.
 *
 * What is computed is kept beside the output, so the same command goes on where it was stopped.
 *
 * @param out  the CSV to write: a row for each patient, in the table's order; where one failed, its reason
 * @throws ConfigError for a table that cannot be used; IntakeError for a bundle that cannot, or when every patient failed
 */
export async function scoreTable(
  file: string,
  out: string,
  options: ScoreTableOptions,
  tell: (progress: ScoreProgress) => void,
): Promise<ScoreTableResult> {
  const bundle = await openBundleFile(options.model);
  const patients = await readPatients(file, bundle, options);
  const named = options.weights;
  await checkFileOutput(out, [
    file,
    options.model,
    named,
    ...Object.values(options.features ?? {}),
    ...patients.flatMap(({ paths }) => paths),
  ]);
  const weights = await weightsOfBundle(
    bundle,
    named === undefined ? undefined : { file: named, bytes: (await readWeightsFile(named)).bytes },
  );
  const backend = weights ? await resolveBackend(options.backend ?? "auto") : "wasm";
  const tuning = await tuningNamed(options.tuning, backend, () => encoderOf(weights!, bundle.model.inputSize));
  // One device serves one queue of work.
  const workers = backend === "webgpu" ? 1 : Math.min(patients.length, options.workers ?? availableParallelism());
  const pool = createThreadPool(workers, {
    backend,
    inputSize: bundle.model.inputSize,
    ...(weights && { weights }),
    ...(tuning && { tuning }),
  });
  const host = {
    cache: folderCache(`${out}.cache`),
    engine: await engineHash(),
    backend,
    ...(tuning && { tuning }),
    pool,
    hashInput,
    ...(options.signal && { signal: options.signal }),
  };
  const network = weights ? await weightsHash(weights) : null;
  const core = await loadCore();
  const place = { backend, simd: core.build, device: backend === "webgpu" ? "WebGPU" : `wasm (${core.build} SIMD)`, tuning };
  const rows: ScoreRow[] = [];
  let [done, cached] = [0, 0];
  const runOne = async ({ id, inputs, row, asWritten, placed }: TablePatient) => {
    let isCached = true;
    const fault = (error: unknown): ScoreRow => {
      const { name, message } = error as Error;
      if (name !== "IntakeError" && name !== "ConfigError") throw error;
      return { patient_id: id, score: null, error: placed(message) };
    };
    const score = async (): Promise<ScoreRow> => {
      const results = new Map<string, CaseResult>();
      const inputHashes: Score["provenance"]["inputs"][number][] = [];
      for (const task of await planScore(bundle, inputs)) {
        const kept = await runKeptCase(task, network, host);
        if (!kept.cached) isCached = false;
        if (!kept.result) return { patient_id: id, score: null, error: kept.fault === null ? null : placed(kept.fault) };
        results.set(task.phase, kept.result);
        inputHashes.push(...kept.hashes.map(({ phase, role, sha256 }) => ({ phase, role, sha256 })));
      }
      const found = scoreOf(core, bundle, inputs, results, place);
      const warnings = found.warnings.map(asWritten);
      return { patient_id: id, score: { ...found, warnings, provenance: { ...found.provenance, inputs: inputHashes } }, error: null };
    };
    const made = await score().catch(fault);
    rows[row] = made;
    if (isCached && made.score) cached++;
    tell({
      patient: id,
      done: ++done,
      total: patients.length,
      cached: isCached && made.score !== null,
      warnings: made.score?.warnings ?? [],
      error: made.error,
    });
  };
  try {
    await inOrder(patients, pool.size + 1, runOne);
  } finally {
    pool.close();
  }
  const first = rows.find(({ score }) => score);
  if (!first) throw new IntakeError(file, `none of its ${rows.length} patients could be scored; the first: ${rows[0]!.error}`);
  await writeAtomic(out, featureTable(rows.map(cellsOf), COLUMNS));
  return { notice: first.score!.notice, model: bundle.model.model, patients: rows.length, cached, rows };
}

function cellsOf({ patient_id, score, error }: ScoreRow): Record<string, string | number | null> {
  if (!score) return { patient_id, error };
  const { model, risk, group, threshold, percentile, neighbours, shift, warnings, notice } = score;
  return {
    patient_id,
    model,
    risk,
    group,
    threshold,
    percentile,
    neighbours_with_event: neighbours.filter(({ outcome }) => outcome === 1).length,
    shift_percentile: shift.percentile,
    warnings: warnings.join(" | "),
    notice,
  };
}
