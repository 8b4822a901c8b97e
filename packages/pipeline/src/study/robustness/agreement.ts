// What readers agree on: each feature, each model's risks.
import type { Core } from "@islet/core-wasm";
import { predictEnsemble } from "../../learn/ensemble.ts";
import type { FeatureTable } from "../../learn/columns/feature-table.ts";
import { predictHeldOut } from "../../learn/validate/held-out.ts";
import type { ModelOutcome } from "../results.ts";
import { icc } from "../../stats/agreement/icc.ts";
import type { Interval } from "../../stats/proportion.ts";
import type { Cohort, CohortName } from "../cohort.ts";
import type { FeatureBlock } from "../features.ts";
import type { ModelRows } from "../model.ts";

/** How well readers agree on a number. */
export interface Agreement {
  /** Patients for whom every reader has a value. */
  readonly n: number;
  /** ICC(2,1); null where fewer than two patients are left or all values are equal. */
  readonly icc: number | null;
  readonly ci: Interval | null;
}

/** A feature's agreement. */
export interface FeatureAgreement extends Agreement {
  readonly block: string;
  readonly feature: string;
}

/** A patient's risk as studied and as each reader would have it; null where a feature has no value. */
export interface ReaderRisks {
  readonly patient: string;
  readonly cohort: CohortName;
  readonly outcome: 0 | 1;
  readonly studied: number;
  readonly readers: readonly (number | null)[];
}

/** A model before every reader. */
export interface ModelAgreement {
  readonly model: string;
  readonly threshold: number;
  readonly risks: readonly ReaderRisks[];
}

/** What readers change about the risks of some patients. */
export interface RiskChange extends Agreement {
  readonly patients: number;
  /** Of |risk by a reader - risk as studied|, over patients and readers; null where no reader has a risk. */
  readonly meanChange: number | null;
  readonly largestChange: number | null;
  /** Patients whom some reader puts in the other risk group. */
  readonly changedGroup: number;
}

/** How far the risks of patients differ between readers and from those studied. */
export function riskChange(threshold: number, risks: readonly ReaderRisks[]): RiskChange {
  const changes = risks.flatMap(({ studied, readers }) => readers.flatMap((risk) => (risk === null ? [] : [Math.abs(risk - studied)])));
  return {
    ...agreementOf(risks.map(({ readers }) => readers)),
    patients: risks.length,
    meanChange: changes.length ? changes.reduce((a, b) => a + b, 0) / changes.length : null,
    largestChange: changes.length ? Math.max(...changes) : null,
    changedGroup: risks.filter((one) => changesGroup(threshold, one)).length,
  };
}

/** Whether some reader puts the patient in the other risk group: risk >= threshold is high. */
export function changesGroup(threshold: number, { studied, readers }: ReaderRisks): boolean {
  return readers.some((risk) => risk !== null && risk >= threshold !== studied >= threshold);
}

/** The agreement of readers on values, a row a patient; rows with a gap are left out. */
function agreementOf(ratings: readonly (readonly (number | null)[])[]): Agreement {
  const whole = ratings.filter((row): row is readonly number[] => row.every((value) => value !== null && Number.isFinite(value)));
  if (whole.length < 2) return { n: whole.length, icc: null, ci: null };
  const { value, ci } = icc(whole).icc21;
  return Number.isNaN(value) ? { n: whole.length, icc: null, ci: null } : { n: whole.length, icc: value, ci };
}

/** Agreement on every feature of a block, over the blocks that the readers' annotations give; both cohorts together. */
export function featureAgreement(readers: readonly FeatureBlock[]): FeatureAgreement[] {
  const [first] = readers;
  const patients = [...first!.rows.keys()].filter((id) => readers.every((block) => block.rows.has(id)));
  return first!.columns.map((feature, j) => ({
    block: first!.name,
    feature,
    ...agreementOf(patients.map((id) => readers.map((block) => block.rows.get(id)![j]!))),
  }));
}

/**
 * Every patient's risk by a model of the study, whose fold models stay as they are, from each reader's features: internal patients by the fold models that did not see
 * them, external ones by the mean of all.
 *
 * @param readers  the blocks that each reader's annotations give, by name
 */
export function modelAgreement(
  core: Core,
  cohort: Cohort,
  { model, task, result }: ModelOutcome,
  readers: readonly ReadonlyMap<string, FeatureBlock>[],
): ModelAgreement {
  const { crossValidation: cv, externalRisk } = result;
  const studied = new Map(cv.predictions.map(({ id, risk }) => [id, risk]));
  for (const [i, id] of (task.external?.ids ?? []).entries()) studied.set(id, externalRisk![i]!);
  const { names, categories, seed } = task;
  const settings = { ...task.learn, seed };
  const fillsGaps = settings.impute !== "none";
  const seen = readers.map((blocks) => {
    const unread = new Set<string>();
    const tableOf = (rows: ModelRows): FeatureTable => ({
      ...rows,
      names,
      categories,
      values: valuesOfReader(rows, names, blocks, fillsGaps, unread),
    });
    const internal = predictHeldOut(core, cv, tableOf(task.internal), Uint8Array.from(task.outcome), settings);
    const external = task.external ? predictEnsemble(core, cv.folds, tableOf(task.external)) : [];
    const risks = [...internal, ...external];
    const ids = [...task.internal.ids, ...(task.external?.ids ?? [])];
    return new Map(ids.map((id, i) => [id, unread.has(id) ? null : risks[i]!]));
  });
  const risks = cohort.patients
    .filter(({ id }) => studied.has(id))
    .map(({ id, cohort: name, outcome }) => ({
      patient: id,
      cohort: name,
      outcome,
      studied: studied.get(id)!,
      readers: seen.map((risk) => risk.get(id)!),
    }));
  return { model, threshold: cv.threshold, risks };
}

/**
 * The model's rows with the reader's value in every column of an image, and the study's own in the others.
 *
 * A patient without a reading, or with a gap that the learner does not fill, is added to `unread` and keeps the study's values: fold models take no gaps, and
 * the risk is thrown away.
 */
function valuesOfReader(
  { ids, values }: ModelRows,
  names: readonly string[],
  blocks: ReadonlyMap<string, FeatureBlock>,
  fillsGaps: boolean,
  unread: Set<string>,
): Float64Array {
  const places = new Map([...blocks.values()].flatMap((block) => block.columns.map((column, j) => [column, { block, j }] as const)));
  return Float64Array.from(values, (value, k) => {
    const place = places.get(names[k % names.length]!);
    if (!place) return value;
    const id = ids[Math.floor(k / names.length)]!;
    const row = place.block.rows.get(id);
    const read = row?.[place.j] ?? null;
    if (read !== null) return read;
    if (row && fillsGaps) return NaN;
    unread.add(id);
    return value;
  });
}
