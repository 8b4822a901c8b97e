// Guards of the cohort's table: variables that know the outcome, cohorts that differ in it, short follow-up, gaps.
import { fisherTest } from "../../stats/groups/fisher.ts";
import type { Patient } from "../cohort.ts";
import type { Finding, GuardInput } from "./finding.ts";

/** Variables that part the outcomes without exception. */
export function outcomeDerived({ study, cohort }: GuardInput): Finding[] {
  const internal = cohort.patients.filter((p) => p.cohort === "internal");
  const separating = Object.entries({ ...study.clinical, ...study.findings }).filter(([name, { kind }]) => separates(name, kind, internal));
  return separating.map(([name]) => ({
    id: "outcome-derived",
    level: "warning",
    found: `The variable "${name}" parts the internal patients with and without the event without exception.`,
    consequence:
      "Such a variable is mostly written down after the outcome was known, or made from it: a model with it predicts what it has been told. Check when it was recorded, or leave it out.",
  }));
}

function separates(name: string, kind: "number" | "category", patients: readonly Patient[]): boolean {
  const known = patients.filter((p) => (p.variables[name] ?? "") !== "");
  const [events, others] = [1, 0].map((outcome) => known.filter((p) => p.outcome === outcome).map((p) => p.variables[name]!));
  if (events!.length < 3 || others!.length < 3) return false;
  if (kind === "category") {
    const levels = new Set(events);
    return !others!.some((cell) => levels.has(cell));
  }
  const [a, b] = [events!.map(Number), others!.map(Number)];
  return Math.min(...a) > Math.max(...b) || Math.max(...a) < Math.min(...b);
}

/** Cohorts with different shares of events. */
export function cohortAndOutcome({ cohort }: GuardInput): Finding[] {
  const count = (name: Patient["cohort"], outcome: 0 | 1) =>
    cohort.patients.filter((p) => p.cohort === name && p.outcome === outcome).length;
  const [a, b, c, d] = [count("internal", 1), count("internal", 0), count("external", 1), count("external", 0)];
  if (c + d === 0) return [];
  const p = fisherTest(a, b, c, d);
  if (p >= 0.05) return [];
  const share = (events: number, others: number) => `${((100 * events) / (events + others)).toFixed(0)}%`;
  return [
    {
      id: "cohort-and-outcome",
      level: "note",
      found: `${share(a, b)} of the internal and ${share(c, d)} of the external patients have the event (Fisher P ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`}).`,
      consequence:
        "Risks and the threshold from the internal cohort do not fit such a different share of events: look at the calibration and at the AUC rather than at accuracy, and do not train on both cohorts together.",
    },
  ];
}

/** Patients counted as without the event whom nobody followed to the horizon. */
export function earlyCensoring({ study, cohort }: GuardInput): Finding[] {
  const { horizonMonths, early, time } = study.outcome;
  if (time === undefined || early === "exclude") return [];
  const censored = cohort.patients.filter((p) => p.outcome === 0 && p.timeMonths !== null && p.timeMonths < horizonMonths);
  if (censored.length === 0) return [];
  const others = cohort.patients.filter((p) => p.outcome === 0).length;
  return [
    {
      id: "early-censoring",
      level: "note",
      found: `${censored.length} of the ${others} patients counted as without the event were followed for less than the ${horizonMonths} months of the horizon.`,
      consequence:
        "Some of them may have had the event later, so sensitivity and specificity are those of a blurred outcome. outcome.early: exclude leaves them out.",
    },
  ];
}

/** Variables of models with empty cells. */
export function missingValues({ study, cohort }: GuardInput): Finding[] {
  const used = new Set(study.models.flatMap((m) => [...m.clinical, ...m.findings]));
  const counts = [...used]
    .map((name) => ({ name, patients: cohort.patients.filter((p) => (p.variables[name] ?? "") === "").length }))
    .filter(({ patients }) => patients > 0);
  if (counts.length === 0) return [];
  return [
    {
      id: "missing-values",
      level: "note",
      found: `Values are missing: ${counts.map(({ name, patients }) => `${name} of ${patients} patient${patients > 1 ? "s" : ""}`).join(", ")}.`,
      consequence:
        "Models with these variables rest on what stands in for the missing values, or on fewer patients; if they are missing for a reason, the results are biased.",
    },
  ];
}
