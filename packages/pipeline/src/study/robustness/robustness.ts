// A study before other readers: its features and risks again, from simulated annotations.
import type { Core } from "@islet/core-wasm";
import { describeWeights, loadWeights } from "../../deep/weights.ts";
import { ConfigError } from "../../errors.ts";
import type { FailedCase } from "../results.ts";
import { featureBlocks } from "../features.ts";
import type { OpenStudy } from "../load.ts";
import { planCases } from "../plan-cases.ts";
import { runModels } from "../run-models.ts";
import { runCases } from "../run-cases.ts";
import type { StudyEvent, StudyHost } from "../study-host.ts";
import { featureAgreement, modelAgreement, type FeatureAgreement, type ModelAgreement } from "./agreement.ts";
import { maskOfPhase, taskOfReader, type ReaderSettings } from "./readers.ts";

/** What became of a study's features and risks before other readers. */
export interface Robustness {
  readonly readers: ReaderSettings;
  readonly features: readonly FeatureAgreement[];
  /** Of the models that use features of images. */
  readonly models: readonly ModelAgreement[];
  /** Cases that a reader's annotation could not be made or used for; the study's own failures are not among them. */
  readonly failures: readonly (FailedCase & { readonly reader: number })[];
}

/** A case that was read: by the study's own annotation (reader 0) or by a simulated reader. */
export interface ReadingEvent {
  readonly reader: number;
  readonly patient: string;
  readonly phase: string;
  /** Of all readings, the study's own among them. */
  readonly done: number;
  readonly total: number;
  readonly cached: boolean;
  readonly error: string | null;
}

/**
 * Repeats the extraction of a study's features for simulated readers and lets the study's fold models say the risk of every patient from each.
 *
 * The models are the study's own, learnt from its own annotations, and computed here where no run has left them in the cache.
 *
 * @throws ConfigError when too few patients are left for a model
 */
export async function studyRobustness(
  core: Core,
  { study, cohort, tables }: OpenStudy,
  settings: ReaderSettings,
  host: StudyHost,
  tell: (event: ReadingEvent) => void,
): Promise<Robustness> {
  const network = host.weights ? describeWeights(loadWeights(host.weights)) : null;
  const jobs = planCases(study, cohort, host);
  if (jobs.length === 0)
    throw new ConfigError(study.name, "no model uses features of images, so no annotation matters to it; there is nothing to repeat");
  const total = jobs.length * (settings.readers + 1);
  let done = 0;
  const telling = (reader: number) => (event: StudyEvent) => {
    if (event.type !== "case") return;
    const { patient, phase, cached, error } = event;
    tell({ reader, patient, phase, done: ++done, total, cached, error });
  };
  const own = await runCases(jobs, host, telling(0));
  const { models } = await runModels(study, cohort, featureBlocks(study, cohort, own.results, tables.blocks), host, network, () => {});

  const blocks: ReturnType<typeof featureBlocks>[] = [];
  const failures: (FailedCase & { reader: number })[] = [];
  const failedBefore = new Set(own.failures.map(({ patient, phase }) => `${patient}\n${phase}`));
  for (let reader = 1; reader <= settings.readers; reader++) {
    const asRead = jobs.map((job) => {
      const { paths, folder } = job.patient;
      const path = (column: string) => (paths[column] === undefined ? null : host.resolve(folder, paths[column]));
      return { ...job, task: taskOfReader(job.task, reader, settings, maskOfPhase(study.phases[job.phase]!, path)) };
    });
    const read = await runCases(asRead, host, telling(reader));
    failures.push(
      ...read.failures.filter(({ patient, phase }) => !failedBefore.has(`${patient}\n${phase}`)).map((failure) => ({ ...failure, reader })),
    );
    blocks.push(featureBlocks(study, cohort, read.results, tables.blocks));
  }
  const names = [...(blocks[0]?.keys() ?? [])].filter((name) => !tables.blocks.has(name));
  const usesImages = (name: string) => study.models.find((model) => model.name === name)!.features.some((block) => names.includes(block));
  return {
    readers: settings,
    features: names.flatMap((name) => featureAgreement(blocks.map((ofReader) => ofReader.get(name)!))),
    models: models.filter(({ model }) => usesImages(model)).map((model) => modelAgreement(core, cohort, model, blocks)),
    failures,
  };
}
