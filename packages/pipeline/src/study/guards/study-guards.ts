// What may make a study's numbers mean less than they seem to: looked for in every run, each with its consequence.
import { GUARDS, type Finding, type GuardInput } from "./finding.ts";
import { eventsPerFeature, foldsWithoutEvents, invertedModels, manyModels, untrainedNetwork } from "./models.ts";
import { duplicateScans, failedCases, scannerAndOutcome, trainedOnEvaluated } from "./scans.ts";
import { cohortAndOutcome, earlyCensoring, missingValues, outcomeDerived } from "./table.ts";

/** Runs every guard. */
export function studyGuards(input: GuardInput): Finding[] {
  const findings = [
    ...duplicateScans(input),
    ...trainedOnEvaluated(input),
    ...outcomeDerived(input),
    ...foldsWithoutEvents(input),
    ...scannerAndOutcome(input),
    ...cohortAndOutcome(input),
    ...eventsPerFeature(input),
    ...untrainedNetwork(input),
    ...earlyCensoring(input),
    ...missingValues(input),
    ...failedCases(input),
    ...invertedModels(input),
    ...manyModels(input),
  ];
  return findings.sort((a, b) => GUARDS.indexOf(a.id) - GUARDS.indexOf(b.id));
}
