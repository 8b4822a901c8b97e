// Peers that are Python packages: run where a Python with the package is installed, left out of the table where not.
import { execFile, spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

/** The environments that `npm run bench:peers` makes. */
const PEERS = ["islet-peers", "islet-peers-newer"].map((name) =>
  fileURLToPath(new URL(`../../node_modules/.cache/${name}/bin/python`, import.meta.url)),
);

/** The first of the peers' own Pythons, python3 and /usr/bin/python3 (a version manager's may hide the system's) that has the package, or null. */
export function pythonWith(module: string): string | null {
  const has = (python: string) =>
    spawnSync(python, ["-c", `import sys, importlib.util as u; sys.exit(u.find_spec("${module}") is None)`]).status === 0;
  const python = [...PEERS, "python3", "/usr/bin/python3"].find(has) ?? null;
  if (python === null) console.error(`bench: no python3 has ${module}, so its rows have no peer; "npm run bench:peers" installs it`);
  return python;
}

/**
 * Runs a script of this folder, which prints JSON.
 *
 * @returns what it printed, or null (the reason on stderr) where no Python has `module`
 * @throws Error with the script's own words when it fails
 */
export function pythonBench<T>(script: string, module: string, args: readonly string[]): T | null {
  const python = pythonWith(module);
  if (python === null) return null;
  const { status, stdout, stderr } = spawnSync(python, [fileURLToPath(new URL(script, import.meta.url)), ...args], { encoding: "utf8" });
  if (status !== 0) throw new Error(`bench: ${script} failed: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** Runs a script in two processes at the same time, as `pythonBench`; what each printed. */
export async function pythonTwins<T>(script: string, module: string, args: readonly string[]): Promise<readonly [T, T] | null> {
  const python = pythonWith(module);
  if (python === null) return null;
  const one = async () => {
    const { stdout } = await promisify(execFile)(python, [fileURLToPath(new URL(script, import.meta.url)), ...args]);
    return JSON.parse(stdout) as T;
  };
  return Promise.all([one(), one()]);
}
