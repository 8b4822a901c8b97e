import * as Plot from "@observablehq/plot";
import { roundTimes } from "../../stats/survival/km-report.ts";
import type { SurvivalCurve } from "../../stats/survival/kaplan-meier.ts";
import type { TimeInterval } from "../../stats/survival/median-survival.ts";
import type { GroupSurvival, RiskGroupSurvival } from "../survival.ts";
import { pValue } from "../words.ts";
import { below, drawPlot, standalone, text, titled, type Figure, type Panel } from "./draw.ts";
import { legend } from "./legend.ts";
import { FAINT, HIGH, LOW } from "./palette.ts";

const WIDTH = 560;
const HEIGHT = 330;
const LEFT = 76;
const RIGHT = 16;

/** Kaplan-Meier curves of the risk groups with their intervals, censoring marks and numbers at risk. */
export function kaplanMeierFigure({ model, groups, logRank, horizonMonths, threshold }: RiskGroupSurvival): Figure {
  const longest = Math.max(...groups.map(({ curve }) => curve.time.at(-1)!));
  const times = roundTimes(longest);
  const end = Math.max(longest, times.at(-1)!);
  const steps = groups.map(stepsOf);
  const plot = drawPlot({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: LEFT,
    marginRight: RIGHT,
    x: { domain: [0, end], label: "months of follow-up", ticks: times },
    y: { domain: [0, 1], label: "event-free survival", ticks: 5 },
    grid: true,
    marks: [
      ...steps.map(({ band, style }) =>
        Plot.areaY(band, { x: "time", y1: "lo", y2: "hi", fill: style.stroke, fillOpacity: 0.12, curve: "step-after" }),
      ),
      ...steps.map(({ line, style }) =>
        Plot.line(line, {
          x: "time",
          y: "survival",
          stroke: style.stroke,
          strokeWidth: 2,
          curve: "step-after",
          ...(style.dash && { strokeDasharray: style.dash }),
        }),
      ),
      ...steps.map(({ censored, style }) => Plot.dot(censored, { x: "time", y: "survival", symbol: "plus", r: 4, stroke: style.stroke })),
      Plot.ruleY([0]),
    ],
  });
  const title = `Survival by risk group of ${model}`;
  const p = logRank
    ? `log-rank P ${logRank.p < 0.001 ? "" : "= "}${pValue(logRank.p).replace("<", "< ")}`
    : "no log-rank test: one group, or no event";
  const entries = groups.map((group) => ({
    ...styleOf(group),
    words: `${group.group} risk: ${group.curve.n} patients, ${group.curve.events} events`,
    value: `median ${months(group.median.value)}${bounds(group.median)}`,
  }));
  const caption = `Kaplan-Meier curves of the patients at or above (high) and below (low) the threshold of ${threshold.toPrecision(3)}, both cohorts together, follow-up cut at ${horizonMonths} months; shaded: 95% interval (log scale); crosses: censored. ${p}. The threshold was chosen on the internal cohort, so the separation of its patients is optimistic.`;
  const panel = below([titled(`${model}: ${p}`, plot), riskTable(groups, times, end), legend(entries, WIDTH)], 6);
  return { name: "kaplan-meier", title, caption, svg: standalone("kaplan-meier", title, caption, panel) };
}

const styleOf = ({ group }: GroupSurvival) => (group === "high" ? HIGH : LOW);
const months = (value: number) => (Number.isNaN(value) ? "not reached" : `${value.toFixed(1)} months`);

/** A median's interval, open where the curve's limits do not reach one half. */
function bounds({ value, lo, hi }: TimeInterval): string {
  if (Number.isNaN(value) && Number.isNaN(lo)) return "";
  const bound = (x: number) => (Number.isNaN(x) ? "not reached" : x.toFixed(1));
  return ` (95% CI ${bound(lo)} to ${bound(hi)})`;
}

/** A curve from (0, 1) on, its band where it has one, and where patients are censored. */
function stepsOf(group: GroupSurvival) {
  const { time, survival, lo, hi, censored }: SurvivalCurve = group.curve;
  const points = Array.from(time, (t, k) => ({ time: t, survival: survival[k]!, lo: lo[k]!, hi: hi[k]!, censored: censored[k]! }));
  return {
    style: styleOf(group),
    line: [{ time: 0, survival: 1 }, ...points],
    band: [{ time: 0, lo: 1, hi: 1 }, ...points.filter((point) => !Number.isNaN(point.lo))],
    censored: points.filter((point) => point.censored > 0),
  };
}

/** Patients still followed at round times, under the axis they belong to. */
function riskTable(groups: readonly GroupSurvival[], times: readonly number[], end: number): Panel {
  const x = (time: number) => LEFT + (time / end) * (WIDTH - LEFT - RIGHT);
  const rows = groups.map((group, k) => {
    const y = 30 + k * 16;
    const { time, atRisk } = group.curve;
    const counts = times.map((t) => {
      const at = time.findIndex((value) => value >= t);
      return text(x(t), y, at < 0 ? "0" : String(atRisk[at]!), { anchor: "middle", size: 10 });
    });
    return text(LEFT - 14, y, group.group, { anchor: "end", size: 10, fill: styleOf(group).stroke, isBold: true }) + counts.join("");
  });
  return {
    width: WIDTH,
    height: 24 + groups.length * 16,
    content: text(8, 12, "number at risk", { size: 10, fill: FAINT }) + rows.join(""),
  };
}
