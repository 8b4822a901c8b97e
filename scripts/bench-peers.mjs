// `npm run bench:peers [-- --json]`: installs the Python peers in an environment of its own, then runs every bench beside them.
// Not part of the tests. A peer that cannot be installed on this Python is named and its rows stay without it.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");
const cache = join(root, "node_modules", ".cache");

/** Runs a program with its words on stderr; true where it succeeded. */
const run = (program, ...args) => spawnSync(program, args, { stdio: ["ignore", 2, 2] }).status === 0;

/** The Python of an environment, made by another Python where there is none yet; null where that fails. */
function environment(name, base) {
  const python = join(cache, name, process.platform === "win32" ? "Scripts/python.exe" : "bin/python");
  return existsSync(python) || run(base, "-m", "venv", join(cache, name)) ? python : null;
}

/** The first Python of at least 3.`minor`: by its own name on the path, or of a version manager; null where there is none. */
function pythonFrom(minor) {
  const minors = [0, 1, 2, 3].map((k) => minor + k);
  const versions = join(homedir(), ".pyenv", "versions");
  const managed = existsSync(versions) ? readdirSync(versions).sort() : [];
  const candidates = [
    "python3",
    ...minors.map((m) => `python3.${m}`),
    ...minors.flatMap((m) => managed.filter((v) => v.startsWith(`3.${m}.`)).map((v) => join(versions, v, "bin", "python"))),
  ];
  const isNew = (python) => spawnSync(python, ["-c", `import sys; sys.exit(sys.version_info < (3, ${minor}))`]).status === 0;
  return candidates.find(isNew) ?? null;
}

const python = environment("islet-peers", "python3");
if (python === null) {
  console.error("bench:peers: python3 with its venv module is needed to install the peers; install it and run the command again.");
  process.exit(4);
}
const install = (into, ...args) => run(into, "-m", "pip", "install", "-q", ...args);
// PyRadiomics 3.0.1 builds against an installed NumPy 1 only.
const NUMPY = "numpy==1.26.4";
install(python, NUMPY, "scipy", "scikit-learn", "SimpleITK", "setuptools<81", "wheel", "versioneer", "PyWavelets", "pykwalify");
for (const [name, ...args] of [
  ["PyRadiomics", "--no-build-isolation", "pyradiomics==3.0.1"],
  ["MIRP", "mirp==2.5.0"],
]) {
  if (!install(python, ...args, NUMPY)) console.error(`bench:peers: ${name} cannot be installed for this Python; its rows stay without it`);
}

// pictologics wants a newer Python than PyRadiomics builds on, so it has an environment of its own; its first import compiles its kernels for minutes.
const newer = pythonFrom(12);
const newerEnvironment = newer && environment("islet-peers-newer", newer);
if (!newerEnvironment) console.error("bench:peers: pictologics needs Python 3.12 or newer, and none was found; its rows stay without it");
else if (!install(newerEnvironment, "pictologics==0.9.0") || !run(newerEnvironment, "-c", "import pictologics"))
  console.error("bench:peers: pictologics 0.9.0 cannot be installed; its rows stay without it");

process.exit(spawnSync(process.execPath, [join(root, "scripts", "bench.mjs"), ...process.argv.slice(2)], { stdio: "inherit" }).status ?? 1);
