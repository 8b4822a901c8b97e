// The learner on files.
import { loadCore } from "@islet/core-wasm";
import { ConfigError } from "../errors.ts";
import { textOf } from "../intake/named-file.node.ts";
import { crossValidate } from "./cross-validate.ts";
import { learnTable } from "./csv-table.ts";
import { learnReport, type LearnReport } from "./report.ts";
import { decideSvmTable, fitSvmTable, type SvmDecisions, type SvmTableModel, type SvmTableOptions } from "./svm-table.ts";

/** Fits one SVM on a CSV table. */
export async function fitSvmFile(file: string, outcome: string, id: string | undefined, options: SvmTableOptions): Promise<SvmTableModel> {
  const { table, outcome: y } = learnTable(await textOf(file), file, { outcome, ...(id !== undefined && { id }) });
  return fitSvmTable(await loadCore(), table, y, options);
}

/** Decision values of a CSV table's rows by a fitted SVM's file. */
export async function decideSvmFile(modelFile: string, file: string, id: string | undefined): Promise<SvmDecisions> {
  const model = await readSvmFile(modelFile);
  const { table } = learnTable(await textOf(file), file, id === undefined ? {} : { id });
  return decideSvmTable(await loadCore(), model, table);
}

/** Cross-validates the study's learner on a CSV table. */
export async function crossValidateFile(
  file: string,
  outcome: string,
  options: { readonly id?: string; readonly seed: number; readonly folds: number; readonly onFold?: (done: number, of: number) => void },
): Promise<LearnReport> {
  const { id, ...rest } = options;
  const { table, outcome: y } = learnTable(await textOf(file), file, { outcome, ...(id !== undefined && { id }) });
  return learnReport(crossValidate(await loadCore(), table, y, rest));
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
