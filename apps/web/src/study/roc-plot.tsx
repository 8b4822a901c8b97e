import type { ModelRoc } from "@islet/pipeline";
import { useState } from "react";
import { COLOURS, PlotFrame, pathOf, xOf, yOf } from "./plot-frame.tsx";

const TICKS = [0, 0.2, 0.4, 0.6, 0.8, 1];
const SIDE = { ticks: TICKS, end: 1 };

/** ROC curves: every model faint, the chosen one strong, in both cohorts; the nearest corner of a curve is read off under the pointer. */
export function RocPlot({
  rocs,
  models,
  chosen,
  onChoose,
}: {
  readonly rocs: readonly ModelRoc[];
  readonly models: readonly string[];
  readonly chosen: string;
  readonly onChoose: (model: string) => void;
}) {
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const [near, setNear] = useState<{ readonly roc: ModelRoc; readonly at: readonly [number, number] } | null>(null);
  const shown = rocs.filter(({ model }) => !hidden.has(model));
  const colour = (model: string) => COLOURS[models.indexOf(model) % COLOURS.length]!;
  const look = (at: { x: number; y: number } | null) => {
    if (!at) return setNear(null);
    const corners = shown.flatMap((roc) =>
      roc.points.map((point) => ({ roc, at: point, distance: Math.hypot(point[0] - at.x, point[1] - at.y) })),
    );
    const best = corners.reduce<(typeof corners)[number] | null>(
      (least, next) => (least && least.distance <= next.distance ? least : next),
      null,
    );
    setNear(best && best.distance < 0.08 ? best : null);
  };
  const toggle = (model: string) =>
    setHidden((now) => (now.has(model) ? new Set([...now].filter((one) => one !== model)) : new Set([...now, model])));
  return (
    <figure className="chart">
      <figcaption>
        ROC <span className="faint">line: internal, cross-validated; dashes: external</span>
      </figcaption>
      <PlotFrame
        label={`ROC curves of ${shown.length} models and cohorts`}
        x={{ title: "1 − specificity", ...SIDE }}
        y={{ title: "sensitivity", ...SIDE }}
        onPoint={look}
      >
        <path
          className="diagonal"
          d={pathOf(
            [
              [0, 0],
              [1, 1],
            ],
            1,
            1,
          )}
        />
        {shown
          .toSorted((a, b) => Number(a.model === chosen) - Number(b.model === chosen))
          .map((roc) => (
            <path
              key={`${roc.model} ${roc.cohort}`}
              className={`curve ${colour(roc.model)}${roc.cohort === "external" ? " dashed" : ""}${roc.model === chosen ? " strong" : ""}`}
              d={pathOf(roc.points, 1, 1)}
            />
          ))}
        {near && <circle className={`mark ${colour(near.roc.model)}`} cx={xOf(near.at[0], 1)} cy={yOf(near.at[1], 1)} r={5} />}
      </PlotFrame>
      <p className="reading" aria-live="polite">
        {near
          ? `${near.roc.model}, ${near.roc.cohort}: sensitivity ${near.at[1].toFixed(2)}, specificity ${(1 - near.at[0]).toFixed(2)} (AUC ${near.roc.auc.toFixed(2)}, n ${near.roc.n})`
          : "Point at a curve to read it."}
      </p>
      <ul className="legend">
        {models.map((model) => (
          <li key={model}>
            <label>
              <input type="checkbox" checked={!hidden.has(model)} onChange={() => toggle(model)} />
              <svg width="18" height="10" aria-hidden="true">
                <line className={`curve strong ${colour(model)}`} x1="0" x2="18" y1="5" y2="5" />
              </svg>
              <span className="visually-hidden">Show </span>
              {model}
            </label>
            {model !== chosen && (
              <button type="button" className="link" onClick={() => onChoose(model)}>
                choose<span className="visually-hidden"> {model}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </figure>
  );
}
