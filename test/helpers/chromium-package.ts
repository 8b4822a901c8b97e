// What npm's @sparticuz/chromium carries (brotli archives in its bin folder), unpacked once into node_modules/.cache of the repository:
// a headless Chromium, the libraries that a bare machine lacks, and SwiftShader, a Vulkan driver that computes on the CPU.
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliDecompressSync } from "node:zlib";

const require = createRequire(import.meta.url);
const cache = fileURLToPath(new URL("../../node_modules/.cache/", import.meta.url));

/**
 * A folder with these archives unpacked side by side; the first caller unpacks, later ones find it there.
 * Several processes may ask at once: each unpacks into a folder of its own, and the first to rename it wins.
 *
 * @param name      the folder's name in the cache
 * @param archives  file names in the package's bin folder; NAME.tar.br is unpacked, NAME.br becomes the executable NAME
 * @throws Error on platforms for which the package has no files, with the reason
 */
export function unpacked(name: string, archives: readonly string[]): string {
  if (process.platform !== "linux" || process.arch !== "x64") {
    throw new Error(`npm's @sparticuz/chromium is built for Linux on x64, and this is ${process.platform} on ${process.arch}`);
  }
  const root = join(dirname(require.resolve("@sparticuz/chromium")), "..", "..");
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { version: string };
  const folder = join(cache, `chromium-${version}`, name);
  if (existsSync(folder)) return folder;

  mkdirSync(dirname(folder), { recursive: true });
  const scratch = mkdtempSync(`${folder}.`);
  try {
    for (const archive of archives) {
      const bytes = brotliDecompressSync(readFileSync(join(root, "bin", archive)));
      if (archive.endsWith(".tar.br")) unpackTar(bytes, scratch);
      else writeFileSync(join(scratch, archive.slice(0, -3)), bytes, { mode: 0o755 });
    }
    chmodSync(scratch, 0o755);
    renameSync(scratch, folder);
  } catch (error) {
    if (!existsSync(folder)) throw error;
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
  return folder;
}

/** Unpacks the files of a ustar archive: 512-byte headers (name at 0, size in octal at 124, type at 156), contents padded to 512. */
function unpackTar(tar: Uint8Array, folder: string): void {
  const text = (at: number, length: number) => new TextDecoder().decode(tar.subarray(at, at + length)).replace(/\0.*$/s, "");
  for (let at = 0; at + 512 <= tar.length && tar[at] !== 0;) {
    const size = Number.parseInt(text(at + 124, 12), 8);
    const target = resolve(folder, text(at, 100));
    if (!target.startsWith(folder + sep))
      throw new Error(`an archive of @sparticuz/chromium holds a path outside itself: ${text(at, 100)}`);
    if (text(at + 156, 1) !== "5") {
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, tar.subarray(at + 512, at + 512 + size), { mode: 0o755 });
    }
    at += 512 + Math.ceil(size / 512) * 512;
  }
}
