// Guards of the scans: the same one twice, seen by the network before, taken otherwise where the event came, or not usable.
import { mannWhitneyFor } from "../../stats/groups/mann-whitney.ts";
import { caseId } from "../features.ts";
import type { Finding, GuardInput } from "./finding.ts";

/** Patients of one phase whose scans are the same file or the same voxels. */
export function duplicateScans({ cohort, results, inputs, study }: GuardInput): Finding[] {
  const cohortOf = new Map(cohort.patients.map((p) => [p.id, p.cohort]));
  const groups = new Map<string, Set<string>>();
  const add = (key: string, patient: string) => groups.set(key, (groups.get(key) ?? new Set()).add(patient));
  for (const { patient, role, sha256 } of inputs) if (role === "image") add(`file ${sha256}`, patient);
  for (const { id } of cohort.patients) {
    for (const phase of Object.keys(study.phases)) {
      const scan = results.get(caseId(id, phase))?.scan;
      if (scan) add(`voxels ${scan.fingerprint}`, id);
    }
  }
  const pairs = new Set([...groups.values()].filter((group) => group.size > 1).map((group) => [...group].sort().join(", ")));
  return [...pairs].sort().map((patients) => {
    const isAcross = new Set(patients.split(", ").map((id) => cohortOf.get(id))).size > 1;
    return {
      id: "duplicate-scans",
      level: "warning",
      found: `Patients ${patients} have the same scan.`,
      consequence: isAcross
        ? "A patient of the external cohort has been trained on: the external results are not external. Leave one of them out (exclude)."
        : "The same scan can be in a training part and in its held-out part: cross-validated results are optimistic. Leave one of them out (exclude).",
    };
  });
}

/** Patients whose scans the network has been trained or checked on. */
export function trainedOnEvaluated({ training, inputs, cohort }: GuardInput): Finding[] {
  if (!training) return [];
  const known = new Set(training.cases.map(({ sha256 }) => sha256.image));
  const patients = new Set(inputs.filter(({ role, sha256 }) => role === "image" && known.has(sha256)).map(({ patient }) => patient));
  if (patients.size === 0) return [];
  const external = cohort.patients.filter((p) => p.cohort === "external" && patients.has(p.id)).length;
  return [
    {
      id: "trained-on-evaluated",
      level: "warning",
      found: `${patients.size} of ${cohort.patients.length} patients (${external} of them external) were among the ${training.cases.length} scans that the network was trained or checked on.`,
      consequence:
        "The network has seen these patients' tumours before it describes them, so the deep models may do better on them than on new patients. Train on other patients, or leave these out.",
    },
  ];
}

/** Does the distance between slices, a stand-in for the scanner, go with the outcome? */
export function scannerAndOutcome({ study, cohort, results }: GuardInput): Finding[] {
  return Object.keys(study.phases).flatMap((phase) => {
    const spacing = (outcome: 0 | 1) =>
      cohort.patients.flatMap((p) => {
        const scan = p.cohort === "internal" && p.outcome === outcome ? results.get(caseId(p.id, phase))?.scan : undefined;
        return scan ? [scan.spacing[0]] : [];
      });
    const [without, having] = [Float64Array.from(spacing(0)), Float64Array.from(spacing(1))];
    if (without.length < 3 || having.length < 3 || new Set([...without, ...having]).size < 2) return [];
    const { p } = mannWhitneyFor(without.length, having.length)(without, having);
    if (!(p < 0.05)) return [];
    return [
      {
        id: "scanner-and-outcome",
        level: "warning",
        found: `The distance between the slices of the ${phase} scans differs between patients with and without the event (Mann-Whitney P ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`}).`,
        consequence:
          "Scanner and protocol go with the outcome: a model can learn the scanner in the place of the tumour. Harmonise (learn.harmonise), match the protocols, or report results within each.",
      } as const,
    ];
  });
}

/** Patients without features of some phase or table. */
export function failedCases({ cohort, failures, models }: GuardInput): Finding[] {
  const failed = new Set(failures.map(({ patient }) => patient)).size;
  if (
    failed === 0 ||
    models.every(({ task }) => task.internal.ids.length === cohort.patients.filter((p) => p.cohort === "internal").length)
  )
    return [];
  return [
    {
      id: "failed-cases",
      level: failed > 0.05 * cohort.patients.length ? "warning" : "note",
      found: `${failed} of ${cohort.patients.length} patients have a phase that gave no features (tables/flow.csv says why for each).`,
      consequence:
        "Models rest on different patients, and comparisons on those they share; if scans fail for a reason that goes with the disease, the results are biased.",
    },
  ];
}
