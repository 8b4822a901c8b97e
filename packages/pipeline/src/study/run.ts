// The one orchestrator of a study: patients -> features -> models -> tables. It knows no files and no threads, only its host.
import { recordOf } from "../deep/training/record.ts";
import { describeWeights, loadWeights, type WeightsSource } from "../deep/weights.ts";
import { ConfigError } from "../errors.ts";
import type { FailedCase, ModelOutcome, StudyResults } from "./results.ts";
import { modelRows, type ModelRow } from "./model-rows.ts";
import { studyTables } from "../report/tables.ts";
import { bundleOfStudy } from "./bundle/of-study.ts";
import { cacheKey, sha256 } from "../host/cache.ts";
import type { CaseResult } from "./case.ts";
import { runExamples } from "./examples.ts";
import type { Cohort, Patient } from "./cohort.ts";
import type { Finding } from "./guards/finding.ts";
import { studyGuards } from "./guards/study-guards.ts";
import type { StudyConfig } from "./config.ts";
import { caseId, featureBlocks, modelTask, type FeatureBlock } from "./features.ts";
import type { Json } from "../host/json.ts";
import { inOrder, NOT_STARTED, runKeptCase, type CaseHost, type InputHash } from "./kept-case.ts";
import { learnModel } from "./learn-model.ts";
import type { ModelResult } from "./model.ts";
import type { OpenStudy } from "./load.ts";
import { planCases, type CaseJob } from "./plan-cases.ts";

/** What a study needs of the world. */
export interface StudyHost extends CaseHost {
  readonly weights: WeightsSource | null;
  /** Joins a table's folder and a path of the table. */
  resolve(folder: string, path: string): string;
  /** Writes one output, whole or not at all. */
  write(path: string, data: string | Uint8Array): Promise<void>;
  /** Whether a warning of the guards ends the run. */
  readonly strict?: boolean;
  /** A PNG of a figure's SVG. */
  rasterise(svg: string): Promise<Uint8Array>;
  now(): string;
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
      readonly findings: readonly Finding[];
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
export async function runStudy(opened: OpenStudy, host: StudyHost, tell: (event: StudyEvent) => void): Promise<void> {
  const { study, cohort, tables: featureTables } = opened;
  const weights = host.weights ? loadWeights(host.weights) : undefined;
  const network = weights ? describeWeights(weights) : null;
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

  for (const message of featureTables.notes) tell({ type: "warning", message });
  for (const { patient, phase, reason } of featureTables.missing)
    tell({ type: "warning", message: `patient ${patient}, ${phase}: ${reason}; left out of the models that need it` });
  const { results, failures: failedCases, inputs, cachedCases } = await runCases(jobs, host, tell);
  const failures = [...failedCases, ...featureTables.missing];
  const blocks = featureBlocks(study, cohort, results, featureTables.blocks);
  for (const block of blocks.values()) {
    for (const { name, patients } of block.undefinedFeatures) {
      tell({
        type: "warning",
        message: `${block.name}: ${name} has no value for ${patients} patient${patients > 1 ? "s" : ""} and is ${study.learn.impute === "none" ? "left out" : `filled by the ${study.learn.impute} of each training part`}`,
      });
    }
  }
  const training = weights && recordOf(weights);
  const guarded = {
    study,
    cohort,
    results,
    inputs,
    failures,
    blocks,
    training,
    isSeeded: host.weights !== null && "init" in host.weights,
  };
  // What the guards see before anything is learnt need not wait for it.
  if (host.strict) refuse(studyGuards({ ...guarded, models: [] }));
  const { models, cachedModels } = await runModels(study, cohort, blocks, host, network, tell);

  const tables = studyTables({ cohort, blocks, models, failures });
  for (const [path, text] of Object.entries(tables)) await host.write(path, text);
  const findings = studyGuards({ ...guarded, models });
  const hash = host.weights ? await weightsHash(host.weights) : null;
  // A network from a seed marks nothing; one that says how it was trained was trained to segment.
  const examples = await runExamples(
    { study, models, jobs, inputs, network: hash, segments: training != null && weights!.parts === "unet", resolve: host.resolve },
    host,
  );
  const report = await writeReport(
    { study, cohort, blocks, models, failures, network, training: training ?? null, examples },
    findings,
    host,
  );
  const bundle = await bundleOfStudy({
    ...guarded,
    models,
    findings,
    weights: host.weights,
    network: network !== null && hash !== null ? { description: network, sha256: hash } : null,
    featureTables: featureTables.hashes,
    host,
  });
  await host.write("model.islet", bundle);
  const outputs = { ...tables, ...report, "model.islet": bundle };
  await host.write("provenance.json", `${JSON.stringify(await provenance(opened, host, network, inputs, outputs), null, 2)}\n`);
  tell({ type: "end", rows: models.flatMap((m) => modelRows(cohort, m)), failures, findings, cachedCases, cachedModels });
  if (host.strict) refuse(findings);
}

/** Every case of a study, from the cache or computed; a case that fails is recorded and ends nothing. */
export async function runCases(jobs: readonly CaseJob[], host: StudyHost, tell: (event: StudyEvent) => void) {
  const results = new Map<string, CaseResult>();
  const failures: FailedCase[] = [];
  const inputs: InputHash[] = [];
  const network = host.weights ? await weightsHash(host.weights) : null;
  let done = 0;
  let cachedCases = 0;

  const runOne = async ({ patient, phase, task, missing }: CaseJob): Promise<void> => {
    const { result, cached, hashes, fault } = missing ? { ...NOT_STARTED, fault: missing } : await runKeptCase(task, network, host);
    const error = fault === null ? null : asWritten(fault, patient, host);
    inputs.push(...hashes);
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

/** Identifies a network: the SHA-256 of its file, or of what it is drawn from. */
export async function weightsHash(weights: WeightsSource): Promise<string> {
  return "init" in weights ? cacheKey(weights as unknown as Json) : sha256(weights.bytes);
}

/** Every model of a study, from the cache or computed. */
export async function runModels(
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
      result = await learnModel(task, host);
      await host.cache.put(key, result as unknown as Json);
    }
    if (cached) cachedModels++;
    const usesNetwork = model.features.some((block) => block.startsWith("deep."));
    outcomes.set(model.name, { model: model.name, task, result, network: usesNetwork ? network : null });
    tell({ type: "model", model: model.name, done: ++done, total: study.models.length, cached });
  });
  return { models: study.models.map((m) => outcomes.get(m.name)!), cachedModels };
}

/** Tables, figures and the report. What draws them is large and is loaded only now. Gives the texts by their paths. */
async function writeReport(
  results: StudyResults,
  findings: readonly Finding[],
  host: StudyHost,
): Promise<Readonly<Record<string, string>>> {
  const { studyReport } = await import("../report/study-report.ts");
  const { files, figures } = studyReport(results, findings, { backend: host.backend, engine: host.engine });
  for (const [path, text] of Object.entries(files)) await host.write(path, text);
  for (const { name, svg } of figures) await host.write(`figures/${name}.png`, await host.rasterise(svg));
  return files;
}

/** With --strict a warning of the guards is an error. */
function refuse(findings: readonly Finding[]): void {
  const warnings = findings.filter(({ level }) => level === "warning");
  if (warnings.length === 0) return;
  const [first] = warnings;
  const others = warnings.length > 1 ? ` (and ${warnings.length - 1} more)` : "";
  throw new ConfigError(
    `guard ${first!.id}`,
    `${first!.found} ${first!.consequence}${others}; run without --strict to get the report with it`,
  );
}

async function provenance(
  { study, tables: { hashes } }: OpenStudy,
  host: StudyHost,
  network: string | null,
  inputs: readonly InputHash[],
  written: Record<string, string | Uint8Array>,
): Promise<object> {
  const outputs: Record<string, string> = {};
  for (const [path, data] of Object.entries(written))
    outputs[path] = await sha256(typeof data === "string" ? new TextEncoder().encode(data) : data);
  return {
    study,
    seed: study.seed,
    engine: host.engine,
    backend: host.backend,
    tuning: host.tuning ?? null,
    network: network && { description: network, sha256: await weightsHash(host.weights!) },
    finished: host.now(),
    inputs: inputs.toSorted((a, b) => (`${a.patient}/${a.phase}/${a.role}` < `${b.patient}/${b.phase}/${b.role}` ? -1 : 1)),
    featureTables: hashes,
    outputs,
  };
}
