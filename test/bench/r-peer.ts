// The R side of a bench: the same numbers, as files of doubles, and its milliseconds back.
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Times by job, and the version of the package they were done with. */
export type RTimes<Job extends string> = Record<Job, number[]> & { readonly version: readonly [string] };

/**
 * Runs `Rscript SCRIPT FOLDER N ROUNDS`, which prints the milliseconds of its jobs as JSON.
 *
 * @param script   a file of this folder
 * @param columns  written as one file of doubles each, of one length
 * @returns        null, with a word on stderr, where R or the package is not installed
 */
export function rTimes<Job extends string>(script: string, columns: Record<string, ArrayLike<number>>, rounds: number): RTimes<Job> | null {
  const folder = mkdtempSync(join(tmpdir(), "islet-bench-"));
  try {
    let n = 0;
    for (const [name, values] of Object.entries(columns)) {
      n = values.length;
      writeFileSync(join(folder, name), Float64Array.from(values));
    }
    const path = fileURLToPath(new URL(script, import.meta.url));
    const { status, stdout, stderr } = spawnSync(process.env["RSCRIPT"] ?? "Rscript", [path, folder, String(n), String(rounds)], {
      encoding: "utf8",
    });
    if (status === 0) return JSON.parse(stdout) as RTimes<Job>;
    console.error(`bench: ${script} did not run, so its rows have no peer${stderr ? `: ${stderr.trim()}` : ""}`);
    return null;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
