// How every model does in both cohorts.
import { Box, Text } from "ink";
import type { FinishedStudy } from "@islet/pipeline/node";
import { COLOUR, tint } from "../components/colour.ts";

type Row = FinishedStudy["models"][number];

const two = (value: number | null) => (value === null ? "-" : value.toFixed(2));
const pOf = (value: number | null) => (value === null ? "-" : value < 0.001 ? "<.001" : value.toFixed(3));

const HEADER = ["  n", " ev", " ACC", " SEN", " SPC", " AUC", " 95% CI      ", "P    "];

interface ModelsProps {
  readonly finished: FinishedStudy;
  readonly model: string;
  readonly height: number;
}

/** The table of models: a line a model and cohort. */
export function ModelsTab({ finished, model, height }: ModelsProps) {
  const { models, primary, leftOut } = finished;
  const nameWidth = Math.min(20, Math.max(5, ...models.map((row) => row.model.length)));
  const at = models.findIndex((row) => row.model === model);
  const room = Math.max(2, height - 5);
  const first = Math.min(Math.max(0, at - Math.floor(room / 2)), Math.max(0, models.length - room));
  const chosen = models[at];
  return (
    <>
      <Text bold wrap="truncate-end">{`  ${"model".padEnd(nameWidth)}  cohort    ${HEADER.join(" ")}`}</Text>
      {models.slice(first, first + room).map((row, i) => (
        <Text
          key={`${row.model} ${row.cohort}`}
          wrap="truncate-end"
          bold={row.model === model}
          {...tint(row.model === model ? COLOUR.accent : undefined)}
        >
          {`${row.model === model ? "› " : "  "}${(isFirstOf(models, first + i) || i === 0 ? row.model : "").slice(0, nameWidth).padEnd(nameWidth)}  ${row.cohort.padEnd(8)}  ${cellsOf(row).join(" ")}`}
        </Text>
      ))}
      <Box marginTop={1} flexDirection="column">
        <Text wrap="truncate-end">{`${model}: ${model === primary ? "the primary model; " : ""}${chosen ? `threshold ${chosen.threshold.toPrecision(3)}` : ""}${chosen?.network ? `; network: ${chosen.network}` : ""}`}</Text>
        <Text dimColor wrap="truncate-end">
          {`Internal: cross-validated. External: mean of fold models. P: AUC against .5.${leftOut.length ? ` Left out: ${leftOut.length}.` : ""}`}
        </Text>
        <Text dimColor wrap="truncate-end">{`More, and the guards' warnings: ${finished.out}/report.html`}</Text>
      </Box>
    </>
  );
}

const isFirstOf = (rows: readonly Row[], i: number) => rows[i]!.model !== rows[i - 1]?.model;

function cellsOf(row: Row): string[] {
  const ci = row.auc_lo === null ? "-" : `${two(row.auc_lo)} to ${two(row.auc_hi)}`;
  return [
    String(row.n).padStart(3),
    String(row.events).padStart(3),
    two(row.acc).padStart(4),
    two(row.sen).padStart(4),
    two(row.spc).padStart(4),
    two(row.auc).padStart(4),
    ` ${ci.padEnd(12)}`,
    pOf(row.p),
  ];
}
