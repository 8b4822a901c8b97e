import type { StudyView } from "@islet/pipeline";
import { SortableTable, type SortableColumn } from "./sortable-table.tsx";

type Role = StudyView["roles"][string][number];

const COLUMNS: readonly SortableColumn<Role>[] = [
  { key: "feature", heading: "Feature", value: ({ feature }) => feature },
  { key: "share", heading: "In folds", value: ({ share }) => share, show: ({ share }) => `${(100 * share).toFixed(0)}%`, isNumber: true },
  {
    key: "weight",
    heading: "Mean linear weight",
    value: ({ weight }) => (weight === null ? null : Math.abs(weight)),
    show: ({ weight }) => (weight === null ? "–" : weight.toFixed(3)),
    isNumber: true,
  },
];

/** The features of a model, and what they do in it. */
export function FeaturesPanel({ model, roles }: { readonly model: string; readonly roles: readonly Role[] }) {
  return (
    <section className="card" aria-label="Features">
      <h3>Features of {model}</h3>
      {roles.length === 0 ? (
        <p className="faint">No fold model selected a feature.</p>
      ) : (
        <SortableTable caption={`Features of ${model}`} columns={COLUMNS} rows={roles} idOf={({ feature }) => feature} />
      )}
    </section>
  );
}
