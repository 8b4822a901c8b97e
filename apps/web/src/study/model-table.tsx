import type { StudyView } from "@islet/pipeline";
import { SortableTable, type SortableColumn } from "./sortable-table.tsx";

type ModelRow = StudyView["models"][number];

const two = (value: number | null) => (value === null ? "–" : value.toFixed(2));
const pWord = (p: number | null) => (p === null ? "–" : p < 0.001 ? "<0.001" : p.toFixed(3));
const number = (
  key: string,
  heading: string,
  value: (row: ModelRow) => number | null,
  show = (row: ModelRow) => two(value(row)),
): SortableColumn<ModelRow> => ({
  key,
  heading,
  value,
  show,
  isNumber: true,
});

/** The columns; a model's name chooses it. */
function columnsFor(chosen: string, onChoose: (model: string) => void): SortableColumn<ModelRow>[] {
  const name = (model: string) => (
    <button type="button" className="link" aria-pressed={model === chosen} onClick={() => onChoose(model)}>
      {model}
    </button>
  );
  return [
    { key: "model", heading: "Model", value: ({ model }) => model, show: ({ model }) => name(model) },
    { key: "cohort", heading: "Cohort", value: ({ cohort }) => cohort },
    number(
      "events",
      "Events/n",
      ({ events }) => events,
      ({ events, n }) => `${events}/${n}`,
    ),
    number("auc", "AUC", ({ auc }) => auc),
    number(
      "ci",
      "95% CI",
      ({ auc_lo }) => auc_lo,
      ({ auc_lo, auc_hi }) => (auc_lo === null ? "–" : `${two(auc_lo)} to ${two(auc_hi)}`),
    ),
    number(
      "p",
      "P",
      ({ p }) => p,
      ({ p }) => pWord(p),
    ),
    number("acc", "ACC", ({ acc }) => acc),
    number("sen", "SEN", ({ sen }) => sen),
    number("spc", "SPC", ({ spc }) => spc),
    number(
      "threshold",
      "Threshold",
      ({ threshold }) => threshold,
      ({ threshold }) => threshold.toFixed(3),
    ),
  ];
}

/** How each model does in each cohort; a model is chosen by its name. */
export function ModelTable({
  rows,
  chosen,
  onChoose,
}: {
  readonly rows: readonly ModelRow[];
  readonly chosen: string;
  readonly onChoose: (model: string) => void;
}) {
  return (
    <SortableTable
      caption="Models by cohort"
      columns={columnsFor(chosen, onChoose)}
      rows={rows}
      idOf={({ model, cohort }) => `${model} ${cohort}`}
      chosen={({ model }) => model === chosen}
      onChoose={({ model }) => onChoose(model)}
    />
  );
}
