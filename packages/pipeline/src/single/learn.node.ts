// The learner on files.
import { availableParallelism } from "node:os";
import { loadCore } from "@islet/core-wasm";
import { parseDocument } from "yaml";
import { ConfigError } from "../errors.ts";
import { textOf } from "../intake/named-file.node.ts";
import { crossValidate } from "../learn/validate/cross-validate.ts";
import { learnTable, type LearnTable, type TableColumns } from "../learn/columns/csv-table.ts";
import { permutedOver } from "../study/learn-model.ts";
import type { ModelTask } from "../study/model.ts";
import { createThreadPool } from "../study/pool.node.ts";
import { judgedByPermutations } from "../learn/validate/permutation.ts";
import { learnReport, type LearnReport } from "../learn/validate/report.ts";
import { learnSettings, type LearnSettings } from "../learn/settings.ts";
import { decideSvmTable, fitSvmTable, type SvmDecisions, type SvmTableModel, type SvmTableOptions } from "../learn/classify/svm-table.ts";

/** Which table, and what its columns are. */
export interface TableFile extends Pick<TableColumns, "id" | "categorical"> {
  readonly file: string;
  readonly outcome: string;
}

/** What was no feature. */
type Ignored = Pick<LearnTable, "ignored">;

/** A machine fitted on a file, and what it was fitted on. */
export interface SvmFit extends Ignored {
  readonly model: SvmTableModel;
  readonly n: number;
  readonly events: number;
}

/** Fits one SVM on a CSV table. */
export async function fitSvmFile({ file, ...columns }: TableFile, options: SvmTableOptions): Promise<SvmFit> {
  const { table, outcome, ignored } = learnTable(await textOf(file), file, columns);
  const core = await loadCore();
  const model = inColumn(file, columns.outcome, () => fitSvmTable(core, table, outcome, options));
  return { model, n: outcome.length, events: outcome.reduce((sum, value) => sum + value, 0), ignored };
}

/** Decision values of a CSV table's rows by a fitted SVM's file. */
export async function decideSvmFile(modelFile: string, file: string, id: string | undefined): Promise<SvmDecisions> {
  const model = await readSvmFile(modelFile);
  const { table } = learnTable(await textOf(file), file, { features: model.features, ...(id !== undefined && { id }) });
  return decideSvmTable(await loadCore(), model, table);
}

/** What `crossValidateFile` is told besides the settings. */
export interface LearnFileOptions {
  readonly seed: number;
  /** Columns that are in every model without selection. */
  readonly always: readonly string[];
  /** Threads that the permutation test is dealt over; default: the machine's cores. */
  readonly workers?: number;
  readonly onFold?: (done: number, of: number) => void;
  readonly onPermutation?: (done: number, of: number) => void;
}

/**
 * Cross-validates the study's learner on a CSV table; with `settings.permutations` tests it as a whole.
 *
 * @throws ConfigError naming file and column of what cannot be learnt from
 */
export async function crossValidateFile(
  { file, ...columns }: TableFile,
  settings: LearnSettings,
  { seed, always, workers, onFold, onPermutation }: LearnFileOptions,
): Promise<LearnReport & Ignored> {
  const { group, harmonise, impute } = settings;
  const { table, outcome, ignored } = learnTable(await textOf(file), file, {
    ...columns,
    missing: impute === "none" ? "refuse" : "allow",
    ...(group !== undefined && { group }),
    ...(harmonise && { batch: harmonise.batch }),
  });
  const options = { ...settings, seed, always: alwaysColumns(table.names, always, columns.categorical ?? [], file) };
  const core = await loadCore();
  const cv = inColumn(file, columns.outcome, () => crossValidate(core, table, outcome, { ...options, ...(onFold && { onFold }) }));
  if (settings.permutations === 0) return { ...learnReport(cv, settings), ignored };
  const { ids, names, values, groups, batches, categories = [] } = table;
  const task: ModelTask = {
    model: "",
    names: [...names],
    categories: categories.map((columnsOfOne) => [...columnsOfOne]),
    always: options.always,
    internal: {
      ids: [...ids],
      values: [...values],
      ...(groups && { groups: [...groups] }),
      ...(batches && { batches: [...batches] }),
    },
    outcome: [...outcome],
    external: null,
    seed,
    learn: settings,
  };
  const pool = createThreadPool(Math.min(settings.permutations, workers ?? availableParallelism()), { backend: "wasm", inputSize: 16 });
  try {
    const aucs = await permutedOver(task, { pool }, onPermutation);
    return { ...learnReport(cv, settings, judgedByPermutations(cv.auc.value, aucs)), ignored };
  } finally {
    pool.close();
  }
}

/** Settings of a YAML file with the keys of a study's `learn`, or none, overridden by those of a command. */
export async function learnSettingsFile(file: string | undefined, overrides: Readonly<Record<string, unknown>>): Promise<LearnSettings> {
  if (file === undefined) return learnSettings(overrides, "learn cv");
  const document = parseDocument(await textOf(file));
  const [fault] = document.errors;
  if (fault) throw new ConfigError(file, `is not valid YAML: ${fault.message.split("\n")[0]}`, { cause: fault });
  const given: unknown = document.toJS();
  if (typeof given !== "object" || given === null || Array.isArray(given))
    throw new ConfigError(file, "expected keys and values, as under learn in a study file");
  return learnSettings({ ...given, ...overrides }, file);
}

/** What is wrong with an outcome is known inside; in which column of which file, only here. */
function inColumn<T>(file: string, column: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (error instanceof ConfigError && error.where === "outcome")
      throw new ConfigError(`${file}, column ${column}`, error.message.slice("outcome: ".length), { cause: error });
    throw error;
  }
}

/** The feature columns of the columns named: themselves, or the coded ones of a category. */
function alwaysColumns(names: readonly string[], always: readonly string[], categorical: readonly string[], file: string): string[] {
  return always.flatMap((column) => {
    const found = names.filter((name) => name === column || (categorical.includes(column) && name.startsWith(`${column}=`)));
    if (found.length === 0)
      throw new ConfigError(
        `${file}, column ${column}`,
        "is to be in every model but is no feature; name a column of numbers, or one named with --categorical",
      );
    return found;
  });
}

/** Reads a model that `islet svm fit` wrote. */
export async function readSvmFile(file: string): Promise<SvmTableModel> {
  const text = await textOf(file);
  let model: unknown;
  try {
    model = JSON.parse(text);
  } catch (cause) {
    throw new ConfigError(file, "is not JSON; expected a model written by islet svm fit", { cause });
  }
  if ((model as SvmTableModel | null)?.format !== "islet-svm/1")
    throw new ConfigError(file, "is not a model of islet svm fit (format islet-svm/1)");
  return model as SvmTableModel;
}
