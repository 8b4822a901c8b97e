// The one orchestrator of a study: patients -> features -> models -> tables. It knows no files and no threads, only its host.
import { recordOf } from "../deep/training/record.ts";
import { describeWeights, loadWeights, weightsHash } from "../deep/weights.ts";
import { ConfigError } from "../errors.ts";
import { sha256 } from "../host/cache.ts";
import { studyTables } from "../report/tables.ts";
import { bundleOfStudy } from "./bundle/of-study.ts";
import type { Patient } from "./cohort.ts";
import { runExamples } from "./examples.ts";
import { featureBlocks } from "./features.ts";
import type { Finding } from "./guards/finding.ts";
import { studyGuards } from "./guards/study-guards.ts";
import type { InputHash } from "./kept-case.ts";
import type { OpenStudy } from "./load.ts";
import { modelRows } from "./model-rows.ts";
import { planCases } from "./plan-cases.ts";
import type { StudyResults } from "./results.ts";
import { runCases } from "./run-cases.ts";
import { runModels } from "./run-models.ts";
import type { StudyEvent, StudyHost } from "./study-host.ts";

/**
 * Runs a study and writes its outputs.
 *
 * A case that fails is recorded and left out of the models that need it; it never ends the cohort. Every finished case and
 * model is cached by what it was computed from, so an interrupted run goes on where it stopped.
 *
 * @throws ConfigError when too few patients are left for a model
 */
export async function runStudy(opened: OpenStudy, host: StudyHost, tell: (event: StudyEvent) => void): Promise<void> {
  const { study, cohort, tables: featureTables } = opened;
  const weights = host.weights ? loadWeights(host.weights) : undefined;
  const network = weights ? describeWeights(weights) : null;
  const jobs = planCases(study, cohort, host);
  const count = (name: Patient["cohort"]) => cohort.patients.filter((p) => p.cohort === name).length;
  tell({
    type: "start",
    study: study.name,
    internal: count("internal"),
    external: count("external"),
    excluded: cohort.excluded.length,
    cases: jobs.length,
    models: study.models.length,
    workers: host.pool.size,
    backend: host.backend,
    network,
  });

  for (const message of featureTables.notes) tell({ type: "warning", message });
  for (const { patient, phase, reason } of featureTables.missing)
    tell({ type: "warning", message: `patient ${patient}, ${phase}: ${reason}; left out of the models that need it` });
  const { results, failures: failedCases, inputs, cachedCases } = await runCases(jobs, host, tell);
  const failures = [...failedCases, ...featureTables.missing];
  const blocks = featureBlocks(study, cohort, results, featureTables.blocks);
  for (const block of blocks.values()) {
    for (const { name, patients } of block.undefinedFeatures) {
      tell({
        type: "warning",
        message: `${block.name}: ${name} has no value for ${patients} patient${patients > 1 ? "s" : ""} and is ${study.learn.impute === "none" ? "left out" : `filled by the ${study.learn.impute} of each training part`}`,
      });
    }
  }
  const training = weights && recordOf(weights);
  const guarded = {
    study,
    cohort,
    results,
    inputs,
    failures,
    blocks,
    training,
    isSeeded: host.weights !== null && "init" in host.weights,
  };
  // What the guards see before anything is learnt need not wait for it.
  if (host.strict) refuse(studyGuards({ ...guarded, models: [] }));
  const { models, cachedModels } = await runModels(study, cohort, blocks, host, network, tell);

  const tables = studyTables({ cohort, blocks, models, failures });
  for (const [path, text] of Object.entries(tables)) await host.write(path, text);
  const findings = studyGuards({ ...guarded, models });
  const hash = host.weights ? await weightsHash(host.weights) : null;
  // A network from a seed marks nothing; one that says how it was trained was trained to segment.
  const examples = await runExamples(
    { study, models, jobs, inputs, network: hash, segments: training != null && weights!.parts === "unet", resolve: host.resolve },
    host,
  );
  const report = await writeReport(
    { study, cohort, blocks, models, failures, network, training: training ?? null, examples },
    findings,
    host,
  );
  const bundle = await bundleOfStudy({
    ...guarded,
    models,
    findings,
    weights: host.weights,
    network: network !== null && hash !== null ? { description: network, sha256: hash } : null,
    featureTables: featureTables.hashes,
    host,
  });
  await host.write("model.islet", bundle);
  const outputs = { ...tables, ...report, "model.islet": bundle };
  await host.write("provenance.json", `${JSON.stringify(await provenance(opened, host, network, inputs, outputs), null, 2)}\n`);
  tell({ type: "end", rows: models.flatMap((m) => modelRows(cohort, m)), failures, findings, cachedCases, cachedModels });
  if (host.strict) refuse(findings);
}

/** Tables, figures and the report. What draws them is large and is loaded only now. Gives the texts by their paths. */
async function writeReport(
  results: StudyResults,
  findings: readonly Finding[],
  host: StudyHost,
): Promise<Readonly<Record<string, string>>> {
  const { studyReport } = await import("../report/study-report.ts");
  const { files, figures } = studyReport(results, findings, { backend: host.backend, engine: host.engine });
  for (const [path, text] of Object.entries(files)) await host.write(path, text);
  for (const { name, svg } of figures) await host.write(`figures/${name}.png`, await host.rasterise(svg));
  return files;
}

/** With --strict a warning of the guards is an error. */
function refuse(findings: readonly Finding[]): void {
  const warnings = findings.filter(({ level }) => level === "warning");
  if (warnings.length === 0) return;
  const [first] = warnings;
  const others = warnings.length > 1 ? ` (and ${warnings.length - 1} more)` : "";
  throw new ConfigError(
    `guard ${first!.id}`,
    `${first!.found} ${first!.consequence}${others}; run without --strict to get the report with it`,
  );
}

async function provenance(
  { study, tables: { hashes } }: OpenStudy,
  host: StudyHost,
  network: string | null,
  inputs: readonly InputHash[],
  written: Record<string, string | Uint8Array>,
): Promise<object> {
  const outputs: Record<string, string> = {};
  for (const [path, data] of Object.entries(written))
    outputs[path] = await sha256(typeof data === "string" ? new TextEncoder().encode(data) : data);
  return {
    study,
    seed: study.seed,
    engine: host.engine,
    backend: host.backend,
    tuning: host.tuning ?? null,
    network: network && { description: network, sha256: await weightsHash(host.weights!) },
    finished: host.now(),
    inputs: inputs.toSorted((a, b) => (`${a.patient}/${a.phase}/${a.role}` < `${b.patient}/${b.phase}/${b.role}` ? -1 : 1)),
    featureTables: hashes,
    outputs,
  };
}
