// Values made by other tools, each file with its provenance.
import { readFileSync } from "node:fs";

/** What every golden file says of itself. */
export interface Provenance {
  readonly tool: string;
  readonly version: string;
  readonly script: string;
  readonly date: string;
  readonly seed?: number;
}

/** Reads test/golden/NAME.json; throws when its provenance is missing, with the way to make it again. */
export function golden<T>(name: string): T & { provenance: Provenance } {
  const file = new URL(`../golden/${name}.json`, import.meta.url);
  const value = JSON.parse(readFileSync(file, "utf8")) as T & { provenance?: Provenance };
  if (!value.provenance?.tool || !value.provenance.script) {
    throw new Error(`test/golden/${name}.json has no provenance; regenerate it with "npm run golden"`);
  }
  return value as T & { provenance: Provenance };
}
