// `npm run bench [-- --json]`: every job of the product's speed table that has a peer here, ours and the peer in one run on this machine.
// Each file of test/bench named below prints one row of JSON a line. A bench checks nothing; the ratios are ours / peer, so less is better.
import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import { join } from "node:path";

const BENCHES = [
  "encoder",
  "unet",
  "training",
  "resample",
  "nested-svm",
  "discrimination",
  "survival",
  "radiomics",
  "radiomics-command",
  "api",
  "gpu",
];
const folder = join(import.meta.dirname, "..", "test", "bench");

/** Runs one bench and gives its rows, each to `onRow` as it comes. */
async function runBench(name, onRow) {
  const bench = spawn(process.execPath, [join(folder, `${name}.ts`)], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve, reject) => {
    bench.once("error", reject);
    bench.once("close", resolve);
  });
  for await (const line of createInterface({ input: bench.stdout })) onRow(JSON.parse(line));
  const code = await ended;
  if (code !== 0) throw new Error(`bench: ${name} ended with code ${code}; its own words are above`);
}

/** One row as a line for a reader. */
function sentence({ name, ours_ms: ours, peer, peer_ms: theirs, ratio, n, note }) {
  const beside = theirs === null ? `${peer}: not installed` : `${peer}: ${theirs} ms, ratio ${ratio}`;
  return `${name}\n    ${ours} ms | ${beside} | n ${n}\n    ${note}`;
}

// The build's own words go to stderr, so that stdout is the result alone.
const build = spawnSync("npm", ["run", "--silent", "build"], {
  cwd: join(import.meta.dirname, ".."),
  stdio: ["ignore", 2, 2],
  shell: process.platform === "win32",
});
if (build.status !== 0) process.exit(build.status ?? 1);

const isJson = process.argv.includes("--json");
const rows = [];
for (const name of BENCHES) {
  await runBench(name, (row) => {
    rows.push(row);
    if (!isJson) console.log(sentence(row));
  });
}
if (isJson) console.log(JSON.stringify(rows, null, 2));
