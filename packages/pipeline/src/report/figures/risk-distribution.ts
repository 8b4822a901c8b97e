import type { ModelRisks, Risks } from "../risks.ts";
import { beside, drawPlot, line, standalone, text, titled, type Figure, type Panel } from "./draw.ts";
import { FAINT, HIGH, LOW } from "./palette.ts";
import { swarm } from "./swarm.ts";

const WIDTH = 320;
const HEIGHT = 300;
const [LEFT, RIGHT, TOP, BOTTOM] = [48, 12, 12, 38];

/** Every patient's risk by what came, a panel a cohort, with the threshold. */
export function riskDistributionFigure({ name, threshold, internal, external }: ModelRisks): Figure {
  const panels = [panel("Internal, cross-validated", internal, threshold)];
  if (external) panels.push(panel("External", external, threshold));
  const title = `Risks by ${name} of patients with and without the event`;
  const caption = `One dot a patient; the bar is the group's median, the dashed line the threshold of ${threshold.toPrecision(3)} from the internal cohort. At or above it a patient is called high risk.`;
  return { name: "risk-distribution", title, caption, svg: standalone("risk-distribution", title, caption, beside(panels, 28)) };
}

function panel(words: string, { outcome, risk }: Risks, threshold: number): Panel {
  const axes = drawPlot({
    width: WIDTH,
    height: HEIGHT,
    marginLeft: LEFT,
    marginRight: RIGHT,
    marginTop: TOP,
    marginBottom: BOTTOM,
    x: { domain: [0, 1], axis: null },
    y: { domain: [0, 1], label: "predicted risk", ticks: 5, grid: true },
    marks: [],
  });
  const y = (value: number) => HEIGHT - BOTTOM - value * (HEIGHT - TOP - BOTTOM);
  const half = (WIDTH - LEFT - RIGHT) / 2;
  const groups = [0, 1].map((event) => {
    const values = risk.filter((_, i) => outcome[i] === event);
    const centre = LEFT + half * (event + 0.5);
    const heights = values.map(y);
    const { stroke } = event === 1 ? HIGH : LOW;
    const dots = swarm(heights, 7, half - 16).map((offset, i) => mark(centre + offset, heights[i]!, event === 1, stroke));
    const bar = values.length > 0 ? line(centre - 34, y(median(values)), centre + 34, y(median(values)), { width: 2.5 }) : "";
    const label = text(centre, HEIGHT - BOTTOM + 18, `${event === 1 ? "event" : "no event"} (n = ${values.length})`, { anchor: "middle" });
    return dots.join("") + bar + label;
  });
  const cut = line(LEFT, y(threshold), WIDTH - RIGHT, y(threshold), { stroke: FAINT, dash: "5 3", width: 1.5 });
  const base = line(LEFT, y(0), WIDTH - RIGHT, y(0));
  return titled(words, { width: WIDTH, height: HEIGHT, content: axes.content + cut + base + groups.join("") });
}

/** A dot for no event, a diamond for the event: told apart without colour. */
function mark(x: number, y: number, isEvent: boolean, fill: string): string {
  const [px, py] = [x.toFixed(2), y.toFixed(2)];
  return isEvent
    ? `<path d="M${px},${(y - 4.2).toFixed(2)}l4.2,4.2l-4.2,4.2l-4.2,-4.2z" fill="${fill}" fill-opacity="0.85"/>`
    : `<circle cx="${px}" cy="${py}" r="3.2" fill="${fill}" fill-opacity="0.75"/>`;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
