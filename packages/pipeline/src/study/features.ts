// From cases to the tables that models learn from.
import { ConfigError } from "../errors.ts";
import { blockOf } from "./blocks.ts";
import type { CaseResult } from "./case.ts";
import { isMissing, numberIn } from "../intake/csv.ts";
import { oneHot } from "../learn/columns/one-hot.ts";
import type { Cohort, Patient } from "./cohort.ts";
import type { StudyConfig } from "./config.ts";
import type { ModelTask } from "./model.ts";

/** Case results by patient and phase. */
export type CaseResults = ReadonlyMap<string, CaseResult>;

/** The key of a case in `CaseResults`. */
export function caseId(patient: string, phase: string): string {
  return `${patient}\n${phase}`;
}

/** The features of one kind and phase, such as `deep.arterial`: one row a patient who has them. */
export interface FeatureBlock {
  readonly name: string;
  /** Column names, unique across blocks: `deep_arterial_0`, `radiomics_arterial_stat_mean`. */
  readonly columns: readonly string[];
  readonly rows: ReadonlyMap<string, readonly (number | null)[]>;
  /** Columns without a value for some patient, which models leave out. */
  readonly undefinedFeatures: readonly { readonly name: string; readonly patients: number }[];
}

/**
 * Every block that a model of the study names.
 *
 * @param tables  the blocks that come from tables
 */
export function featureBlocks(
  study: StudyConfig,
  cohort: Cohort,
  results: CaseResults,
  tables: ReadonlyMap<string, FeatureBlock> = new Map(),
): Map<string, FeatureBlock> {
  const blocks = new Map<string, FeatureBlock>();
  for (const name of study.models.flatMap((m) => m.features)) {
    if (!blocks.has(name)) blocks.set(name, tables.get(name) ?? featureBlock(name, study, cohort.patients, results));
  }
  return blocks;
}

function featureBlock(name: string, study: StudyConfig, patients: readonly Patient[], results: CaseResults): FeatureBlock {
  const { kind, phase, preset } = blockOf(name, study);
  const prefix = columnPrefix(name);
  const rows = new Map<string, (number | null)[]>();
  let columns: string[] = [];
  for (const { id } of patients) {
    const found = results.get(caseId(id, phase));
    const result = kind === "deep" ? found?.deep : found?.radiomics?.[preset];
    if (!result) continue;
    const features: readonly (number | null)[] = Array.isArray(result.features) ? result.features : Object.values(result.features);
    columns = Array.isArray(result.features)
      ? result.features.map((_, i) => `${prefix}${i}`)
      : Object.keys(result.features).map((tag) => prefix + tag);
    rows.set(id, [...features]);
  }
  return { name, columns, rows, undefinedFeatures: undefinedIn(columns, rows) };
}

/** What the names of a block's columns begin with, so that they are unique across blocks. */
export function columnPrefix(block: string): string {
  return `${block.replaceAll(".", "_")}_`;
}

/** The columns of a block without a value for some patient. */
export function undefinedIn(columns: FeatureBlock["columns"], rows: FeatureBlock["rows"]): FeatureBlock["undefinedFeatures"] {
  return columns
    .map((column, i) => ({ name: column, patients: [...rows.values()].filter((row) => row[i] === null).length }))
    .filter((column) => column.patients > 0);
}

/**
 * What one model learns from: the patients who have all its blocks, internal and external, in the table's order.
 *
 * @throws ConfigError naming the patient and variable where a clinical value is no number
 */
export function modelTask(
  study: StudyConfig,
  cohort: Cohort,
  model: StudyConfig["models"][number],
  blocks: ReadonlyMap<string, FeatureBlock>,
): ModelTask {
  const used = model.features.map((name) => blocks.get(name)!);
  const patients = cohort.patients.filter((p) => used.every((block) => block.rows.has(p.id)));
  const fillsGaps = study.learn.impute !== "none";
  const keep = used.map((block) => {
    // Without filling, a column needs a value for everybody; with it, for somebody to learn from.
    const left = new Set(block.undefinedFeatures.map((f) => f.name));
    const isKnown = (i: number) => patients.some((p) => p.cohort === "internal" && block.rows.get(p.id)![i] !== null);
    return block.columns.map((_, i) => i).filter((i) => (fillsGaps ? isKnown(i) : !left.has(block.columns[i]!)));
  });
  const coders = [
    ...model.findings.map((name) => variableCoder(name, study.findings[name]!, cohort, fillsGaps)),
    ...model.clinical.map((name) => variableCoder(name, study.clinical[name]!, cohort, fillsGaps)),
  ];
  const rowsOf = (name: Patient["cohort"]) => {
    const members = patients.filter((p) => p.cohort === name);
    const values = members.flatMap((p) => [
      ...used.flatMap((block, b) => keep[b]!.map((i) => block.rows.get(p.id)![i] ?? NaN)),
      ...coders.flatMap((c) => c.code(p)),
    ]);
    return {
      ids: members.map((p) => p.id),
      values,
      ...(study.learn.group !== undefined && { groups: members.map((p) => p.group!) }),
      ...(study.learn.harmonise && { batches: members.map((p) => p.batch!) }),
    };
  };
  const internal = patients.filter((p) => p.cohort === "internal");
  const external = rowsOf("external");
  return {
    model: model.name,
    names: [...used.flatMap((block, b) => keep[b]!.map((i) => block.columns[i]!)), ...coders.flatMap((c) => c.columns)],
    always: coders.slice(model.findings.length).flatMap((c) => c.columns),
    internal: rowsOf("internal"),
    outcome: internal.map((p) => p.outcome),
    external: external.ids.length ? external : null,
    seed: study.seed,
    learn: study.learn,
    categories: coders.filter((c) => c.isCategory).map((c) => c.columns),
  };
}

interface VariableCoder {
  readonly columns: string[];
  readonly isCategory: boolean;
  code(patient: Patient): number[];
}

/** A number as it is; a category as one 0/1 column a level, or a single column where it has two. Gaps are NaN where the learner fills them. */
function variableCoder(name: string, { kind }: StudyConfig["clinical"][string], cohort: Cohort, fillsGaps: boolean): VariableCoder {
  const where = (p: Patient) => `patient ${p.id}, variable ${name}`;
  const isGap = (p: Patient) => isMissing(p.variables[name]!);
  const refuse = (p: Patient) => {
    throw new ConfigError(
      where(p),
      `is ${p.variables[name] === "" ? "empty" : `"${p.variables[name]}"`}; fill the cell, leave the variable out of the model, or fill gaps with learn.impute: median`,
    );
  };
  if (kind === "number") {
    return {
      columns: [name],
      isCategory: false,
      code: (p) => (isGap(p) ? (fillsGaps ? [NaN] : refuse(p)) : [numberIn(p.variables[name]!, where(p))]),
    };
  }
  const levels = levelsOf(name, cohort);
  const { columns, code } = oneHot(name, levels);
  return {
    columns: [...columns],
    isCategory: true,
    code(p) {
      const value = p.variables[name]!;
      if (isGap(p)) return fillsGaps ? code(null) : refuse(p);
      if (!levels.includes(value))
        throw new ConfigError(where(p), `has the value "${value}", which no internal patient has (levels: ${levels.join(", ")})`);
      return code(value);
    },
  };
}

/** The levels of a category: those that internal patients have, in order. */
export function levelsOf(name: string, cohort: Pick<Cohort, "patients">): string[] {
  const cells = cohort.patients.filter((p) => p.cohort === "internal").map((p) => p.variables[name]!);
  return [...new Set(cells.filter((cell) => !isMissing(cell)))].sort();
}
