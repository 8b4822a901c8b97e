// Every file the product writes appears whole or not at all.
import { randomUUID } from "node:crypto";
import { link, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
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
    await mkdir(dirname(file), { recursive: true });
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

/** Turns a failed write into the sentence for it. */
export function explainWriteFailure(file: string, error: unknown): Error {
  const code = (error as NodeJS.ErrnoException).code;
  const options = { cause: error };
  if (code === "ENOSPC" || code === "EDQUOT" || code === "EFBIG") {
    return new DeviceError(
      `${file}: the disk is full; nothing was left half-written. Free some space, or choose another output folder, and run the same command again.`,
      options,
    );
  }
  if (code === "EACCES" || code === "EPERM" || code === "EROFS") {
    return new DeviceError(`${file}: cannot be written (${code}); choose an output folder that you may write to.`, options);
  }
  if (code === "EEXIST")
    return new ConfigError(file, "exists already; choose another place, or allow it to be replaced (--force)", options);
  if (code === "EISDIR" || code === "ENOTDIR") {
    return new ConfigError(file, `a file and a folder are in each other's way (${code}); choose another output`, options);
  }
  return error instanceof Error ? error : new Error(String(error));
}
