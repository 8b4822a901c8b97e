// How the features of the external cohort differ from those that the model was trained on.
import { meanDifference } from "../stats/groups/standardised-difference.ts";
import { summary } from "../stats/summary.ts";
import { principalComponents, type Embedding } from "./embedding.ts";
import { primaryModel, type StudyResults } from "../study/results.ts";
import { selectionCounts } from "./stability.ts";

/** A feature's standardised difference of means, external less internal. */
export interface FeatureShift {
  readonly feature: string;
  readonly smd: number;
  /** Whether some fold model uses it. */
  readonly isUsed: boolean;
}

/** The shift between the cohorts in the features of the primary model. */
export interface CohortShift {
  readonly model: string;
  /** By falling size. Features without spread in both cohorts are left out. */
  readonly features: readonly FeatureShift[];
  /** Share of the features with |smd| above 0.5. */
  readonly shareLarge: number;
  /** All patients in two dimensions, internal ones first; null where the features do not span two. */
  readonly embedding: (Embedding & { readonly isExternal: readonly boolean[]; readonly outcome: readonly number[] }) | null;
}

/** @returns null without an external cohort of at least 2 patients */
export function cohortShift(results: StudyResults): CohortShift | null {
  const primary = primaryModel(results);
  const { task, model } = primary;
  if (!task.external || task.external.ids.length < 2) return null;
  const width = task.names.length;
  const rowsOf = ({ ids, values }: { readonly ids: readonly string[]; readonly values: readonly (number | null)[] }) =>
    ids.map((_, i) => values.slice(i * width, (i + 1) * width).map((value) => value ?? Number.NaN));
  const [inside, outside] = [rowsOf(task.internal), rowsOf(task.external)];
  const used = new Set(selectionCounts(primary).map(({ feature }) => feature));
  const complete = task.names.map((_, j) => [...inside, ...outside].every((row) => Number.isFinite(row[j])));
  const features = task.names
    .flatMap((feature, j) => {
      if (!complete[j]) return [];
      const column = (rows: readonly (readonly number[])[]) => Float64Array.from(rows, (row) => row[j]!);
      const smd = meanDifference(summary(column(outside)), summary(column(inside)));
      return Number.isFinite(smd) ? [{ feature, smd, isUsed: used.has(feature) || task.always.includes(feature) }] : [];
    })
    .sort((a, b) => Math.abs(b.smd) - Math.abs(a.smd) || (a.feature < b.feature ? -1 : 1));
  const outcomeOf = new Map(results.cohort.patients.map((p) => [p.id, p.outcome]));
  const kept = [...inside, ...outside].map((row) => row.filter((_, j) => complete[j]));
  const embedding = principalComponents(kept);
  return {
    model,
    features,
    shareLarge: features.length > 0 ? features.filter(({ smd }) => Math.abs(smd) > 0.5).length / features.length : 0,
    embedding: embedding && {
      ...embedding,
      isExternal: kept.map((_, i) => i >= inside.length),
      outcome: [...task.internal.ids, ...task.external.ids].map((id) => outcomeOf.get(id)!),
    },
  };
}
