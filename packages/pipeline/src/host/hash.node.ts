// What results depend on, as hashes: input files and the engine's own code.
import { createHash } from "node:crypto";
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { IntakeError } from "../errors.ts";

/** SHA-256 of a file, or of the names and contents of all files of a folder. */
export async function hashInput(path: string): Promise<string> {
  const hash = createHash("sha256");
  try {
    if ((await stat(path)).isDirectory()) {
      const files = (await readdir(path, { recursive: true, withFileTypes: true }))
        .filter((f) => f.isFile())
        .map((f) => join(f.parentPath, f.name));
      for (const file of files.sort()) hash.update(`${file.slice(path.length)}\0`).update(await readFile(file));
    } else {
      hash.update(await readFile(path));
    }
  } catch (error) {
    throw new IntakeError(path, `does not exist or cannot be read (${(error as NodeJS.ErrnoException).code})`, { cause: error });
  }
  return hash.digest("hex");
}

let engine: Promise<string> | null = null;

/** A hash over the code that computes results: this package and the two compute packages, as they lay on the disk when first asked. */
export function engineHash(): Promise<string> {
  return (engine ??= hashEngine());
}

async function hashEngine(): Promise<string> {
  const hash = createHash("sha256");
  const roots = ["@islet/core-wasm", "@islet/gpu-unet"].map((name) => join(fileURLToPath(import.meta.resolve(name)), "..", ".."));
  roots.push(fileURLToPath(new URL("../..", import.meta.url)));
  for (const root of roots) {
    for (const part of ["dist", "build"]) {
      const folder = join(root, part);
      const names = await readdir(folder, { recursive: true }).catch(() => []);
      for (const name of names.filter((n) => /\.(js|wasm)$/.test(n)).sort())
        hash.update(`${name}\0`).update(await readFile(join(folder, name)));
    }
  }
  return hash.digest("hex");
}
