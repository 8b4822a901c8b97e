// Where things lie in the data folder.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { randomUUID } from "node:crypto";
import type { CaseAt } from "./engine/tasks.ts";

/** The data folder of a service. */
export interface Store {
  readonly folder: string;
  readonly casesFolder: string;
  readonly modelsFolder: string;
  readonly jobsFolder: string;
  /** What is kept of finished cases and models of studies, by what it was computed from. */
  readonly cache: string;
  caseAt(id: string): CaseAt;
  modelAt(id: string): string;
  /** The folder of a job: its study, and under `files` what it wrote. */
  jobAt(id: string): { readonly folder: string; readonly study: string; readonly files: string };
  /** Where uploads are received by this process; each has a folder of its own below it. */
  readonly incomingFolder: string;
  incoming(): string;
  /**
   * Removes what services that were killed had received by half: uploads still have their headers and names.
   *
   * @param isAlone  whether no other process receives into this folder; else only what is too old to be arriving still goes
   */
  clearIncoming(isAlone: boolean): Promise<void>;
  /** Moves what was read of an upload to the cases. */
  keepCase(id: string, from: string): Promise<void>;
  remove(path: string): Promise<void>;
  removeCase(id: string): Promise<void>;
}

/** The files of a case. */
export function caseAt(casesFolder: string, id: string): CaseAt {
  const folder = join(casesFolder, id);
  return { image: join(folder, "image.mha"), mask: join(folder, "mask.mha"), rough: join(folder, "rough.json") };
}

/** The file of a model. */
export const modelAt = (modelsFolder: string, id: string) => join(modelsFolder, id);

/** Milliseconds after which an upload is not arriving any more: requests end after half an hour, reading after minutes. */
const ARRIVING_MS = 2 * 3_600_000;

/** Opens a data folder, making what is missing. */
export async function openStore(folder: string): Promise<Store> {
  const casesFolder = join(folder, "cases");
  const modelsFolder = join(folder, "models");
  const jobsFolder = join(folder, "jobs");
  const cache = join(folder, "cache");
  const incomingFolder = join(folder, "incoming", `${hostname()}-${process.pid}`);
  await rm(incomingFolder, { recursive: true, force: true });
  for (const path of [casesFolder, modelsFolder, jobsFolder, cache, incomingFolder]) await mkdir(path, { recursive: true, mode: 0o700 });
  return {
    folder,
    casesFolder,
    modelsFolder,
    jobsFolder,
    incomingFolder,
    cache,
    caseAt: (id) => caseAt(casesFolder, id),
    modelAt: (id) => modelAt(modelsFolder, id),
    jobAt: (id) => ({
      folder: join(jobsFolder, id),
      study: join(jobsFolder, id, "study", "study.yaml"),
      files: join(jobsFolder, id, "files"),
    }),
    incoming: () => join(incomingFolder, randomUUID()),
    async clearIncoming(isAlone) {
      const all = dirname(incomingFolder);
      for (const of of await readdir(all)) {
        if (join(all, of) === incomingFolder) continue;
        if (isAlone) await rm(join(all, of), { recursive: true, force: true });
        else await removeWhatIsOlder(join(all, of), new Date(Date.now() - ARRIVING_MS));
      }
    },
    keepCase: (id, from) => rename(from, join(casesFolder, id)),
    remove: (path) => rm(path, { recursive: true, force: true }),
    removeCase: (id) => rm(join(casesFolder, id), { recursive: true, force: true }),
  };
}

/**
 * Removes what lies in a folder, each with all below it, and was last changed before a moment.
 *
 * @param isKept  names that stay whatever their age
 */
export async function removeWhatIsOlder(folder: string, before: Date, isKept: (name: string) => boolean = () => false): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const info = isKept(name) ? null : await stat(path).catch(() => null);
    if (info && info.mtime < before) await rm(path, { recursive: true, force: true });
  }
}

/** The mark that ties a data folder to its database; made when the folder has none. */
export async function folderMark(folder: string): Promise<string> {
  const file = join(folder, "data-folder-id");
  const text = await readFile(file, "utf8").catch(() => "");
  if (text.trim()) return text.trim();
  const mark = randomUUID();
  await writeFile(file, `${mark}\n`, { flag: "wx" });
  return mark;
}
