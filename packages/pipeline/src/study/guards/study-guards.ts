// What may make a study's numbers mean less than they seem to: looked for in every run, each with its consequence.
import { GUARDS, type Finding, type GuardInput } from "./finding.ts";
import type { OpenStudy } from "../load.ts";
import { duplicateFeatures, outcomeDerivedFeatures, tablesNotScans } from "./features.ts";
import { eventsPerFeature, foldsWithoutEvents, invertedModels, manyModels, networkElsewhere, untrainedNetwork } from "./models.ts";
import { duplicateScans, failedCases, scannerAndOutcome, trainedOnEvaluated } from "./scans.ts";
import { cohortAndOutcome, earlyCensoring, missingValues, outcomeDerived } from "./table.ts";

/** Runs every guard. */
export function studyGuards(input: GuardInput): Finding[] {
  const findings = [
    ...duplicateScans(input),
    ...duplicateFeatures(input),
    ...trainedOnEvaluated(input),
    ...outcomeDerived(input),
    ...outcomeDerivedFeatures(input),
    ...foldsWithoutEvents(input),
    ...scannerAndOutcome(input),
    ...cohortAndOutcome(input),
    ...eventsPerFeature(input),
    ...untrainedNetwork(input),
    ...networkElsewhere(input),
    ...earlyCensoring(input),
    ...missingValues(input),
    ...failedCases(input),
    ...invertedModels(input),
    ...manyModels(input),
    ...tablesNotScans(input),
  ];
  return findings.sort((a, b) => GUARDS.indexOf(a.id) - GUARDS.indexOf(b.id));
}

/** What the guards see of a study before anything is computed: in its tables. */
export function guardsOfTables({ study, cohort, tables: { blocks, missing: failures } }: OpenStudy): Finding[] {
  const used = new Set(study.models.flatMap(({ features }) => features));
  const named = new Map([...blocks].filter(([name]) => used.has(name)));
  return studyGuards({
    study,
    cohort,
    failures,
    blocks: named,
    results: new Map(),
    inputs: [],
    models: [],
    training: undefined,
    isSeeded: false,
  });
}
