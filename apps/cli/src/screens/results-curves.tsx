// ROC and Kaplan-Meier curves of one model.
import { Box, Text } from "ink";
import { rocOf, survivalOf, type FinishedStudy } from "@islet/pipeline/node";
import { drawCurves, type Series } from "../components/braille.ts";
import { COLOUR, tint } from "../components/colour.ts";
import { useRoom } from "../components/frame.tsx";

interface CurvesProps {
  readonly finished: FinishedStudy;
  readonly model: string;
  readonly kind: "roc" | "survival";
  readonly height: number;
}

/** A model's curves with their numbers. */
export function CurvesTab({ finished, model, kind, height }: CurvesProps) {
  return kind === "roc" ? (
    <Roc finished={finished} model={model} height={height} />
  ) : (
    <Survival finished={finished} model={model} height={height} />
  );
}

type PartProps = Omit<CurvesProps, "kind">;

function Roc({ finished, model, height }: PartProps) {
  const cohorts = [
    { cohort: "internal", words: "internal, cross-validated", colour: COLOUR.accent, isDotted: false },
    { cohort: "external", words: "external, mean of the fold models", colour: COLOUR.external, isDotted: true },
  ] as const;
  const curves = cohorts.map((one) => ({ ...one, roc: rocOf(finished, model, one.cohort) }));
  const shown = curves.filter(({ roc }) => roc !== null);
  const rows = Math.max(6, height - 6);
  return (
    <>
      <Text bold>{`${model}: sensitivity over 1 - specificity`}</Text>
      <Plot
        height={rows}
        widest={3 * rows}
        x={[0, 1]}
        xTicks={["0", "0.5", "1"]}
        series={[
          {
            points: [
              [0, 0],
              [1, 1],
            ],
            colour: "gray",
            isDotted: true,
          },
          ...shown.map(({ roc, colour, isDotted }) => ({ points: roc!.points, colour, isDotted })),
        ]}
      />
      {curves.map(({ cohort, words, colour, isDotted, roc }) => (
        <Text key={cohort} wrap="truncate-end">
          <Text color={colour}>{isDotted ? "╍╍ " : "── "}</Text>
          {roc === null
            ? `${words}: no patients of both outcomes`
            : `${words}: AUC ${roc.auc.toFixed(2)}${intervalOf(finished, model, cohort)}, ${roc.n} patients`}
        </Text>
      ))}
    </>
  );
}

function intervalOf({ models }: FinishedStudy, model: string, cohort: string): string {
  const row = models.find((one) => one.model === model && one.cohort === cohort);
  return row?.auc_lo == null ? "" : ` (95% CI ${row.auc_lo.toFixed(2)} to ${row.auc_hi!.toFixed(2)})`;
}

function Survival({ finished, model, height }: PartProps) {
  const survival = survivalOf(finished, model);
  if (!survival)
    return (
      <Text color={COLOUR.warning}>
        {finished.why ? `No survival curves: ${finished.why}` : "No survival curves: this study has no follow-up times (outcome.time)."}
      </Text>
    );
  const { groups, p, end } = survival;
  const styleOf = (group: "high" | "low") => ({ colour: COLOUR[group], isDotted: group === "low" });
  const rows = Math.max(6, height - 7);
  return (
    <>
      <Text bold>{`${model}: share without the event over months, by risk group, both cohorts`}</Text>
      <Plot
        height={rows}
        widest={6 * rows}
        x={[0, end]}
        xTicks={["0", (end / 2).toFixed(0), `${end.toFixed(0)} months`]}
        series={groups.map(({ group, points }) => ({ points, ...styleOf(group) }))}
      />
      {groups.map(({ group, n, events, median }) => (
        <Text key={group} wrap="truncate-end">
          <Text color={COLOUR[group]}>{group === "low" ? "╍╍ " : "── "}</Text>
          {`${group} risk: ${n} patients, ${events} events, median ${median === null ? "not reached" : `${median.toFixed(1)} months`}`}
        </Text>
      ))}
      <Text wrap="truncate-end">
        {p === null
          ? "no log-rank test: one group, or no event"
          : `log-rank P ${p < 0.001 ? "< 0.001" : `= ${p.toFixed(3)}`}; the threshold comes from the internal cohort, so its patients part too well`}
      </Text>
    </>
  );
}

interface PlotProps {
  readonly height: number;
  /** At most so many cells wide. */
  readonly widest: number;
  readonly x: readonly [number, number];
  readonly xTicks: readonly [string, string, string];
  readonly series: readonly Series[];
}

/** Curves between axes; y from 0 to 1. */
function Plot({ height, widest, x, xTicks, series }: PlotProps) {
  const { width: room } = useRoom();
  const width = Math.min(widest, room - 8);
  const rows = drawCurves(width, height, { x, y: [0, 1] }, series);
  const labels = new Map([
    [0, "1.0"],
    [Math.round((height - 1) / 2), "0.5"],
    [height - 1, "0.0"],
  ]);
  const middle = Math.floor(width / 2) - Math.floor(xTicks[1].length / 2) - xTicks[0].length;
  const ticks = `${xTicks[0]}${" ".repeat(Math.max(1, middle))}${xTicks[1]}`;
  return (
    <Box flexDirection="column">
      {rows.map(({ row, runs }) => (
        <Text key={row} wrap="truncate-end">
          <Text dimColor>{`${(labels.get(row) ?? "").padStart(4)} ${labels.has(row) ? "┤" : "│"}`}</Text>
          {runs.map(({ id, text, colour }) => (
            <Text key={id} {...tint(colour)}>
              {text}
            </Text>
          ))}
        </Text>
      ))}
      <Text dimColor>{`     └${"─".repeat(width)}`}</Text>
      <Text dimColor>{`      ${ticks}${xTicks[2].padStart(Math.max(1, width - ticks.length))}`}</Text>
    </Box>
  );
}
