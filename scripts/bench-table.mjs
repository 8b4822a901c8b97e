// `npm run --silent bench -- --json | node scripts/bench-table.mjs`: the bench's rows as the Markdown of docs/performance.md.
// It reads the array of that command or the lines of one bench (`node test/bench/encoder.ts | node scripts/bench-table.mjs`).
// A job that was timed in both SIMD builds is one row, "relaxed · simd", beside each of its peers.
import { text } from "node:stream/consumers";

const BUILDS = [", relaxed", ", simd"];
/** The job of a row's name: without the bench's own words before a colon, and without its SIMD build. */
const jobOf = (name) => BUILDS.reduce((job, build) => job.replace(build, ""), name.split(": ").at(-1));
const cells = (...texts) => `| ${texts.join(" | ")} |`;

const printed = (await text(process.stdin)).trim();
const rows = printed.startsWith("[") ? JSON.parse(printed) : printed.split("\n").map((line) => JSON.parse(line));
const jobs = Map.groupBy(rows, ({ name, peer }) => JSON.stringify([jobOf(name), peer]));

console.log(cells("job", "ours, ms", "peer", "peer, ms", "ratio"));
console.log(cells("---", "---", "---", "---", "---"));
for (const [key, builds] of jobs) {
  const [job, peer] = JSON.parse(key);
  const ours = builds.map((row) => row.ours_ms).join(" · ");
  const ratios = builds.map((row) => row.ratio ?? "-").join(" · ");
  console.log(cells(job, ours, peer, builds[0].peer_ms ?? "not installed", ratios));
}
