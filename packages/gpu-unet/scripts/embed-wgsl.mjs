// Writes src/kernels.generated.ts: the text of every src/kernels/*.wgsl under its file name, so that Node, browsers and bundlers
// all get the shaders with the code and nothing is fetched or read at run time. The texts go in as they are.
import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const source = fileURLToPath(new URL("../src/", import.meta.url));
const entries = readdirSync(`${source}kernels`)
  .filter((file) => file.endsWith(".wgsl"))
  .sort()
  .map((file) => `  ${JSON.stringify(file.slice(0, -5))}: ${JSON.stringify(readFileSync(`${source}kernels/${file}`, "utf8"))},`);
const text = `// Made by scripts/embed-wgsl.mjs from kernels/*.wgsl; do not edit.
export const kernels = {
${entries.join("\n")}
} as const;

/** The file name of a kernel, without its extension. */
export type KernelName = keyof typeof kernels;
`;

const target = `${source}kernels.generated.ts`;
let current = "";
try {
  current = readFileSync(target, "utf8");
} catch {
  // the first run
}
if (current !== text) writeFileSync(target, text);
