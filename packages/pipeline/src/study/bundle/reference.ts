// The internal cohort as a bundle keeps it: numbers to hold a new patient against, and nobody's name.
import type { FoldRecord } from "../../learn/validate/cross-validate.ts";
import type { ModelOutcome } from "../results.ts";
import { summary } from "../../stats/summary.ts";
import type { BundleModel, BundleReference } from "./schema.ts";
import type { Cohort } from "../cohort.ts";
import type { StudyConfig } from "../config.ts";
import { caseId, type CaseResults, type FeatureBlock } from "../features.ts";

/** What the reference is made from. */
export interface ReferenceSources {
  readonly study: StudyConfig;
  readonly cohort: Cohort;
  readonly blocks: ReadonlyMap<string, FeatureBlock>;
  readonly results: CaseResults;
}

/** The internal cohort: every feature that some fold model uses, and every patient's standing in them. */
export function referenceOf(
  { study, cohort, blocks, results }: ReferenceSources,
  { task, result }: ModelOutcome,
  model: BundleModel,
): BundleReference {
  const { ids, values } = task.internal;
  const width = task.names.length;
  const { folds, predictions } = result.crossValidation;
  const used = usedColumns(folds);
  const ofColumn = ownersOf(model, blocks);
  const features = task.names.flatMap((name, j) => {
    if (!used.has(name)) return [];
    const known = Float64Array.from(ids, (_, i) => values[i * width + j]!).filter(Number.isFinite);
    if (known.length === 0) return [];
    const { mean, median, q1, q3 } = summary(known);
    const [min, max] = rangeOf(known);
    const sd = Math.sqrt(known.reduce((sum, value) => sum + (value - mean) ** 2, 0) / known.length);
    const share = folds.filter((fold) => fold.features.includes(name)).length / folds.length;
    return [{ column: j, of: ofColumn.get(name) ?? name, name, share, mean, sd, median, q1, q3, min, max }];
  });
  const timeOf = new Map(cohort.patients.map(({ id, timeMonths }) => [id, timeMonths]));
  const patients = predictions.map(({ id, outcome, risk }) => {
    const row = ids.indexOf(id);
    const z = features.map(({ column, mean, sd }) => {
      const value = values[row * width + column]!;
      return Number.isFinite(value) && sd > 0 ? Math.round(((value - mean) / sd) * 1e4) / 1e4 : 0;
    });
    return { risk, outcome, timeMonths: timeOf.get(id) ?? null, z };
  });
  // By risk, so that the order does not say who is who.
  patients.sort((a, b) => a.risk - b.risk);
  return {
    n: result.crossValidation.n,
    events: result.crossValidation.events,
    horizonMonths: study.outcome.time ? study.outcome.horizonMonths : null,
    features: features.map(({ column: _column, ...feature }) => feature),
    patients,
    scans: Object.fromEntries(model.phases.map(({ name }) => [name, scansOf(name, ids, results)])),
  };
}

/** Which block or variable each column belongs to. */
function ownersOf(model: BundleModel, blocks: ReadonlyMap<string, FeatureBlock>): Map<string, string> {
  const owners = new Map<string, string>();
  for (const name of model.blocks) for (const column of blocks.get(name)!.columns) owners.set(column, name);
  for (const { name, kind, levels } of model.variables) {
    if (kind === "number") owners.set(name, name);
    for (const level of levels) owners.set(`${name}=${level}`, name);
  }
  return owners;
}

function scansOf(phase: string, ids: readonly string[], results: CaseResults): BundleReference["scans"][string] {
  const scans = ids.map((id) => results.get(caseId(id, phase))!.scan);
  return {
    n: scans.length,
    sliceSpacing: rangeOf(scans.map(({ spacing }) => spacing[0])),
    pixelSpacing: rangeOf(scans.flatMap(({ spacing }) => [spacing[1], spacing[2]])),
    darkest: rangeOf(scans.map(({ values }) => values[0])),
    brightest: rangeOf(scans.map(({ values }) => values[1])),
    modalities: [...new Set(scans.flatMap(({ modality }) => (modality ? [modality] : [])))].sort(),
  };
}

function rangeOf(values: readonly number[] | Float64Array): [low: number, high: number] {
  return [Math.min(...values), Math.max(...values)];
}

/** Every column that some fold model looks at. */
export function usedColumns(folds: readonly FoldRecord[]): Set<string> {
  return new Set(folds.flatMap((fold) => [...fold.features, ...Object.keys(fold.imputer?.fill ?? {})]));
}
