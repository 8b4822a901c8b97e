// What a run writes into its folder, and that nothing which the run reads lies there.
import { realpath } from "node:fs/promises";
import { relative, sep } from "node:path";
import { ConfigError } from "../errors.ts";
import { pathFrom } from "../intake/named-file.node.ts";
import { featureTablesOf } from "./config.ts";
import type { OpenStudy } from "./load.ts";

/** Files and folders of a run, besides the cache. */
const WRITTEN = new Set([
  "report.html",
  "predictions.csv",
  "folds.csv",
  "model.islet",
  "provenance.json",
  "selftest.json",
  "log.jsonl",
  "tables",
  "figures",
  "features",
]);

/**
 * Looks before a run whether it would write over what it reads, under whatever name: the study, its tables, its weights and the scans.
 *
 * @throws ConfigError naming a file that lies where the run writes its own
 */
export async function checkRunFolder(
  out: string,
  file: string,
  { study, folder, cohort }: OpenStudy & { readonly folder: string },
): Promise<void> {
  const root = await realpath(out).catch(() => null);
  if (root === null) return;
  const { internal, external } = study.cohorts;
  const { weights } = study.deep;
  const named = [
    internal.table,
    ...(external ? [external.table] : []),
    ...featureTablesOf(study).flatMap(([, { tables }]) => tables),
    ...(typeof weights === "string" ? [weights] : []),
  ].map((path) => pathFrom(folder, path));
  const scans = cohort.patients.flatMap(({ paths, folder: of }) => Object.values(paths).map((path) => pathFrom(of, path)));
  for (const path of new Set([file, ...named, ...scans])) {
    const real = await realpath(path).catch(() => null);
    if (real === null) continue;
    const [room] = relative(root, real).split(sep);
    if (WRITTEN.has(room!))
      throw new ConfigError(out, `${path} lies where a run writes its own (${room}), and could be lost; choose another output folder`);
  }
}
