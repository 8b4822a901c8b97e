// Peers that are Python packages: run where a Python with the package is installed, left out of the table where not.
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/** The environment that `npm run bench:peers` makes. */
const PEERS = fileURLToPath(new URL("../../node_modules/.cache/islet-peers/bin/python", import.meta.url));

/** The first of the peers' own Python, python3 and /usr/bin/python3 (a version manager's may hide the system's) that has the package, or null. */
function pythonWith(module: string): string | null {
  return [PEERS, "python3", "/usr/bin/python3"].find((python) => spawnSync(python, ["-c", `import ${module}`]).status === 0) ?? null;
}

/**
 * Runs a script of this folder, which prints JSON.
 *
 * @returns what it printed, or null (the reason on stderr) where no Python has `module`
 * @throws Error with the script's own words when it fails
 */
export function pythonBench<T>(script: string, module: string, args: readonly string[]): T | null {
  const python = pythonWith(module);
  if (python === null) {
    console.error(`bench: no python3 has ${module}, so its rows have no peer; "npm run bench:peers" installs it`);
    return null;
  }
  const { status, stdout, stderr } = spawnSync(python, [fileURLToPath(new URL(script, import.meta.url)), ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`bench: ${script} failed: ${stderr}`);
  return JSON.parse(stdout) as T;
}
