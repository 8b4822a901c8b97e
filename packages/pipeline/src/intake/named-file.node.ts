// Files that the user named: where they lie, and their content.
import { readFile } from "node:fs/promises";
import { isAbsolute, join } from "node:path";
import { ConfigError, IntakeError } from "../errors.ts";

/** A path that is meant from a folder, such as that of the table which names it. */
export function pathFrom(folder: string, path: string): string {
  return isAbsolute(path) ? path : join(folder, path);
}

/**
 * A table or settings as text.
 *
 * @param file  what messages call it
 * @throws ConfigError when it does not exist, cannot be read or is no text
 */
export async function textOf(path: string, file = path): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: unknown) => {
    throw new ConfigError(file, whyNotRead(error, "a text file"), { cause: error });
  });
  if (text.includes("\0")) throw new ConfigError(file, "is not a text file; expected a table (CSV) or a file of settings");
  return text;
}

/**
 * Weights or an array as bytes.
 *
 * @param file  what messages call it
 * @throws IntakeError when the file does not exist or cannot be read
 */
export async function bytesOf(path: string, file = path): Promise<Uint8Array> {
  return readFile(path).catch((error: unknown) => {
    throw new IntakeError(file, whyNotRead(error, "a file"), { cause: error });
  });
}

function whyNotRead(error: unknown, expected: string): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT") return "does not exist; check the path";
  if (code === "EISDIR") return `is a folder, expected ${expected}; name the file in it`;
  return `cannot be read (${code}); check its permissions`;
}
