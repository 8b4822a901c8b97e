// The one orchestrator of a study: patients -> features -> models -> tables. It knows no files and no threads, only its host.
import type { Remote } from "comlink";
import { describeWeights, loadWeights, type WeightsSource } from "../deep/weights.ts";
import { ConfigError } from "../errors.ts";
import { modelRows, studyTables, type FailedCase, type ModelOutcome, type ModelRow } from "../report/tables.ts";
import { cacheKey, sha256, type Cache } from "./cache.ts";
import type { CaseResult, CaseTask } from "./case.ts";
import type { Cohort, Patient } from "./cohort.ts";
import type { PhaseConfig, StudyConfig } from "./config.ts";
import { caseId, featureBlocks, modelTask, type FeatureBlock } from "./features.ts";
import { blockOf, planOfBlock } from "./blocks.ts";
import type { Json } from "./json.ts";
import type { ModelResult } from "./model.ts";
import type { Pool } from "./pool.ts";
import type { CaseWorker } from "./worker.ts";

/** What a study needs of the world. */
export interface StudyHost {
  readonly cache: Cache;
  /** Identifies the engine's code, so that results of another version are never taken for this one's. */
  readonly engine: string;
  readonly backend: "webgpu" | "wasm";
  readonly pool: Pool<Remote<CaseWorker>>;
  readonly weights: WeightsSource | null;
  /** Joins a table's folder and a path of the table. */
  resolve(folder: string, path: string): string;
  /** SHA-256 over a file or over all files of a folder; rejects with an IntakeError where there is none. */
  hashInput(path: string): Promise<string>;
  /** Writes one output, whole or not at all. */
  write(path: string, data: string): Promise<void>;
  now(): string;
  readonly signal?: AbortSignal;
}

/** What happened, as it happens. */
export type StudyEvent =
  | {
      readonly type: "start";
      readonly study: string;
      readonly internal: number;
      readonly external: number;
      readonly excluded: number;
      readonly cases: number;
      readonly models: number;
      readonly workers: number;
      readonly backend: string;
      readonly network: string | null;
    }
  | {
      readonly type: "case";
      readonly patient: string;
      readonly phase: string;
      readonly done: number;
      readonly total: number;
      readonly cached: boolean;
      readonly warnings: readonly string[];
      readonly error: string | null;
    }
  | { readonly type: "model"; readonly model: string; readonly done: number; readonly total: number; readonly cached: boolean }
  | { readonly type: "warning"; readonly message: string }
  | {
      readonly type: "end";
      readonly rows: readonly ModelRow[];
      readonly failures: readonly FailedCase[];
      readonly cachedCases: number;
      readonly cachedModels: number;
    };

/**
 * Runs a study and writes its outputs.
 *
 * A case that fails is recorded and left out of the models that need it; it never ends the cohort. Every finished case and
 * model is cached by what it was computed from, so an interrupted run goes on where it stopped.
 *
 * @throws ConfigError when too few patients are left for a model
 */
export async function runStudy(study: StudyConfig, cohort: Cohort, host: StudyHost, tell: (event: StudyEvent) => void): Promise<void> {
  const network = host.weights ? describeWeights(loadWeights(host.weights)) : null;
  const jobs = planCases(study, cohort, host);
  const count = (name: Patient["cohort"]) => cohort.patients.filter((p) => p.cohort === name).length;
  tell({
    type: "start",
    study: study.name,
    internal: count("internal"),
    external: count("external"),
    excluded: cohort.excluded.length,
    cases: jobs.length,
    models: study.models.length,
    workers: host.pool.size,
    backend: host.backend,
    network,
  });

  const { results, failures, inputs, cachedCases } = await runCases(jobs, host, tell);
  const blocks = featureBlocks(study, cohort, results);
  for (const block of blocks.values()) {
    for (const { name, patients } of block.undefinedFeatures) {
      tell({
        type: "warning",
        message: `${block.name}: ${name} has no value for ${patients} patient${patients > 1 ? "s" : ""} and is left out`,
      });
    }
  }
  const { models, cachedModels } = await runModels(study, cohort, blocks, host, network, tell);

  const tables = studyTables({ cohort, blocks, models, failures });
  for (const [path, text] of Object.entries(tables)) await host.write(path, text);
  await host.write("provenance.json", `${JSON.stringify(await provenance(study, host, network, inputs, tables), null, 2)}\n`);
  tell({ type: "end", rows: models.flatMap((m) => modelRows(cohort, m)), failures, cachedCases, cachedModels });
}

interface CaseJob {
  readonly patient: Patient;
  readonly phase: string;
  readonly task: CaseTask;
  /** A reason why the case cannot even start. */
  readonly missing: string | null;
}

/** What the models need of a phase. */
interface Wants {
  readonly deep: boolean;
  readonly radiomics: NonNullable<CaseTask["radiomics"]>;
}

const hasRadiomics = ({ radiomics }: Wants) => Object.keys(radiomics).length > 0;

/** The cases that the models need, in the order of the table. */
function planCases(study: StudyConfig, cohort: Cohort, host: StudyHost): CaseJob[] {
  const wanted = new Map<string, Wants>();
  for (const name of study.models.flatMap((m) => m.features)) {
    const { kind, phase, preset } = blockOf(name, study);
    const wants = wanted.get(phase) ?? { deep: false, radiomics: {} };
    wanted.set(
      phase,
      kind === "deep"
        ? { ...wants, deep: true }
        : { ...wants, radiomics: { ...wants.radiomics, [preset]: planOfBlock(study, phase, preset) } },
    );
  }
  return cohort.patients.flatMap((patient) =>
    [...wanted].map(([name, wants]) => {
      const phase = study.phases[name]!;
      const path = (column: string) => (patient.paths[column] === undefined ? null : host.resolve(patient.folder, patient.paths[column]));
      const needed = [
        phase.image,
        ...(hasRadiomics(wants) ? [phase.mask!] : []),
        ...(wants.deep ? [phase.rough ?? phase.roughFrom!.mask] : []),
      ];
      const absent = needed.find((column) => path(column) === null);
      return {
        patient,
        phase: name,
        missing: absent === undefined ? null : `column ${absent} is empty for this patient`,
        task: caseTask(study, phase, name, wants, patient.id, (column) => path(column) ?? ""),
      };
    }),
  );
}

function caseTask(
  study: StudyConfig,
  phase: PhaseConfig,
  name: string,
  wants: Wants,
  patient: string,
  path: (column: string) => string,
): CaseTask {
  const { spacing, interpolation, order } = study.preprocess;
  const pick = {
    ...(phase.label !== undefined && { label: phase.label }),
    ...(phase.structure !== undefined && { structure: phase.structure }),
  };
  const { roughFrom } = phase;
  return {
    patient,
    phase: name,
    image: path(phase.image),
    ...(hasRadiomics(wants) && { mask: { input: path(phase.mask!), ...pick }, radiomics: wants.radiomics }),
    ...(wants.deep && phase.rough && { rough: path(phase.rough) }),
    ...(wants.deep &&
      roughFrom && { roughFrom: { mask: path(roughFrom.mask), seed: roughFrom.seed, jitterMm: roughFrom.jitterMm, ...pick } }),
    preprocess: { window: phase.window ?? { percentiles: phase.percentiles! }, spacing, interpolation, order },
    inputSize: study.deep.inputSize,
    seed: study.seed,
    wants: { deep: wants.deep },
  };
}

async function runCases(jobs: readonly CaseJob[], host: StudyHost, tell: (event: StudyEvent) => void) {
  const results = new Map<string, CaseResult>();
  const failures: FailedCase[] = [];
  const inputs: InputHash[] = [];
  const network = host.weights ? await weightsHash(host.weights) : null;
  let done = 0;
  let cachedCases = 0;

  const runOne = async ({ patient, phase, task, missing }: CaseJob): Promise<void> => {
    let cached = false;
    let result: CaseResult | null = null;
    let error: string | null = missing;
    try {
      if (!missing) {
        const { key, hashes } = await caseKey(task, network, host);
        inputs.push(...hashes);
        result = (await host.cache.get(key)) as CaseResult | null;
        cached = result !== null;
        if (!result) {
          host.signal?.throwIfAborted();
          result = await host.pool.run((worker) => worker.runCase(task));
          await host.cache.put(key, result as unknown as Json);
        }
      }
    } catch (failure) {
      if (!isOfThisCase(failure)) throw failure;
      error = asWritten((failure as Error).message, patient, host);
    }
    if (result) results.set(caseId(patient.id, phase), result);
    if (error !== null) failures.push({ patient: patient.id, cohort: patient.cohort, phase, reason: error });
    if (cached) cachedCases++;
    const warnings = (result?.warnings ?? []).map((warning) => asWritten(warning, patient, host));
    tell({ type: "case", patient: patient.id, phase, done: ++done, total: jobs.length, cached, warnings, error });
  };
  await inOrder(jobs, host.pool.size + 1, runOne);
  const place = (f: FailedCase) => jobs.findIndex((job) => job.patient.id === f.patient && job.phase === f.phase);
  failures.sort((a, b) => place(a) - place(b));
  return { results, failures, inputs, cachedCases };
}

/** A sentence with paths as the table has them: where they lie on this disk is nobody's business in a table or a log. */
function asWritten(sentence: string, { paths, folder }: Patient, host: StudyHost): string {
  return Object.values(paths).reduce((text, path) => text.replaceAll(host.resolve(folder, path), path), sentence);
}

/** A fault of this patient's files is the patient's; anything else (no disk, no adapter, a bug) ends the run. */
export function isOfThisCase(error: unknown): boolean {
  return (error as Error)?.name === "IntakeError" || (error as Error)?.name === "ConfigError";
}

/** The content of one input of one case; named by its role, since a path may tell who the patient is. */
interface InputHash {
  readonly patient: string;
  readonly phase: string;
  readonly role: "image" | "mask" | "rough" | "roughFrom";
  readonly sha256: string;
}

/** The key of a case in the cache: its settings and the content of its files, whatever these are called. */
export async function caseKey(
  task: CaseTask,
  network: string | null,
  host: Pick<StudyHost, "hashInput" | "engine" | "backend">,
): Promise<{ key: string; hashes: InputHash[] }> {
  const hashes: InputHash[] = [];
  const hashed = async (role: InputHash["role"], input: CaseTask["image"] | undefined) => {
    if (typeof input !== "string") return null;
    const sha = await host.hashInput(input);
    hashes.push({ patient: task.patient, phase: task.phase, role, sha256: sha });
    return sha;
  };
  const key = await cacheKey({
    kind: "case",
    engine: host.engine,
    backend: host.backend,
    network: task.wants.deep ? network : null,
    task: {
      ...task,
      image: await hashed("image", task.image),
      mask: task.mask && { ...task.mask, input: await hashed("mask", task.mask.input) },
      rough: task.rough && (await hashed("rough", task.rough)),
      roughFrom: task.roughFrom && { ...task.roughFrom, mask: await hashed("roughFrom", task.roughFrom.mask) },
    } as unknown as Json,
  });
  return { key, hashes };
}

async function weightsHash(weights: WeightsSource): Promise<string> {
  return "init" in weights ? cacheKey(weights as unknown as Json) : sha256(weights.bytes);
}

/** Runs jobs with a bounded number in flight, started in order; the first failure stops the rest. */
export async function inOrder<T>(jobs: readonly T[], inFlight: number, run: (job: T) => Promise<void>): Promise<void> {
  let next = 0;
  let failed = false;
  const lane = async () => {
    while (next < jobs.length && !failed) {
      try {
        await run(jobs[next++]!);
      } catch (error) {
        failed = true;
        throw error;
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, lane));
}

async function runModels(
  study: StudyConfig,
  cohort: Cohort,
  blocks: ReadonlyMap<string, FeatureBlock>,
  host: StudyHost,
  network: string | null,
  tell: (event: StudyEvent) => void,
) {
  const outcomes = new Map<string, ModelOutcome>();
  let done = 0;
  let cachedModels = 0;
  await inOrder(study.models, host.pool.size + 1, async (model) => {
    const task = modelTask(study, cohort, model, blocks);
    const classes = new Set(task.outcome);
    if (classes.size < 2) {
      throw new ConfigError(
        `model "${model.name}"`,
        `only ${task.internal.ids.length} internal patients have its features, all of one outcome; tables/flow.csv would say why each of the others is missing, so mend their files first`,
      );
    }
    const key = await cacheKey({ kind: "model", engine: host.engine, task: { ...task, model: "" } as unknown as Json });
    let result = (await host.cache.get(key)) as ModelResult | null;
    const cached = result !== null;
    if (!result) {
      host.signal?.throwIfAborted();
      result = await host.pool.run((worker) => worker.runModel(task));
      await host.cache.put(key, result as unknown as Json);
    }
    if (cached) cachedModels++;
    const usesNetwork = model.features.some((block) => block.startsWith("deep."));
    outcomes.set(model.name, { model: model.name, task, result, network: usesNetwork ? network : null });
    tell({ type: "model", model: model.name, done: ++done, total: study.models.length, cached });
  });
  return { models: study.models.map((m) => outcomes.get(m.name)!), cachedModels };
}

async function provenance(
  study: StudyConfig,
  host: StudyHost,
  network: string | null,
  inputs: readonly InputHash[],
  tables: Record<string, string>,
): Promise<object> {
  const outputs: Record<string, string> = {};
  for (const [path, text] of Object.entries(tables)) outputs[path] = await sha256(new TextEncoder().encode(text));
  return {
    study,
    seed: study.seed,
    engine: host.engine,
    backend: host.backend,
    network: network && { description: network, sha256: await weightsHash(host.weights!) },
    finished: host.now(),
    inputs: inputs.toSorted((a, b) => (`${a.patient}/${a.phase}/${a.role}` < `${b.patient}/${b.phase}/${b.role}` ? -1 : 1)),
    outputs,
  };
}
