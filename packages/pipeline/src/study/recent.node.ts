// The studies that this user ran last, kept where the system keeps a program's state.
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { writeAtomic } from "../host/output.node.ts";
import { stateFolder } from "../host/state-folder.node.ts";

/** How many studies are remembered. */
const KEPT = 12;

/** A study that was run. */
export interface RecentStudy {
  /** The study file and its output folder, absolute. */
  readonly file: string;
  readonly out: string;
  readonly name: string;
  readonly state: "running" | "finished" | "stopped" | "failed";
  /** When it was last begun or ended, ISO 8601. */
  readonly when: string;
}

const listFile = () => join(stateFolder(), "recent-studies.json");

/** The studies that were run last, the latest first; none where there is no list, or what is there is none. */
export async function recentStudies(): Promise<RecentStudy[]> {
  const text = await readFile(listFile(), "utf8").catch(() => "[]");
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.filter(isRecent) : [];
  } catch {
    return [];
  }
}

/** Puts a study first in the list; one with the same output folder is replaced. */
export async function rememberStudy(study: Omit<RecentStudy, "when">): Promise<void> {
  const entry = { ...study, file: resolve(study.file), out: resolve(study.out), when: new Date().toISOString() };
  const others = (await recentStudies()).filter(({ out }) => out !== entry.out);
  await writeAtomic(listFile(), `${JSON.stringify([entry, ...others].slice(0, KEPT), null, 2)}\n`);
}

function isRecent(entry: unknown): entry is RecentStudy {
  const { file, out, name, state, when } = (entry ?? {}) as Record<string, unknown>;
  return [file, out, name, state, when].every((value) => typeof value === "string");
}
