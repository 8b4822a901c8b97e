// How often the intervals of an AUC hold the true one, and how often its tests find a signal: simulation on normal scores.
//   node test/bench/auc-coverage.ts [SIMULATIONS]     (4000 by default, some minutes; prints the tables of docs/statistics.md)
// Cases are N(d, 1), controls N(0, 1), so the true AUC is Phi(d / sqrt 2). Seeded: the same numbers on any machine.
import { randomFor, randomNormal, type Random } from "../../packages/pipeline/src/random.ts";
import { bootstrapAuc } from "../../packages/pipeline/src/stats/prediction/bootstrap-auc.ts";
import { delongTest, intervalOf, logitIntervalOf, placementsOf } from "../../packages/pipeline/src/stats/prediction/delong.ts";
import { normalQuantile } from "../../packages/pipeline/src/stats/distributions.ts";
import { aucNullTest } from "../../packages/pipeline/src/stats/groups/mann-whitney.ts";
import { rankScores } from "../../packages/pipeline/src/stats/prediction/roc.ts";

const SIMULATIONS = Number(process.argv[2] ?? 4000);
const REPLICATES = 1000;
const SIZES = [
  [9, 9],
  [10, 46],
  [20, 36],
  [50, 50],
  [60, 240],
] as const;
const shiftFor = (auc: number) => Math.SQRT2 * normalQuantile(auc);
const percent = (share: number) => (100 * share).toFixed(1);
const row = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(" | ")} |`);
const outcomeOf = (cases: number, controls: number) => Uint8Array.from({ length: cases + controls }, (_, i) => (i < cases ? 1 : 0));
/** What a share over so many simulations is uncertain by: two standard errors at 95%. */
const uncertainty = percent(2 * Math.sqrt((0.95 * 0.05) / SIMULATIONS));

/** Coverage of the four intervals, and power of the test against 0.5. */
function oneScore(cases: number, controls: number, auc: number): (string | number)[] {
  const random = randomFor(1, "auc coverage", cases, controls, auc);
  const outcome = outcomeOf(cases, controls);
  const shift = shiftFor(auc);
  const held = { delong: 0, logit: 0, percentile: 0, bca: 0 };
  let found = 0;
  for (let s = 0; s < SIMULATIONS; s++) {
    const ranked = rankScores(
      outcome,
      Float64Array.from(outcome, (y) => shift * y + randomNormal(random)),
    );
    const at = placementsOf(ranked);
    const { lo, hi } = intervalOf(at);
    const { percentile, bca } = bootstrapAuc(ranked, at, { replicates: REPLICATES, seed: s });
    const holds = ([from, to]: readonly [number, number]) => (from <= auc && auc <= to ? 1 : 0);
    held.delong += holds([lo, hi]);
    // a perfect ranking has no interval on the logit scale and no BCa interval: neither holds the truth
    const logit = logitIntervalOf(at);
    held.logit += holds([logit.lo, logit.hi]);
    held.percentile += holds(percentile);
    held.bca += bca ? holds(bca) : 0;
    if (aucNullTest(at.auc, cases, controls).p < 0.05) found++;
  }
  return [
    `${cases} / ${controls}`,
    auc,
    ...[held.delong, held.logit, held.percentile, held.bca, found].map((count) => percent(count / SIMULATIONS)),
  ];
}

/** How often DeLong's paired test finds two scores different; their errors share half of their variance. */
function twoScores(cases: number, controls: number, aucA: number, aucB: number): (string | number)[] {
  const random: Random = randomFor(1, "auc difference", cases, controls, aucA, aucB);
  const outcome = outcomeOf(cases, controls);
  let found = 0;
  for (let s = 0; s < SIMULATIONS; s++) {
    const shared = Float64Array.from(outcome, () => randomNormal(random));
    const score = (auc: number) =>
      Float64Array.from(outcome, (y, i) => shiftFor(auc) * y + (shared[i]! + randomNormal(random)) * Math.SQRT1_2);
    if (delongTest(outcome, score(aucA), score(aucB)).p < 0.05) found++;
  }
  return [`${cases} / ${controls}`, `${aucA} and ${aucB}`, percent(found / SIMULATIONS)];
}

console.log(`${SIMULATIONS} simulations a row, ${REPLICATES} replicates; a coverage of 95% is known to -+${uncertainty}\n`);
row(
  "with / without event",
  "true AUC",
  "DeLong holds it, %",
  "on the logit scale, %",
  "bootstrap percentile, %",
  "bootstrap BCa, %",
  "P < 0.05 against 0.5, %",
);
row("---", "---", "---", "---", "---", "---", "---");
for (const [cases, controls] of SIZES) for (const auc of [0.5, 0.7, 0.8, 0.9]) row(...oneScore(cases, controls, auc));
console.log("");
row("with / without event", "true AUCs", "paired DeLong P < 0.05, %");
row("---", "---", "---");
for (const [cases, controls] of SIZES)
  for (const [a, b] of [
    [0.75, 0.75],
    [0.85, 0.7],
  ] as const)
    row(...twoScores(cases, controls, a, b));
