// Kaplan-Meier, log-rank, Harrell's C and Cox regression on 100 000 patients, beside R's survival.
import { concordance } from "../../packages/pipeline/src/stats/survival/concordance.ts";
import { coxRegression } from "../../packages/pipeline/src/stats/survival/cox.ts";
import { kaplanMeier } from "../../packages/pipeline/src/stats/survival/kaplan-meier.ts";
import { logRank } from "../../packages/pipeline/src/stats/survival/log-rank.ts";
import { randomFor, randomNormal } from "../../packages/pipeline/src/random.ts";
import { rTimes } from "./r-peer.ts";
import { inTurns, printRow } from "./row.ts";

const N = 100_000;
const ROUNDS = 5;
const random = randomFor(1, "bench", "survival");
const score = Float64Array.from({ length: N }, () => randomNormal(random));
const group = Uint8Array.from({ length: N }, () => (random() < 0.5 ? 1 : 0));
const time = score.map((x) => -Math.log(1 - random()) * Math.exp(-0.5 * x) * 30);
const event = Uint8Array.from({ length: N }, () => (random() < 0.6 ? 1 : 0));
const data = { time, event };

const peer = rTimes<"km" | "logRank" | "concordance" | "cox">("r_survival.R", { time, event, group, score }, ROUNDS);
const jobs = {
  km: ["Kaplan-Meier with intervals", () => kaplanMeier(data)],
  logRank: ["log-rank, two groups", () => logRank(data, group, 2)],
  concordance: ["Harrell's C with its error", () => concordance(data, score)],
  cox: [
    "Cox regression, two covariates",
    () =>
      coxRegression(data, [
        { name: "score", values: score },
        { name: "group", values: group },
      ]),
  ],
} as const;
const keys = Object.keys(jobs) as (keyof typeof jobs)[];
const ours = await inTurns(
  ROUNDS,
  keys.map((key) => jobs[key][1]),
);
for (const [i, key] of keys.entries()) {
  const version = peer ? ` ${peer.version[0]}` : "";
  printRow(
    `${jobs[key][0]}, ${N} rows`,
    ours[i]!,
    `R survival${version}`,
    peer?.[key] ?? [],
    "one thread each; reading the table not counted",
  );
}
