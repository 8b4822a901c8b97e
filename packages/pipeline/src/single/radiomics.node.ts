// Hand-crafted features of a table of cases by hand, from files, over the worker pool.
import { availableParallelism } from "node:os";
import { dirname, isAbsolute, join } from "node:path";
import { ConfigError, IntakeError } from "../errors.ts";
import { numberIn, readCsv } from "../intake/csv.ts";
import { textOf } from "../intake/named-file.node.ts";
import type { FeatureValues } from "../radiomics/feature.ts";
import { featureTable } from "../radiomics/feature-table.ts";
import { columnsOf, labelFor, type RadiomicsPlan } from "../radiomics/plan.ts";
import { folderCache } from "../host/cache.node.ts";
import type { CaseTask } from "../study/case.ts";
import { engineHash, hashInput } from "../host/hash.node.ts";
import { inOrder, runKeptCase } from "../study/kept-case.ts";
import { checkFileOutput, writeAtomic } from "../host/output.node.ts";
import { createThreadPool } from "../study/pool.node.ts";
import type { RadiomicsCase } from "./radiomics-case.node.ts";

/** What became of a table of cases. */
export interface RadiomicsTableResult {
  readonly cases: number;
  readonly columns: readonly string[];
  readonly failures: readonly { readonly patient: string; readonly reason: string }[];
  readonly cached: number;
}

/** One case of a table, finished. */
export interface RadiomicsProgress {
  readonly patient: string;
  readonly done: number;
  readonly total: number;
  readonly cached: boolean;
  readonly warnings: readonly string[];
  readonly error: string | null;
}

/**
 * The features of a table of cases as a CSV with a row for each, in the table's order, empty where a case failed.
 *
 * The table has the columns patient_id, image and mask, and may have label and structure; paths are relative to it. Finished cases are kept
 * in a cache beside the output, so the same command goes on where it was stopped.
 *
 * @param out  the CSV to write
 * @throws ConfigError for a table that cannot be used; IntakeError when every case failed
 */
export async function radiomicsTable(
  file: string,
  out: string,
  plan: RadiomicsPlan,
  options: { readonly workers?: number },
  tell: (progress: RadiomicsProgress) => void,
): Promise<RadiomicsTableResult> {
  const cases = await readCases(file, plan);
  await checkFileOutput(out, [file, ...cases.flatMap(({ task: { image, mask } }) => [image as string, mask!.input as string])]);
  const pool = createThreadPool(Math.min(cases.length, options.workers ?? availableParallelism()), { backend: "wasm", inputSize: 16 });
  const host = { cache: folderCache(`${out}.cache`), engine: await engineHash(), backend: "wasm" as const, hashInput, pool };
  const results = new Map<number, FeatureValues>();
  const errors = new Map<number, string>();
  let [cached, done] = [0, 0];
  const runOne = async ({ patient, task, row, placed }: TableCase) => {
    const { result: found, cached: isCached, fault } = await runKeptCase({ ...task, patient: "" }, null, host);
    const error = fault === null ? null : placed(fault);
    if (error !== null) errors.set(row, error);
    if (found) results.set(row, found.radiomics!["features"]!);
    if (isCached) cached++;
    tell({ patient, done: ++done, total: cases.length, cached: isCached, warnings: found?.warnings ?? [], error });
  };
  try {
    await inOrder(cases, pool.size + 1, runOne);
  } finally {
    pool.close();
  }
  const failures = cases.flatMap(({ patient, row }) => (errors.has(row) ? [{ patient, reason: errors.get(row)! }] : []));
  const columns = ["patient_id", ...columnsOf(plan)];
  if (failures.length === cases.length) {
    throw new IntakeError(file, `none of its ${cases.length} cases could be computed; the first: ${failures[0]!.reason}`);
  }
  await writeAtomic(
    out,
    featureTable(
      cases.map(({ patient, row }) => ({ ...results.get(row)?.features, patient_id: patient })),
      columns,
    ),
  );
  return { cases: cases.length, columns, failures, cached };
}

interface TableCase {
  readonly patient: string;
  readonly row: number;
  readonly task: CaseTask;
  /** A fault of this case with its row and, where a file is to blame, the column. */
  placed(fault: string): string;
}

async function readCases(file: string, plan: RadiomicsPlan): Promise<TableCase[]> {
  const text = await textOf(file);
  const { columns, rows } = readCsv(text, file);
  for (const name of ["patient_id", "image", "mask"]) {
    if (!columns.includes(name))
      throw new ConfigError(
        file,
        `has no column "${name}"; a table of cases has patient_id, image and mask, and may have label and structure`,
      );
  }
  const resolved = (path: string) => (isAbsolute(path) ? path : join(dirname(file), path));
  return rows.map(({ line, cells }, row) => {
    const where = (column: string) => `${file}, row ${line}, column ${column}`;
    for (const name of ["patient_id", "image", "mask"]) if (!cells[name]) throw new ConfigError(where(name), "is empty");
    const first = rows.find((other) => other.cells["patient_id"] === cells["patient_id"])!;
    if (first.line !== line) {
      throw new ConfigError(where("patient_id"), `${cells["patient_id"]} is already in row ${first.line}; give each case its own id`);
    }
    const given: RadiomicsCase = {
      image: resolved(cells["image"]!),
      mask: resolved(cells["mask"]!),
      ...(cells["label"] && { label: numberIn(cells["label"], where("label")) }),
      ...(cells["structure"] && { structure: cells["structure"] }),
    };
    const placed = (fault: string) => {
      const column = (["mask", "image"] as const).find((name) => fault.startsWith(`${given[name]}:`));
      return `row ${line}${column ? `, column ${column}` : ""}: ${fault}`;
    };
    return { patient: cells["patient_id"]!, row, task: taskOf(cells["patient_id"]!, given, plan), placed };
  });
}

function taskOf(patient: string, { image, mask, label, structure }: RadiomicsCase, plan: RadiomicsPlan): CaseTask {
  const wanted = labelFor(plan, label, structure);
  return {
    patient,
    phase: "",
    image,
    mask: { input: mask, ...(wanted !== undefined && { label: wanted }), ...(structure !== undefined && { structure }) },
    radiomics: { features: plan },
    // Only deep features look at these.
    preprocess: { window: { level: 0, width: 1 }, spacing: 1, interpolation: "cubic", order: "resample-window" },
    inputSize: 16,
    seed: 1,
    wants: { deep: false },
  };
}
