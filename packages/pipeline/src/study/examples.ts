// Which patients the report shows: those whom the primary model puts at highest and at lowest risk.
import { svmGradient } from "../learn/classify/svm-gradient.ts";
import type { FoldModel } from "../learn/fold-model.ts";
import { primaryModel, type ModelOutcome } from "./results.ts";
import { blockOf, isFromImages } from "./blocks.ts";
import { cacheKey } from "../host/cache.ts";
import type { StudyConfig } from "./config.ts";
import type { Example, ExampleTask, ShownExample } from "./example.ts";
import type { Json } from "../host/json.ts";
import type { CaseHost, InputHash } from "./kept-case.ts";
import type { CaseJob } from "./plan-cases.ts";

/** What examples are chosen from. */
export interface ExampleChoice {
  readonly study: StudyConfig;
  readonly models: readonly ModelOutcome[];
  readonly jobs: readonly CaseJob[];
  readonly inputs: readonly InputHash[];
  /** Identifies the weights. */
  readonly network: string | null;
  /** Whether the network was trained to segment. */
  readonly segments: boolean;
  /** Joins a table's folder and a path of the table. */
  resolve(folder: string, path: string): string;
}

/** Draws the internal patients of highest and lowest risk by the primary model, or takes them from the cache. */
export async function runExamples(choice: ExampleChoice, host: CaseHost): Promise<ShownExample[]> {
  const { study, jobs, inputs, network, segments } = choice;
  const primary = primaryModel(choice);
  const block = study.models.find(({ name }) => name === primary.model)?.features.find(isFromImages);
  if (block === undefined) return [];
  const { phase } = blockOf(block, study);
  const ranked = primary.result.crossValidation.predictions.toSorted((a, b) => b.risk - a.risk || (a.id < b.id ? -1 : 1));
  const chosen = [...new Set([ranked[0]!, ranked.at(-1)!])];
  const shown = chosen.map(async ({ id, outcome, risk, fold }): Promise<ShownExample | null> => {
    const job = jobs.find((one) => one.patient.id === id && one.phase === phase);
    if (!job || job.missing) return null;
    const model = primary.result.crossValidation.folds.find((one) => one.fold === fold && one.repeat === undefined);
    const extra = await extraMask(job, choice, host);
    const slope = model ? slopeOf(model, primary, id, phase) : null;
    const task: ExampleTask = { task: extra ? { ...job.task, mask: extra.mask } : job.task, segments, slope };
    const hashes = inputs.filter((input) => input.patient === id && input.phase === phase).map(({ role, sha256 }) => [role, sha256]);
    const { image: _image, mask: _mask, rough: _rough, roughFrom, ...settings } = job.task;
    const own = {
      ...settings,
      reader: roughFrom ? [roughFrom.seed, roughFrom.jitterMm] : null,
      segments,
      slope,
      mask: extra?.sha256 ?? null,
    };
    const made = { engine: host.engine, backend: host.backend, ...(host.tuning && { tuning: host.tuning }), network };
    const key = await cacheKey({ kind: "example", ...made, hashes, own } as unknown as Json);
    let example = (await host.cache.get(key)) as Example | null;
    if (!example) {
      // A mask that no feature needed may be one that cannot be read: then there is a picture without it.
      example = await host.pool
        .run((worker) => worker.runExample(task))
        .catch((error: unknown) => {
          if (!(error instanceof Error && error.name === "IntakeError") || !extra) throw error;
          return host.pool.run((worker) => worker.runExample({ ...task, task: job.task }));
        });
      await host.cache.put(key, example as unknown as Json);
    }
    return { ...example, patient: id, phase, outcome, risk };
  });
  return (await Promise.all(shown)).filter((example) => example !== null);
}

/** The fine mask of a phase whose features asked for none; null where the case has it already, or its file is not there. */
async function extraMask({ task, patient, phase }: CaseJob, { study, resolve }: ExampleChoice, host: Pick<CaseHost, "hashInput">) {
  const { mask, label, structure } = study.phases[phase]!;
  const path = mask === undefined ? undefined : patient.paths[mask];
  if (task.mask || path === undefined) return null;
  const input = resolve(patient.folder, path);
  const sha256 = await host.hashInput(input).catch(() => null);
  if (sha256 === null) return null;
  const pick = { ...(label !== undefined && { label }), ...(structure !== undefined && { structure }) };
  return { mask: { input, ...pick }, sha256 };
}

/**
 * The slope of the decision value of the fold model that had not seen the patient, in the deep features of one phase.
 *
 * @returns null where the model has none of them, or brings centres together first
 */
function slopeOf(
  { features, scaler, classifier, combat }: FoldModel,
  { task }: ModelOutcome,
  patient: string,
  phase: string,
): ExampleTask["slope"] {
  if (combat) return null;
  const row = task.internal.ids.indexOf(patient);
  const at = features.map((name) => task.names.indexOf(name));
  if (row < 0 || at.includes(-1)) return null;
  const x = Float64Array.from(at, (j) => task.internal.values[row * task.names.length + j]!);
  if (!x.every(Number.isFinite)) return null;
  const gradient =
    "kernel" in classifier
      ? svmGradient(classifier, scaler, x)
      : Float64Array.from(classifier.coefficients, (value, j) => (scaler.spread[j]! > 0 ? value / scaler.spread[j]! : 0));
  const prefix = `deep_${phase}_`;
  const own = features.map((_, j) => j).filter((j) => features[j]!.startsWith(prefix) && /^\d+$/.test(features[j]!.slice(prefix.length)));
  if (own.length === 0) return null;
  return {
    channels: own.map((j) => Number(features[j]!.slice(prefix.length))),
    gradient: own.map((j) => gradient[j]!),
    baseline: own.map((j) => scaler.centre[j]!),
  };
}
