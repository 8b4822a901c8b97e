// The demo cohort as a folder: files of every patient, table, study file. Interrupted, it goes on where it stopped.
import { access, readdir, readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import { inOrder } from "../study/kept-case.ts";
import { makeFolder, writeAtomic } from "../host/output.node.ts";
import { createThreadPool } from "../study/pool.node.ts";
import { VERSION } from "../version.ts";
import type { DemoFormat } from "./patient-files.ts";
import { demoRoster, type DemoPatient, type DemoSettings } from "./roster.ts";
import { DEMO_NETWORK, demoStudy, type DemoNetwork } from "./study-file.ts";
import { demoTable, patientFolder } from "./table.ts";

/** What a demo cohort's folder is made from. */
export interface DemoOptions extends DemoSettings {
  readonly format: DemoFormat;
  readonly network?: DemoNetwork;
  readonly workers?: number;
  readonly signal: number;
  readonly abort?: AbortSignal;
}

/** What was made. */
export interface DemoFolder {
  /** Path of the study file. */
  readonly study: string;
  readonly table: string;
  readonly patients: number;
  /** Patients made now; the others were there. */
  readonly made: number;
  /** Whether the study file that was there is another than the demo's own. */
  readonly isStudyEdited: boolean;
}

/** Says what the folder holds, and that patients with the same record are done. */
const RECORD = "demo.json";

/** The defaults: the paper's cohort. */
export const DEMO_DEFAULTS: DemoSettings & { readonly format: DemoFormat } = { seed: 1, patients: 74, signal: 1, format: "nifti" };

/**
 * Writes a demo cohort into a folder.
 *
 * A folder that holds the same cohort, whole or in part, is completed; patients that are there are not made again. The table is written anew; a study file that is
 * there stays as it is, since its user may have changed it.
 *
 * @param tell  called after each patient with the number done and the number in all
 * @throws ConfigError when the folder holds something else
 */
export async function generateDemo(
  folder: string,
  options: DemoOptions,
  tell: (done: number, of: number) => void = () => {},
): Promise<DemoFolder> {
  const { seed, patients, signal, format, network = DEMO_NETWORK, workers = availableParallelism() } = options;
  const roster = demoRoster(options);
  await makeFolder(folder);
  const record = `${JSON.stringify({ format: "islet-demo/1", synthetic: true, generator: VERSION, seed, patients, signal, images: format }, null, 2)}\n`;
  const before = await readFile(join(folder, RECORD), "utf8").catch(() => null);
  if (before !== record) {
    const others = await readdir(folder);
    if (before !== null)
      throw new ConfigError(folder, `holds another demo cohort (${RECORD} says which); choose another folder, or remove it`);
    if (others.length > 0) throw new ConfigError(folder, "holds other files; choose an empty folder for the demo cohort");
    await writeAtomic(join(folder, RECORD), record);
  }
  await writeAtomic(join(folder, "README.txt"), readme(options));
  await writeAtomic(join(folder, "cohort.csv"), demoTable(options, roster, format));
  const study = demoStudy(options, network);
  const there = await readFile(join(folder, "study.yaml"), "utf8").catch(() => null);
  if (there === null) await writeAtomic(join(folder, "study.yaml"), study);

  const pool = createThreadPool(workers, { backend: "wasm", inputSize: network.inputSize });
  let [done, made] = [0, 0];
  try {
    await inOrder(roster, workers + 1, async (patient: DemoPatient) => {
      const at = (path: string) => join(folder, patientFolder(patient), path);
      // The last file of a patient to be written says that the others are there.
      const last = at("done");
      const isThere = await access(last).then(
        () => true,
        () => false,
      );
      if (!isThere) {
        options.abort?.throwIfAborted();
        const files = await pool.run((worker) => worker.makeDemoPatient({ seed, signal, patient, format }));
        await Promise.all(files.map(({ path, bytes }) => writeAtomic(at(path), bytes)));
        await writeAtomic(last, "SYNTHETIC\n");
        made++;
      }
      tell(++done, roster.length);
    });
  } finally {
    pool.close();
  }
  return {
    study: join(folder, "study.yaml"),
    table: join(folder, "cohort.csv"),
    patients: roster.length,
    made,
    isStudyEdited: there !== null && there !== study,
  };
}

function readme({ seed, patients, signal, format }: DemoOptions): string {
  return `SYNTHETIC DATA

A generated phantom cohort: ${patients} patients of two invented hospitals, seed ${seed}, signal ${signal}, images as ${format}.
Nobody was scanned, and nothing here says anything about real tumours. Made by "islet demo generate"; docs/demo.md says how.
`;
}
