// A patient's score: the risk that the study would have given, and what one must know beside it.
import type { Core } from "@islet/core-wasm";
import type { Tuning } from "../deep/tuning.ts";
import { predictEnsemble } from "../learn/ensemble.ts";
import { predictFoldModel } from "../learn/fold-model.ts";
import { batchOf, noticeOf, type Bundle } from "../study/bundle/bundle.ts";
import type { CaseResult } from "../study/case.ts";
import { VERSION } from "../version.ts";
import { contributionsOf, type Contributions } from "./contributions.ts";
import { featureRow, listed } from "./feature-row.ts";
import type { PatientInputs } from "./inputs.ts";
import { scanWarnings } from "./scan-shift.ts";
import { percentileOf, standingOf, type Neighbour, type ShiftedFeature } from "./standing.ts";

/** Where a score was computed. */
export interface ScorePlace {
  readonly backend: "webgpu" | "wasm";
  /** The WASM build. */
  readonly simd: "relaxed" | "simd";
  /** The adapter or the WASM build that the network ran on. */
  readonly device: string;
  /** The record whose blocks the network's WebGPU kernels took. */
  readonly tuning: Tuning | null;
}

/** The score of one patient; plain JSON. */
export interface Score {
  /** Stands beside every risk. */
  readonly notice: string;
  readonly model: string;
  readonly study: string;
  readonly synthetic: boolean;
  /** Mean probability of the fold models, 0 .. 1. */
  readonly risk: number;
  readonly group: "high" | "low";
  /** risk >= threshold is high: from the internal cohort, frozen. */
  readonly threshold: number;
  /** Of the internal patients, how many percent have a lower risk, equal ones by half. */
  readonly percentile: number;
  readonly percentileAmong: string;
  /** The risk by each fold model. */
  readonly riskByFold: readonly number[];
  readonly neighbours: readonly Neighbour[];
  readonly shift: { readonly distance: number; readonly percentile: number; readonly features: readonly ShiftedFeature[] };
  readonly contributions: Contributions;
  readonly warnings: readonly string[];
  readonly provenance: {
    readonly bundle: string;
    readonly format: string;
    readonly islet: string;
    readonly bundleIslet: string;
    readonly backend: string;
    readonly device: string;
    readonly simd: string;
    readonly tuning: Tuning | null;
    readonly network: string | null;
    readonly weightsSha256: string | null;
    readonly seed: number;
    /** SHA-256 of what was read, where it was read from files. */
    readonly inputs: readonly { readonly phase: string; readonly role: string; readonly sha256: string }[];
  };
}

/** From this share of training patients who lie nearer to theirs, a patient is called unlike them: 1 in 20 of those who are like them is, too. */
const UNLIKE = 95;

/**
 * Scores a patient whose scans have been computed.
 *
 * @param results  of every phase of the model
 * @throws IntakeError where a feature that the model needs has no value
 */
export function scoreOf(
  core: Core,
  bundle: Bundle,
  inputs: PatientInputs,
  results: ReadonlyMap<string, CaseResult>,
  place: ScorePlace,
): Score {
  const { model, reference, provenance } = bundle;
  const row = featureRow(bundle, inputs, results);
  // What the study's predictions.csv has for an external patient.
  const risk = predictEnsemble(core, model.folds, row.table)[0]!;
  const { neighbours, shift, z } = standingOf(reference, row.table);
  return {
    notice: noticeOf(model),
    model: model.model,
    study: model.study,
    synthetic: model.synthetic,
    risk,
    group: risk >= model.threshold ? "high" : "low",
    threshold: model.threshold,
    percentile: percentileOf(
      reference.patients.map((patient) => patient.risk),
      risk,
    ),
    percentileAmong: `out-of-fold risks of the ${reference.n} internal patients`,
    riskByFold: model.folds.map((fold) => predictFoldModel(core, fold, row.table)[0]!),
    neighbours,
    shift,
    contributions: contributionsOf(core, model.folds, row.table, reference, z),
    warnings: [
      ...[...results.values()].flatMap((result) => result.warnings),
      ...row.warnings,
      ...scanWarnings(bundle, results),
      ...seenWarnings(bundle, neighbours),
      ...shiftWarnings(shift),
      ...batchWarnings(bundle, inputs),
      ...placeWarnings(bundle, place),
    ],
    provenance: {
      bundle: bundle.sha256,
      format: bundle.format,
      islet: VERSION,
      bundleIslet: provenance.islet,
      ...place,
      network: model.network?.description ?? null,
      weightsSha256: model.network?.sha256 ?? null,
      seed: model.seed,
      inputs: [],
    },
  };
}

/** Features that agree so far, in standard deviations, are those of the same scan: the reference's z-scores are rounded to less. */
const SAME = 1e-3;

/** A patient whom the model has seen; where a model has no more than a few variables, equal ones are no sign of it. */
function seenWarnings({ model }: Bundle, [nearest]: readonly Neighbour[]): string[] {
  if (model.phases.length + model.tables.length === 0 || !nearest || nearest.distance > SAME) return [];
  return [
    "the features are those of a training patient: the model has probably learnt from this patient, and its risk says nothing about a new one",
  ];
}

function shiftWarnings({ distance, percentile, features }: Score["shift"]): string[] {
  const warnings: string[] = [];
  if (percentile >= UNLIKE) {
    warnings.push(
      `unlike the training patients: ${distance.toFixed(2)} standard deviations from the nearest of them, further than ${Math.floor(percentile)}% of them from theirs; the risk may mean nothing`,
    );
  }
  if (features.length > 0) {
    const [first] = features;
    warnings.push(
      `${features.length === 1 ? "one feature lies" : `${features.length} features lie`} far outside the training patients' (${listed(features.map(({ name }) => name))}); ${first!.name} is ${first!.value.toPrecision(4)}, theirs are ${first!.range.map((v) => v.toPrecision(4)).join(" to ")}`,
    );
  }
  return warnings;
}

function batchWarnings({ model }: Bundle, { batch }: PatientInputs): string[] {
  const wanted = batchOf(model);
  if (!wanted || batch === undefined || wanted.known.includes(batch)) return [];
  return [
    `${wanted.column} "${batch}" is none that the model learnt from (${wanted.known.join(", ") || "none"}); the features stay as they are`,
  ];
}

/** The engine's last digits differ between backends, tunings, builds and versions. */
function placeWarnings({ model, provenance }: Bundle, { backend, simd, tuning }: ScorePlace): string[] {
  const warnings: string[] = [];
  if (provenance.islet !== VERSION)
    warnings.push(`the model was made with Islet ${provenance.islet} and is scored with ${VERSION}; features may differ`);
  if (model.network && backend !== provenance.backend)
    warnings.push(`the study's network ran on ${provenance.backend} and this one on ${backend}; the risk's last digits may differ`);
  else if (model.network && JSON.stringify(tuning) !== JSON.stringify(provenance.tuning ?? null))
    warnings.push(
      "the study's network ran with other kernels (another record of islet unet tune, or none); the risk's last digits may differ",
    );
  if (model.phases.length > 0 && simd !== provenance.simd)
    warnings.push(`the study ran on the ${provenance.simd} build and this on the ${simd} build; the risk's last digits may differ`);
  return warnings;
}
