// Every file the product writes appears whole or not at all.
import { randomUUID } from "node:crypto";
import { link, mkdir, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, resolve, sep } from "node:path";
import { ConfigError, DeviceError } from "../errors.ts";

/**
 * Writes a file by way of a temporary one beside it, so that a crash or a full disk leaves the old file or none.
 *
 * @param options.replace  whether a file that is there may be replaced (default: yes)
 * @throws DeviceError when the disk is full or not writable; ConfigError when a folder stands where the file should be, or a file
 *   that may not be replaced
 */
export async function writeAtomic(file: string, data: string | Uint8Array, options: { readonly replace?: boolean } = {}): Promise<void> {
  const partial = `${file}.${randomUUID().slice(0, 8)}.part`;
  try {
    await makeFolder(dirname(file));
    const handle = await open(partial, "w");
    try {
      await handle.writeFile(data);
      await handle.sync();
    } finally {
      await handle.close();
    }
    if (options.replace === false) {
      await link(partial, file);
      await rm(partial);
    } else {
      await rename(partial, file);
    }
  } catch (error) {
    await rm(partial, { force: true }).catch(() => {});
    throw explainWriteFailure(file, error);
  }
}

/**
 * Makes a folder and those above it, one by one. (Node's own recursive mkdir never returns below a folder that takes no new ones, such as /proc.)
 *
 * @throws ConfigError when a file stands in the way; DeviceError when a folder cannot be made
 */
export async function makeFolder(folder: string): Promise<void> {
  const missing: string[] = [];
  let path = resolve(folder);
  for (;;) {
    const info = await stat(path).catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
      throw explainWriteFailure(folder, error);
    });
    if (info?.isDirectory()) break;
    if (info)
      throw new ConfigError(folder, `${path === resolve(folder) ? "it" : path} is a file, expected a folder; choose another output`);
    missing.push(path);
    path = dirname(path);
  }
  for (const next of missing.toReversed()) {
    await mkdir(next).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "EEXIST") throw explainWriteFailure(folder, error);
    });
  }
}

/**
 * Looks before long work whether its one output file can be written, without writing it.
 *
 * @param read  files and folders that the work reads: none of them, nor a file of such a folder, may be its output, under whatever name, for that
 *   would be the end of it; what does not exist, or is undefined, is passed over
 * @throws ConfigError when a folder or a file of `read` stands in its place or a file in its folder's; DeviceError when its folder cannot
 *   be made
 */
export async function checkFileOutput(file: string, read: readonly (string | undefined)[]): Promise<void> {
  await makeFolder(dirname(file));
  const info = await stat(file).catch(() => null);
  if (!info) return;
  if (info.isDirectory()) throw new ConfigError(file, "is a folder, expected a file to write; choose another output");
  for (const input of read) {
    const other = input === undefined ? null : await stat(input).catch(() => null);
    if (!other) continue;
    if (other.dev === info.dev && other.ino === info.ino)
      throw new ConfigError(file, "is a file that this command reads, and would be lost; choose another output");
    if (other.isDirectory() && (await realpath(file)).startsWith((await realpath(input!)) + sep))
      throw new ConfigError(file, `is a file of ${input}, a folder that this command reads, and would be lost; choose another output`);
  }
}

/** Turns a failed write into the sentence for it. */
export function explainWriteFailure(file: string, error: unknown): Error {
  if (error instanceof ConfigError || error instanceof DeviceError) return error;
  const code = (error as NodeJS.ErrnoException).code;
  const options = { cause: error };
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") {
    return new DeviceError(
      `${file}: the disk is full; nothing was left half-written. Free some space, or choose another output folder, and run the same command again.`,
      options,
    );
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS" || code === "ENOENT" || code === "EIO") {
    return new DeviceError(`${file}: cannot be written (${code}); choose an output folder that you may write to.`, options);
  }
  if (code === "EEXIST")
    return new ConfigError(file, "exists already; choose another place, or allow it to be replaced (--force)", options);
  if (code === "EISDIR" || code === "ENOTEMPTY") {
    return new ConfigError(file, `is a folder, expected a file to write; choose another output`, options);
  }
  return error instanceof Error ? error : new Error(String(error));
}
