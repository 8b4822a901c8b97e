// The cache as files: one JSON a result, in folders by the key's first two digits.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Cache } from "./cache.ts";
import type { Json } from "./json.ts";
import { writeAtomic } from "./output.node.ts";

/** A cache in a folder, which is made when the first result comes. */
export function folderCache(folder: string): Cache {
  const fileOf = (key: string) => join(folder, key.slice(0, 2), `${key}.json`);
  return {
    async get(key) {
      try {
        return JSON.parse(await readFile(fileOf(key), "utf8")) as Json;
      } catch (error) {
        // Absent, or damaged by something other than us: computing it again is always right.
        if ((error as NodeJS.ErrnoException).code === "ENOENT" || error instanceof SyntaxError) return null;
        throw error;
      }
    },
    put: (key, value) => writeAtomic(fileOf(key), JSON.stringify(value)),
  };
}
