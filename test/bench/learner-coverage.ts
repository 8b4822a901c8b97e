// How often the whole learner finds a planted signal, and how often the interval of its cross-validated AUC holds what its models do on new patients.
//   node test/bench/learner-coverage.ts [COHORTS]     (100 by default, some minutes; prints a table of docs/statistics.md; needs a built core-wasm)
// Features are independent N(0, 1); the first few are N(d, 1) in patients with the event. Seeded: the same numbers on any machine of one SIMD build.
import { loadCore } from "../../packages/core-wasm/dist/index.js";
import { crossValidate } from "../../packages/pipeline/src/learn/validate/cross-validate.ts";
import { predictEnsemble } from "../../packages/pipeline/src/learn/ensemble.ts";
import type { FeatureTable } from "../../packages/pipeline/src/learn/columns/feature-table.ts";
import { randomFor, randomNormal, type Random } from "../../packages/pipeline/src/random.ts";
import { logitIntervalOf, placements } from "../../packages/pipeline/src/stats/prediction/delong.ts";
import { rocCurve } from "../../packages/pipeline/src/stats/prediction/roc.ts";

const COHORTS = Number(process.argv[2] ?? 100);
const FEATURES = 200;
const NEW_PATIENTS = 2000;
const percent = (share: number) => (100 * share).toFixed(1);
const row = (...cells: readonly (string | number)[]) => console.log(`| ${cells.join(" | ")} |`);

function cohort(
  random: Random,
  events: number,
  others: number,
  informative: number,
  shift: number,
): { table: FeatureTable; outcome: Uint8Array } {
  const n = events + others;
  return {
    table: {
      ids: Array.from({ length: n }, (_, i) => `P${String(i).padStart(4, "0")}`),
      names: Array.from({ length: FEATURES }, (_, j) => `f${j}`),
      values: Float64Array.from(
        { length: n * FEATURES },
        (_, k) => randomNormal(random) + (k % FEATURES < informative && Math.floor(k / FEATURES) < events ? shift : 0),
      ),
    },
    outcome: Uint8Array.from({ length: n }, (_, i) => (i < events ? 1 : 0)),
  };
}

const core = await loadCore();
console.log(
  `${COHORTS} cohorts a row, ${FEATURES} features, the method's learner; a coverage of 95% is known to -+${percent(2 * Math.sqrt((0.95 * 0.05) / COHORTS))}\n`,
);
row(
  "with / without event",
  "informative x shift",
  "mean AUC cross-validated",
  "mean AUC of its models on new patients",
  "DeLong holds the latter, %",
  "on the logit scale, %",
  "P < 0.05, %",
);
row("---", "---", "---", "---", "---", "---", "---");
for (const [events, others] of [
  [10, 46],
  [28, 28],
] as const)
  for (const [informative, shift] of [
    [0, 0],
    [5, 0.8],
    [5, 1.2],
  ] as const) {
    const sum = { validated: 0, fresh: 0, delong: 0, logit: 0, found: 0 };
    for (let seed = 0; seed < COHORTS; seed++) {
      const random = randomFor(seed, "learner coverage", events, others, informative, shift);
      const { table, outcome } = cohort(random, events, others, informative, shift);
      const { auc, folds, predictions } = crossValidate(core, table, outcome, { seed });
      const next = cohort(random, NEW_PATIENTS / 2, NEW_PATIENTS / 2, informative, shift);
      const fresh = rocCurve(next.outcome, predictEnsemble(core, folds, next.table)).auc;
      const logit = logitIntervalOf(
        placements(
          predictions.map((one) => one.outcome),
          predictions.map((one) => one.risk),
        ),
      );
      sum.validated += auc.value;
      sum.fresh += fresh;
      if (auc.lo <= fresh && fresh <= auc.hi) sum.delong++;
      if (logit.lo <= fresh && fresh <= logit.hi) sum.logit++;
      // a signal is found only where the area is on its side
      if (auc.p < 0.05 && auc.value > 0.5) sum.found++;
    }
    row(
      `${events} / ${others}`,
      informative === 0 ? "none" : `${informative} x ${shift}`,
      (sum.validated / COHORTS).toFixed(3),
      (sum.fresh / COHORTS).toFixed(3),
      ...[sum.delong, sum.logit, sum.found].map((count) => percent(count / COHORTS)),
    );
  }
