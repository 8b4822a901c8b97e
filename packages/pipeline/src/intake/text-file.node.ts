// Tables and models as text, from a file the user named.
import { readFile } from "node:fs/promises";
import { ConfigError } from "../errors.ts";

/**
 * The text of a file that the user named.
 *
 * @param file  what messages call it
 * @throws ConfigError when it does not exist, cannot be read or is no text
 */
export async function textOf(path: string, file = path): Promise<string> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    const why: Record<string, string> = {
      ENOENT: "does not exist; check the path",
      EISDIR: "is a folder, expected a text file; name the file in it",
    };
    throw new ConfigError(file, why[error.code ?? ""] ?? `cannot be read (${error.code}); check its permissions`, { cause: error });
  });
  if (text.includes("\0")) throw new ConfigError(file, "is not a text file; expected a table (CSV) or a file of settings");
  return text;
}
