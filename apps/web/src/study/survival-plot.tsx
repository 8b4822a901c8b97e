import type { SurvivalPoints } from "@islet/pipeline";
import { useState } from "react";
import { PLOT, PlotFrame, pathOf, xOf } from "./plot-frame.tsx";

const SHARES = { ticks: [0, 0.25, 0.5, 0.75, 1], end: 1 };

/** Kaplan-Meier curves of a model's risk groups, both cohorts together; both groups are read off at the month under the pointer. */
export function SurvivalPlot({ model, survival }: { readonly model: string; readonly survival: SurvivalPoints }) {
  const [month, setMonth] = useState<number | null>(null);
  const { groups, p, end } = survival;
  const step = [1, 2, 6, 12, 24, 60].find((size) => end / size <= 7) ?? 120;
  const ticks = Array.from({ length: Math.floor(end / step) + 1 }, (_, i) => i * step);
  const shareAt = (points: SurvivalPoints["groups"][number]["points"], time: number) => points.findLast(([at]) => at <= time)?.[1] ?? 1;
  const reading =
    month === null
      ? groups.map(
          ({ group, n, events, median }) =>
            `${group} risk: ${counted(n, "patient")}, ${counted(events, "event")}, median ${median === null ? "not reached" : `${median.toFixed(1)} months`}`,
        )
      : groups.map(
          ({ group, points }) =>
            `${group} risk at ${month.toFixed(0)} months: ${(100 * shareAt(points, month)).toFixed(0)}% without the event`,
        );
  return (
    <figure className="chart">
      <figcaption>
        Survival by risk group of {model}{" "}
        <span className="faint">both cohorts; log-rank {p === null ? "not defined" : p < 0.001 ? "P < 0.001" : `P = ${p.toFixed(3)}`}</span>
      </figcaption>
      <PlotFrame
        label={`Kaplan-Meier curves of the risk groups of ${model}`}
        x={{ title: "months", ticks, end }}
        y={{ title: "without the event", ...SHARES }}
        onPoint={(at) => setMonth(at && at.x >= 0 && at.x <= end ? at.x : null)}
      >
        {groups.map(({ group, points }) => (
          <path key={group} className={`curve strong ${group}`} d={pathOf([...points, [end, points.at(-1)![1]]], end, 1)} />
        ))}
        {month !== null && <line className="cursor" x1={xOf(month, end)} x2={xOf(month, end)} y1={PLOT.top} y2={PLOT.top + PLOT.height} />}
      </PlotFrame>
      <ul className="reading legend">
        {reading.map((words, i) => (
          <li key={groups[i]!.group}>
            <svg width="18" height="10" aria-hidden="true">
              <line className={`curve strong ${groups[i]!.group}`} x1="0" x2="18" y1="5" y2="5" />
            </svg>
            {words}
          </li>
        ))}
      </ul>
    </figure>
  );
}

const counted = (count: number, noun: string) => `${count} ${noun}${count === 1 ? "" : "s"}`;
