// AUC with DeLong's interval, two AUCs by DeLong's paired test, and the bootstrap of an AUC on 100 000 patients, beside pROC.
import { randomFor, randomNormal } from "../../packages/pipeline/src/random.ts";
import { bootstrapAuc } from "../../packages/pipeline/src/stats/prediction/bootstrap-auc.ts";
import { aucInterval, delongTest, placementsOf } from "../../packages/pipeline/src/stats/prediction/delong.ts";
import { rankScores } from "../../packages/pipeline/src/stats/prediction/roc.ts";
import { rTimes } from "./r-peer.ts";
import { inTurns, printRow } from "./row.ts";

const N = 100_000;
const ROUNDS = 5;
/** As many on both sides; both take time in proportion. */
const REPLICATES = 50;
const random = randomFor(1, "bench", "discrimination");
const outcome = Uint8Array.from({ length: N }, () => (random() < 0.3 ? 1 : 0));
const [one, two] = [0.7, 0.5].map((shift) => Float64Array.from(outcome, (y) => shift * y + randomNormal(random))) as [
  Float64Array,
  Float64Array,
];

const peer = rTimes<"single" | "paired" | "bootstrap">("r_proc.R", { outcome, one, two }, ROUNDS);
const jobs = {
  single: ["AUC with DeLong's interval", () => aucInterval(outcome, one)],
  paired: ["DeLong's paired test", () => delongTest(outcome, one, two)],
  bootstrap: [
    `bootstrap of an AUC, ${REPLICATES} replicates`,
    () => {
      const ranked = rankScores(outcome, one);
      return bootstrapAuc(ranked, placementsOf(ranked), { replicates: REPLICATES });
    },
  ],
} as const;
const keys = Object.keys(jobs) as (keyof typeof jobs)[];
const ours = await inTurns(
  ROUNDS,
  keys.map((key) => jobs[key][1]),
);
for (const [i, key] of keys.entries()) {
  printRow(
    `${jobs[key][0]}, ${N} rows`,
    ours[i]!,
    `pROC${peer ? ` ${peer.version[0]}` : ""}`,
    peer?.[key] ?? [],
    "one thread each, from unsorted scores; reading the table not counted",
  );
}
