// Every case of a study: over the pool or from the cache, in order, and none ends the others.
import { weightsHash } from "../deep/weights.ts";
import type { CaseResult } from "./case.ts";
import type { Patient } from "./cohort.ts";
import { caseId } from "./features.ts";
import type { StudyEvent, StudyHost } from "./study-host.ts";
import { inOrder, NOT_STARTED, runKeptCase, type InputHash } from "./kept-case.ts";
import type { CaseJob } from "./plan-cases.ts";
import type { FailedCase } from "./results.ts";

/** Every case of a study, from the cache or computed; a case that fails is recorded and ends nothing. */
export async function runCases(jobs: readonly CaseJob[], host: StudyHost, tell: (event: StudyEvent) => void) {
  const results = new Map<string, CaseResult>();
  const failures: FailedCase[] = [];
  const inputs: InputHash[] = [];
  const network = host.weights ? await weightsHash(host.weights) : null;
  let done = 0;
  let cachedCases = 0;

  const runOne = async ({ patient, phase, task, missing }: CaseJob): Promise<void> => {
    const { result, cached, hashes, fault } = missing ? { ...NOT_STARTED, fault: missing } : await runKeptCase(task, network, host);
    const error = fault === null ? null : asWritten(fault, patient, host);
    inputs.push(...hashes);
    if (result) results.set(caseId(patient.id, phase), result);
    if (error !== null) failures.push({ patient: patient.id, cohort: patient.cohort, phase, reason: error });
    if (cached) cachedCases++;
    const warnings = (result?.warnings ?? []).map((warning) => asWritten(warning, patient, host));
    tell({ type: "case", patient: patient.id, phase, done: ++done, total: jobs.length, cached, warnings, error });
  };
  await inOrder(jobs, host.pool.size + 1, runOne);
  const place = (f: FailedCase) => jobs.findIndex((job) => job.patient.id === f.patient && job.phase === f.phase);
  failures.sort((a, b) => place(a) - place(b));
  return { results, failures, inputs, cachedCases };
}

/** A sentence with paths as the table has them: where they lie on this disk is nobody's business in a table or a log. */
function asWritten(sentence: string, { paths, folder }: Patient, host: StudyHost): string {
  return Object.values(paths).reduce((text, path) => text.replaceAll(host.resolve(folder, path), path), sentence);
}
