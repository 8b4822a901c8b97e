// Tables and models as text, from a file the user named.
import { readFile } from "node:fs/promises";
import { ConfigError } from "../errors.ts";

/** The text of a file named on the command line; a ConfigError says that it does not exist or cannot be read. */
export async function textOf(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    throw new ConfigError(file, error.code === "ENOENT" ? "does not exist" : `cannot be read (${error.code})`, { cause: error });
  });
}
