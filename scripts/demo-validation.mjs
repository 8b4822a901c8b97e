// Whether the demo cohort's planted signal is found, and none where there is none: many cohorts, three models. SYNTHETIC.
//
//   node scripts/demo-validation.mjs [--seeds 20] [--signals 1,0] [--base-width 16] [--input-size 128] [-o demo-validation.jsonl] [--json]
//
// Node 24. The scans never touch the disk; each finished cohort is one line of the file, and a second run goes on where the first stopped.
// Reduced from the demo study: the arterial phase alone, Radiomics-A, DLR-A and CT findings, and a smaller picture for the network.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadCore } from "../packages/core-wasm/dist/index.js";
import { createSliceEncoder } from "../packages/pipeline/src/deep/encode.ts";
import { loadWeights } from "../packages/pipeline/src/deep/weights.ts";
import { patientFiles } from "../packages/pipeline/src/demo/patient-files.ts";
import { demoRoster } from "../packages/pipeline/src/demo/roster.ts";
import { demoStudy } from "../packages/pipeline/src/demo/study-file.ts";
import { demoTable, patientFolder } from "../packages/pipeline/src/demo/table.ts";
import { computeCase } from "../packages/pipeline/src/study/case.ts";
import { readCohort } from "../packages/pipeline/src/study/cohort.ts";
import { parseStudy } from "../packages/pipeline/src/study/config.ts";
import { caseId, featureBlocks, modelTask } from "../packages/pipeline/src/study/features.ts";
import { computeModel } from "../packages/pipeline/src/study/model.ts";
import { planCases } from "../packages/pipeline/src/study/plan-cases.ts";
import { aucInterval } from "../packages/pipeline/src/stats/prediction/delong.ts";

const MODELS = ["DLR-A", "Radiomics-A", "CT findings"];
const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "20" },
    signals: { type: "string", default: "1,0" },
    "base-width": { type: "string", default: "16" },
    "input-size": { type: "string", default: "128" },
    out: { type: "string", short: "o", default: "demo-validation.jsonl" },
    json: { type: "boolean", default: false },
  },
});

const [seeds, baseWidth, inputSize] = ["seeds", "base-width", "input-size"].map((name) => Number(values[name]));
const signals = values.signals.split(",").map(Number);
if (![seeds, baseWidth, inputSize].every((n) => Number.isInteger(n) && n >= 1) || !signals.every((s) => s >= 0)) {
  process.stderr.write(
    "demo-validation: --seeds, --base-width and --input-size take whole numbers from 1, --signals numbers from 0 with commas between\n",
  );
  process.exit(2);
}

const core = await loadCore();
const size = { height: inputSize, width: inputSize };
const encoder = await createSliceEncoder(core, loadWeights({ init: "seeded", baseWidth, seed: 1 }), size, "wasm");
const before = existsSync(values.out)
  ? readFileSync(values.out, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line))
  : [];
const isSame = (a, b) => a.seed === b.seed && a.signal === b.signal && a.baseWidth === b.baseWidth && a.inputSize === b.inputSize;

const runs = [];
for (let seed = 1; seed <= seeds; seed++) {
  for (const signal of signals) {
    const which = { seed, signal, baseWidth, inputSize };
    let run = before.find((b) => isSame(b, which));
    if (!run) {
      run = { ...which, models: await oneCohort({ seed, patients: 74, signal }) };
      appendFileSync(values.out, `${JSON.stringify(run)}\n`);
    }
    runs.push(run);
    process.stderr.write(
      `seed ${seed}, signal ${signal}: ${MODELS.map((m) => `${m} ${run.models[m].internal.toFixed(2)} | ${run.models[m].external.toFixed(2)}`).join(", ")}\n`,
    );
  }
}
report();

/** Makes a cohort in memory, computes its arterial features, cross-validates the three models: AUCs, P against one half, and what was selected. */
async function oneCohort(settings) {
  const declared = parseStudy(demoStudy(settings, { baseWidth, inputSize }), "study.yaml");
  const study = { ...declared, models: declared.models.filter((m) => MODELS.includes(m.name)) };
  const roster = demoRoster(settings);
  const cohort = readCohort(study, { file: "cohort.csv", folder: "", text: demoTable(settings, roster, "nifti") }, null);
  const results = new Map();
  for (const [i, job] of planCases(study, cohort, { resolve: (_, path) => path }).entries()) {
    const files = await patientFiles(settings, roster[i], "nifti", ["arterial"]);
    const open = async (path) => ({
      path,
      files: files.filter((f) => `${patientFolder(roster[i])}/${f.path}` === path).map((f) => ({ name: f.path, bytes: f.bytes })),
    });
    results.set(caseId(job.patient.id, job.phase), await computeCase({ core, encoder, open }, job.task));
  }
  const blocks = featureBlocks(study, cohort, results);
  const found = {};
  for (const model of study.models) {
    const task = modelTask(study, cohort, model, blocks);
    const { crossValidation, externalRisk } = computeModel(core, task);
    const outcome = task.external.ids.map((id) => cohort.patients.find((p) => p.id === id).outcome);
    const selected = {};
    // One-hot columns are called VARIABLE=LEVEL.
    for (const name of model.findings)
      selected[name] =
        crossValidation.folds.filter((f) => f.selected.some((s) => s === name || s.startsWith(`${name}=`))).length /
        crossValidation.folds.length;
    found[model.name] = {
      internal: crossValidation.auc.value,
      p: crossValidation.auc.p,
      external: aucInterval(outcome, externalRisk).auc,
      ...(model.findings.length > 0 && { selected }),
    };
  }
  return found;
}

function report() {
  const mean = (list) => list.reduce((a, b) => a + b, 0) / list.length;
  const sd = (list) => Math.sqrt(list.reduce((sum, v) => sum + (v - mean(list)) ** 2, 0) / (list.length - 1));
  const of = (list) => ({ mean: mean(list), sd: sd(list), se: sd(list) / Math.sqrt(list.length) });
  const rows = signals.flatMap((signal) =>
    MODELS.map((model) => {
      const results = runs.filter((r) => r.signal === signal).map((r) => r.models[model]);
      return {
        signal,
        model,
        cohorts: results.length,
        internal: of(results.map((r) => r.internal)),
        external: of(results.map((r) => r.external)),
        pBelow05: results.filter((r) => r.p < 0.05 && r.internal > 0.5).length,
      };
    }),
  );
  const findings = signals.map((signal) => {
    const results = runs.filter((r) => r.signal === signal).map((r) => r.models["CT findings"].selected);
    return { signal, selected: Object.fromEntries(Object.keys(results[0]).map((name) => [name, mean(results.map((r) => r[name]))])) };
  });
  if (values.json) {
    process.stdout.write(`${JSON.stringify({ synthetic: true, seeds, baseWidth, inputSize, rows, findings }, null, 2)}\n`);
    return;
  }
  const two = (v) => v.toFixed(3);
  for (const { signal, model, cohorts, internal, external, pBelow05 } of rows)
    process.stdout.write(
      `signal ${signal}  ${model.padEnd(12)} internal ${two(internal.mean)} (SD ${two(internal.sd)}, SE ${two(internal.se)})  external ${two(external.mean)} (SD ${two(external.sd)}, SE ${two(external.se)})  P < 0.05 and AUC > 0.5: ${pBelow05}/${cohorts}\n`,
    );
  for (const { signal, selected } of findings)
    process.stdout.write(
      `signal ${signal}  findings by how often a fold selects them: ${Object.entries(selected)
        .toSorted((a, b) => b[1] - a[1])
        .map(([name, share]) => `${name} ${share.toFixed(2)}`)
        .join(", ")}\n`,
    );
}
