// A finished study, read back from its folder.
import { access } from "node:fs/promises";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { numberIn, readCsv } from "../intake/csv.ts";
import { textOf } from "../intake/named-file.node.ts";
import type { FeatureBlock } from "../study/features.ts";
import { loadStudy, type LoadedStudy } from "../study/run.node.ts";
import { readStudyRecord, type StudyRecord } from "./study.ts";

/** A study as its folder tells it. */
export interface FinishedStudy extends StudyRecord {
  readonly out: string;
  /** The study's own file and tables; null where they are no longer there. */
  readonly loaded: LoadedStudy | null;
  /** Why `loaded` is null; empty otherwise. */
  readonly why: string;
}

/**
 * Reads a study's output folder.
 *
 * @param file  the study file it was run from, for what the folder does not repeat (follow-up times, where scans lie); null where nobody knows
 * @throws ConfigError when the folder holds no finished study, or its tables have been changed
 */
export async function readFinishedStudy(out: string, file: string | null): Promise<FinishedStudy> {
  if (!(await isFinishedStudy(out)))
    throw new ConfigError(out, "holds no finished study (there is no provenance.json); run the study first, or go on with it");
  const loaded = file === null ? null : await loadStudy(file).catch((error: Error) => error);
  const isLoaded = loaded !== null && !(loaded instanceof Error);
  const times = new Map(isLoaded ? loaded.cohort.patients.map((p) => [p.id, p.timeMonths]) : []);
  const record = await readStudyRecord((path) => textOf(join(out, path)), join(out, "provenance.json"), times);
  return {
    ...record,
    out,
    loaded: isLoaded ? loaded : null,
    why: isLoaded ? "" : (loaded?.message ?? "the study's file is not known; open the study by its file to see follow-up and scans"),
  };
}

/** Whether a folder holds a study that has run to its end. */
export async function isFinishedStudy(out: string): Promise<boolean> {
  return access(join(out, "provenance.json")).then(
    () => true,
    () => false,
  );
}

/**
 * The blocks of features that a model used, from the folder's tables.
 *
 * @throws ConfigError when one is missing
 */
export async function readBlocks({ out, study }: FinishedStudy, model: string): Promise<Map<string, FeatureBlock>> {
  const blocks = new Map<string, FeatureBlock>();
  for (const name of study.models.find((m) => m.name === model)!.features) {
    const file = `features/${name}.csv`;
    const { columns, rows } = readCsv(await textOf(join(out, file)), file);
    const own = columns.slice(2);
    const values = rows.map(({ cells, line }) => {
      const row = own.map((c) => (cells[c] === "" ? null : numberIn(cells[c]!, `${file}, row ${line}, column ${c}`)));
      return [cells["patient_id"]!, row] as const;
    });
    const undefinedFeatures = own
      .map((column, i) => ({ name: column, patients: values.filter(([, row]) => row[i] === null).length }))
      .filter(({ patients }) => patients > 0);
    blocks.set(name, { name, columns: own, rows: new Map(values), undefinedFeatures });
  }
  return blocks;
}
