// From a finished study to its bundle: the primary model, and the internal cohort as a reference without names.
import { hasRelaxedSimd } from "@islet/core-wasm";
import { strToU8 } from "fflate";
import type { Tuning } from "../../deep/tuning.ts";
import type { WeightsSource } from "../../deep/weights.ts";
import type { FoldRecord } from "../../learn/validate/cross-validate.ts";
import type { ThresholdRule } from "../../learn/settings.ts";
import { isSynthetic, primaryModel, type ModelOutcome } from "../results.ts";
import { modelRows } from "../model-rows.ts";
import { VERSION } from "../../version.ts";
import { blockOf, isFromImages } from "../blocks.ts";
import { packBundle } from "./container.ts";
import { planHash } from "./plan.ts";
import { referenceOf, usedColumns, type ReferenceSources } from "./reference.ts";
import type { BundleFold, BundleModel, BundlePhase, BundleProvenance } from "./schema.ts";
import { cacheKey } from "../../host/cache.ts";
import type { StudyConfig } from "../config.ts";
import { columnPrefix, levelsOf, type FeatureBlock } from "../features.ts";
import type { Finding } from "../guards/finding.ts";
import type { Json } from "../../host/json.ts";
import type { InputHash } from "../kept-case.ts";

/** Networks up to this size travel in the bundle: base width 32 does (31 MB), 64 with its decoder (124 MB) does not. */
const EMBEDDED_BYTES = 64 * 2 ** 20;

/** What a bundle is made from. */
export interface BundleSources extends ReferenceSources {
  readonly models: readonly ModelOutcome[];
  readonly inputs: readonly InputHash[];
  readonly findings: readonly Finding[];
  readonly weights: WeightsSource | null;
  /** The network in words and its SHA-256; null without deep features. */
  readonly network: { readonly description: string; readonly sha256: string } | null;
  /** SHA-256 of tables of features made elsewhere. */
  readonly featureTables: readonly { readonly sha256: string }[];
  /** What it ran on. */
  readonly host: { readonly engine: string; readonly backend: "webgpu" | "wasm"; readonly tuning?: Tuning };
}

/**
 * The bytes of a study's `model.islet`: its primary model (`report.primaryModel`, else the first).
 *
 * Pure: the same study on the same engine gives the same bytes, whatever the number of workers and whether its results came from the cache.
 */
export async function bundleOfStudy(sources: BundleSources): Promise<Uint8Array> {
  const primary = primaryModel(sources);
  const model = await modelOf(sources, primary);
  const parts = new Map<string, Uint8Array>();
  const addJson = (name: string, value: unknown) => parts.set(name, strToU8(`${JSON.stringify(value, null, 1)}\n`));
  addJson("model.json", model);
  addJson("reference.json", referenceOf(sources, primary, model));
  addJson("provenance.json", await provenanceOf(sources, primary));
  if (model.network?.source.kind === "embedded" && sources.weights && "bytes" in sources.weights)
    parts.set(model.network.source.part, sources.weights.bytes);
  return packBundle(parts);
}

async function modelOf({ study, cohort, blocks, weights, network }: BundleSources, primary: ModelOutcome): Promise<BundleModel> {
  const declared = study.models.find(({ name }) => name === primary.model)!;
  const { crossValidation } = primary.result;
  const phases = await phasesOf(study, declared.features);
  const isDeep = phases.some((phase) => phase.deep);
  return {
    study: study.name,
    model: declared.name,
    synthetic: isSynthetic(study),
    seed: study.seed,
    columns: { patient: study.columns.patient, ...(study.learn.harmonise && { batch: study.learn.harmonise.batch }) },
    preprocess: study.preprocess,
    inputSize: study.deep.inputSize,
    preset: study.radiomics.preset,
    network: isDeep && network && weights ? { ...network, source: sourceOf(weights) } : null,
    phases,
    tables: declared.features.filter((block) => !isFromImages(block)).map((block) => tableOf(blocks.get(block)!, crossValidation.folds)),
    blocks: declared.features,
    variables: (["findings", "clinical"] as const).flatMap((room) =>
      declared[room].map((name) => {
        const { column, kind } = study[room][name]!;
        return { name, column, room, kind, levels: kind === "category" ? levelsOf(name, cohort) : [] };
      }),
    ),
    threshold: crossValidation.threshold,
    thresholdRule: ruleInWords(study.learn.threshold),
    fillsGaps: study.learn.impute !== "none",
    folds: crossValidation.folds.map(scoringPart),
  };
}

/** What of a fold model scoring needs. */
function scoringPart({ fold, repeat, n, events, selected, features, imputer, combat, scaler, classifier, platt }: FoldRecord): BundleFold {
  const made = {
    fold,
    ...(repeat !== undefined && { repeat }),
    n,
    events,
    selected,
    features,
    ...(imputer && { imputer }),
    ...(combat && { combat }),
    scaler,
    classifier,
    platt,
  };
  return made as BundleFold;
}

async function phasesOf(study: StudyConfig, blocks: readonly string[]): Promise<BundlePhase[]> {
  const named = blocks.filter(isFromImages).map((block) => blockOf(block, study));
  const names = Object.keys(study.phases).filter((name) => named.some(({ phase }) => phase === name));
  return Promise.all(
    names.map(async (name) => {
      const { image, mask, rough, roughFrom, window, percentiles, label, structure } = study.phases[name]!;
      const own = named.filter(({ phase }) => phase === name);
      const presets = [...new Set(own.filter(({ kind }) => kind === "radiomics").map(({ preset }) => preset))];
      const box = rough ?? roughFrom?.mask;
      return {
        name,
        ...(window && { window }),
        ...(percentiles && { percentiles }),
        ...(label !== undefined && { label }),
        ...(structure !== undefined && { structure }),
        ...(roughFrom && { roughFrom: { seed: roughFrom.seed, jitterMm: roughFrom.jitterMm } }),
        columns: { image, ...(mask !== undefined && { mask }), ...(box !== undefined && { rough: box }) },
        deep: own.some(({ kind }) => kind === "deep"),
        radiomics: await Promise.all(presets.map(async (preset) => ({ preset, plan: await planHash(study, name, preset) }))),
      };
    }),
  );
}

/** The columns of a table that some fold model looks at. */
function tableOf({ name, columns }: FeatureBlock, folds: readonly FoldRecord[]): BundleModel["tables"][number] {
  const used = usedColumns(folds);
  return {
    name: name.split(".")[1]!,
    columns: columns.filter((column) => used.has(column)).map((column) => column.slice(columnPrefix(name).length)),
  };
}

function sourceOf(weights: WeightsSource): NonNullable<BundleModel["network"]>["source"] {
  if ("init" in weights) return { kind: "seeded", baseWidth: weights.baseWidth, seed: weights.seed };
  if (weights.bytes.length <= EMBEDDED_BYTES) return { kind: "embedded", part: "weights.safetensors" };
  return { kind: "elsewhere", file: weights.file };
}

function ruleInWords(rule: ThresholdRule): string {
  if (rule.rule === "sensitivity") return `sensitivity of at least ${rule.atLeast}`;
  if (rule.rule === "cost") return `cost of ${rule.falseNegative} for a missed event, ${rule.falsePositive} for a false alarm`;
  return "Youden";
}

async function provenanceOf(sources: BundleSources, primary: ModelOutcome): Promise<BundleProvenance> {
  const { study, cohort, findings, host, featureTables } = sources;
  const { engine, backend, tuning = null } = host;
  const inputs = [
    ...sources.inputs.map(({ role, sha256 }) => `${role} ${sha256}`),
    ...featureTables.map(({ sha256 }) => `table ${sha256}`),
  ];
  const ids = cohort.patients.map(({ id }) => id);
  const namesSomebody = (sentence: string) => ids.some((id) => sentence.includes(id));
  return {
    islet: VERSION,
    engine,
    backend,
    simd: hasRelaxedSimd() ? "relaxed" : "simd",
    tuning,
    study: await cacheKey(study as unknown as Json),
    inputs: { files: inputs.length, sha256: await cacheKey(inputs.sort()) },
    performance: modelRows(cohort, primary).map(({ cohort: name, n, events, auc, auc_lo: lo, auc_hi: hi }) => ({
      cohort: name,
      n,
      events,
      auc,
      lo,
      hi,
    })),
    findings: findings.map(({ id, level, found, consequence }) => ({
      id,
      level,
      found: namesSomebody(found) ? null : found,
      consequence: namesSomebody(consequence) ? "" : consequence,
    })),
  };
}
