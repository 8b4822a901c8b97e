// What a user waits for: the features of one tumour by a command of the shell, from its start to the table on the disk, beside other tools'.
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { pythonWith } from "./python.ts";
import { TUMOURS } from "./radiomics-tumours.ts";
import { inTurns, printRow } from "./row.ts";

const ISLET = fileURLToPath(new URL("../../apps/cli/bin/islet.js", import.meta.url));
const SCRIPT = fileURLToPath(new URL("radiomics_command.py", import.meta.url));

/** A program and its arguments. */
type CommandLine = readonly [program: string, ...args: string[]];

/** Another tool and how it is started. */
interface Peer {
  readonly module: string;
  readonly peer: string;
  /** Ours, which computes what the tool does. */
  readonly preset: string;
  readonly rounds: number;
  readonly start: (python: string, image: string, mask: string, out: string) => CommandLine;
}

const script = (module: string) => (python: string, image: string, mask: string, out: string) =>
  [python, SCRIPT, module, image, mask, out] as const;

const PEERS: readonly Peer[] = [
  {
    module: "radiomics",
    peer: "PyRadiomics, its own command",
    preset: "pyradiomics",
    rounds: 3,
    start: (python, image, mask, out) => [join(dirname(python), "pyradiomics"), image, mask, "-o", out, "-f", "csv"],
  },
  { module: "mirp", peer: "MIRP, a script", preset: "ibsi", rounds: 1, start: script("mirp") },
  { module: "pictologics", peer: "pictologics, a script", preset: "ibsi", rounds: 3, start: script("pictologics") },
];

/** Runs a command to its end. */
function run([program, ...args]: CommandLine): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`bench: ${program} ended with ${status}: ${error?.message ?? stderr.slice(-2000)}`);
}

const folder = mkdtempSync(join(tmpdir(), "islet-bench-"));
const out = join(folder, "features.csv");
try {
  for (const { name, image, mask } of TUMOURS) {
    for (const { module, peer, preset, rounds, start } of PEERS) {
      const python = pythonWith(module);
      const theirs = python === null ? null : start(python, image, mask, out);
      if (theirs !== null && theirs[0].includes("/") && !existsSync(theirs[0])) {
        throw new Error(`bench: ${theirs[0]} is absent beside its Python; "npm run bench:peers" installs it`);
      }
      const ours: CommandLine = [process.execPath, ISLET, "radiomics", "--image", image, "--mask", mask, "--preset", preset, "-o", out];
      const [mine, others] = await inTurns(rounds, theirs === null ? [() => run(ours)] : [() => run(ours), () => run(theirs)]);
      printRow(
        `whole command, shell to table: ${name}, preset ${preset}`,
        mine!,
        peer,
        others ?? [],
        "a process from its start to its end on both sides: imports, compilation and the table written; threads as each tool sets them; files in the system's cache, compiled kernels in the tool's own where it keeps them",
      );
    }
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
