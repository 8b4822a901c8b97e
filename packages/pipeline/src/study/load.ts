// A study from its text: the file, its tables, and the patients, read and checked wherever the tables come from.
import { isFromImages } from "./blocks.ts";
import { readCohort, type Cohort, type TableText } from "./cohort.ts";
import { featureTablesOf, parseStudy, type StudyConfig } from "./config.ts";
import { readFeatureTables, type FeatureTables } from "./feature-tables.ts";
import { featureBlocks, modelTask } from "./features.ts";

/** A study whose file and tables have been read and checked. */
export interface OpenStudy {
  readonly study: StudyConfig;
  readonly cohort: Cohort;
  readonly tables: FeatureTables;
}

/**
 * Reads and checks a study and the tables that it names.
 *
 * @param text   the study file's
 * @param file   what messages call it
 * @param table  gives a table by its path as the study file writes it; rejects with the sentence for one that is not there
 * @throws ConfigError naming file, row and column, or patient and variable
 */
export async function openStudy(text: string, file: string, table: (path: string) => Promise<TableText>): Promise<OpenStudy> {
  const study = parseStudy(text, file);
  const internal = await table(study.cohorts.internal.table);
  const external = study.cohorts.external ? await table(study.cohorts.external.table) : null;
  const texts = new Map<string, TableText[]>();
  for (const [name, { tables }] of featureTablesOf(study)) {
    texts.set(name, []);
    for (const path of tables) texts.get(name)!.push(await table(path));
  }
  const cohort = readCohort(study, internal, external);
  const tables = await readFeatureTables(study, cohort, texts);
  // A value that is missing or unknown is said now where it needs no image to be seen.
  const used = featureBlocks(study, cohort, new Map(), tables.blocks);
  for (const model of study.models) if (!model.features.some(isFromImages)) modelTask(study, cohort, model, used);
  return { study, cohort, tables };
}
