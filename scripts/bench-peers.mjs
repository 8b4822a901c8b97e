// `npm run bench:peers [-- --json]`: installs the Python peers in an environment of its own, then runs every bench beside them.
// Not part of the tests. A peer that cannot be installed on this Python is named and its rows stay without it.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const environment = join(root, "node_modules", ".cache", "islet-peers");
const python = join(environment, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");

/** Runs a program with its words on stderr; true where it succeeded. */
const run = (program, ...args) => spawnSync(program, args, { stdio: ["ignore", 2, 2] }).status === 0;

if (!existsSync(python) && !run("python3", "-m", "venv", environment)) {
  console.error("bench:peers: python3 with its venv module is needed to install the peers; install it and run the command again.");
  process.exit(4);
}
// PyRadiomics 3.0.1 builds against an installed NumPy 1 only; pictologics wants Python 3.12.
run(
  python,
  "-m",
  "pip",
  "install",
  "-q",
  "numpy==1.26.4",
  "scipy",
  "scikit-learn",
  "SimpleITK",
  "setuptools<81",
  "wheel",
  "versioneer",
  "PyWavelets",
  "pykwalify",
);
for (const [name, ...args] of [
  ["PyRadiomics", "--no-build-isolation", "pyradiomics==3.0.1"],
  ["MIRP", "mirp==2.5.0"],
  ["pictologics", "pictologics"],
]) {
  if (!run(python, "-m", "pip", "install", "-q", ...args, "numpy==1.26.4"))
    console.error(`bench:peers: ${name} cannot be installed for this Python; its rows stay without it`);
}
process.exit(spawnSync(process.execPath, [join(root, "scripts", "bench.mjs"), ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1);
