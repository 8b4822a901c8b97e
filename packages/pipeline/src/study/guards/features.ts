// Guards of features that come from tables: the same row under two patients, a column that knows the outcome, and what cannot be looked for without scans.
import { isFromImages } from "../blocks.ts";
import type { FeatureBlock } from "../features.ts";
import type { Finding, GuardInput } from "./finding.ts";

const tablesOf = ({ blocks }: GuardInput): FeatureBlock[] => [...blocks.values()].filter(({ name }) => !isFromImages(name));

/** Patients with the same features to the last digit, in every column of a table of at least three. */
export function duplicateFeatures(input: GuardInput): Finding[] {
  const cohortOf = new Map(input.cohort.patients.map((p) => [p.id, p.cohort]));
  return tablesOf(input).flatMap(({ name, columns, rows }) => {
    if (columns.length < 3) return [];
    const groups = new Map<string, string[]>();
    for (const [id, values] of rows) {
      if (values.every((value) => value === null)) continue;
      const key = values.join();
      groups.set(key, [...(groups.get(key) ?? []), id]);
    }
    return [...groups.values()]
      .filter((ids) => ids.length > 1)
      .map((ids): Finding => {
        const isAcross = new Set(ids.map((id) => cohortOf.get(id))).size > 1;
        return {
          id: "duplicate-features",
          level: "warning",
          found: `Patients ${ids.join(", ")} have the same row in ${name}, to the last digit.`,
          consequence: isAcross
            ? "They are probably one scan, and one of them is trained on: the external results are not external. Leave one of them out (exclude)."
            : "They are probably one scan, which can be in a training part and in its held-out part: cross-validated results are optimistic. Leave one of them out (exclude).",
        };
      });
  });
}

/**
 * Columns of tables that part the outcomes without exception, where so many columns hardly have one by chance.
 *
 * Of n patients with k events a column of noise parts them with probability 2 / C(n, k); a finding needs fewer than 0.01 expected in the table.
 */
export function outcomeDerivedFeatures(input: GuardInput): Finding[] {
  const internal = input.cohort.patients.filter((p) => p.cohort === "internal");
  return tablesOf(input).flatMap(({ name, columns, rows }) => {
    const known = internal.filter(({ id }) => rows.has(id));
    const [events, others] = [1, 0].map((outcome) => known.filter((p) => p.outcome === outcome).map(({ id }) => rows.get(id)!));
    if ((columns.length * 2) / choose(known.length, events!.length) >= 0.01) return [];
    const separating = columns.filter((_, j) => {
      const [a, b] = [events!, others!].map((part) => part.map((row) => row[j]));
      if ([...a!, ...b!].some((value) => value === null)) return false;
      const [x, y] = [a as number[], b as number[]];
      return Math.min(...x) > Math.max(...y) || Math.max(...x) < Math.min(...y);
    });
    if (separating.length === 0) return [];
    const said =
      separating.length > 3 ? `${separating.slice(0, 3).join(", ")} and ${separating.length - 3} more columns` : separating.join(", ");
    return [
      {
        id: "outcome-derived",
        level: "warning",
        found: `In ${name}, ${said} ${separating.length > 1 ? "part" : "parts"} the internal patients with and without the event without exception.`,
        consequence:
          "A column that does so was mostly made from the outcome: a model with it predicts what it has been told. Check where it comes from, or name it in ignore.",
      },
    ];
  });
}

/** n! / (k! (n - k)!), as a float. */
function choose(n: number, k: number): number {
  let product = 1;
  for (let i = 1; i <= k; i++) product *= (n - k + i) / i;
  return product;
}

/** What nobody looked for, where features come without their scans. */
export function tablesNotScans(input: GuardInput): Finding[] {
  const names = tablesOf(input).map(({ name }) => name);
  if (names.length === 0) return [];
  return [
    {
      id: "tables-not-scans",
      level: "note",
      found: `${names.join(", ")} ${names.length > 1 ? "come" : "comes"} from tables: without the scans, the guards duplicate-scans, trained-on-evaluated and scanner-and-outcome had nothing to look at.`,
      consequence:
        "Whether two patients have the same scan, whether the scanner goes with the outcome, and how the features were made must be checked where the tables were made.",
    },
  ];
}
