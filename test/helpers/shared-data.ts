// Where the real scans lie. None of them is in the repository: a test that needs one is skipped, with its reason, where they are absent.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = process.env["ISLET_TEST_DATA"] ?? fileURLToPath(new URL("../../../shared/data", import.meta.url));

/** The path of a file or folder of the shared data, or null (with the reason printed once) where it is absent. */
export function sharedData(...path: string[]): string | null {
  const file = join(root, ...path);
  if (existsSync(file)) return file;
  console.warn(`skipped: ${file} is absent; set ISLET_TEST_DATA to the folder of real scans to run the tests that need it`);
  return null;
}
