// How a selection outside the folds turns noise into a good AUC, beside the learner that does not: npm run demo:leakage [-- --cohorts 200 --features 1000 --json]
import { parseArgs } from "node:util";
import { loadCore } from "../packages/core-wasm/dist/index.js";
import { crossValidate } from "../packages/pipeline/src/learn/validate/cross-validate.ts";
import { EVENTS, noiseCohort, PATIENTS, selectedOutside, spreadOf } from "../test/helpers/noise-cohort.ts";

const { values, problem } = asked();
const [cohorts, features] = [Number(values.cohorts), Number(values.features)];
if (problem || !(Number.isInteger(cohorts) && cohorts >= 2 && Number.isInteger(features) && features >= 1)) {
  process.stderr.write(`demo:leakage: ${problem}takes --cohorts, a whole number from 2, --features, one from 1, and --json\n`);
  process.exit(2);
}

const core = await loadCore();
const aucs = { inside: [], outside: [] };
for (let seed = 0; seed < cohorts; seed++) {
  const cohort = noiseCohort(seed, features);
  const leaking = selectedOutside(cohort);
  aucs.inside.push(crossValidate(core, cohort.table, cohort.outcome, { seed }).auc.value);
  aucs.outside.push(crossValidate(core, leaking.table, leaking.outcome, { seed }).auc.value);
  if (process.stderr.isTTY) process.stderr.write(`\rcohort ${seed + 1}/${cohorts}`);
}
if (process.stderr.isTTY) process.stderr.write("\n");

const result = {
  cohorts,
  patients: PATIENTS,
  events: EVENTS,
  features,
  inside: spreadOf(aucs.inside),
  outside: spreadOf(aucs.outside),
  aucs,
};
if (values.json) {
  process.stdout.write(`${JSON.stringify(result)}\n`);
} else {
  const line = (name, { mean, sd, error }) =>
    `${name.padEnd(44)} mean ${mean.toFixed(3)}, SD ${sd.toFixed(3)}, SE ${error.toFixed(4)}; ${((mean - 0.5) / error).toFixed(1)} SE from 0.5`;
  process.stdout.write(
    [
      `${cohorts} cohorts of pure noise: ${PATIENTS} patients, ${EVENTS} events, ${features} features (seeds 0 to ${cohorts - 1}).`,
      "Cross-validated AUC of the method's learner:",
      line("  features selected inside each fold", result.inside),
      line("  the same, selected on all patients before", result.outside),
      "There is nothing to find: whatever exceeds 0.5 in the second line is leakage.",
      "",
    ].join("\n"),
  );
}

/** The options; an unknown one, or one without its value, is a problem to tell and no trace. */
function asked() {
  const options = {
    cohorts: { type: "string", default: "20" },
    features: { type: "string", default: "1000" },
    json: { type: "boolean", default: false },
  };
  try {
    return { ...parseArgs({ options }), problem: "" };
  } catch ({ message }) {
    return { values: {}, problem: `${message.split(". ")[0]}; ` };
  }
}
