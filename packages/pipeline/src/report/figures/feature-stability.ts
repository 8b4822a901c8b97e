import { selectionStability } from "../../learn/validate/stability.ts";
import { selectionCounts } from "../stability.ts";
import type { ModelOutcome } from "../../study/results.ts";
import { range, two } from "../words.ts";
import { line, sentence, shortened, standalone, text, titled, type Figure, type Panel } from "./draw.ts";
import { FAINT, INTERNAL } from "./palette.ts";

const MOST = 20;
const LEFT = 240;
const BAR = 320;
const ROW = 18;

/** How often the folds of a model select each feature. */
export function featureStabilityFigure(model: ModelOutcome): Figure {
  const counts = selectionCounts(model);
  const folds = model.result.crossValidation.folds.length;
  const always = counts.filter((count) => count.folds === folds).length;
  const { index, lo, hi } = selectionStability(
    model.result.crossValidation.folds.map(({ selected }) => selected),
    model.task.names.length - model.task.always.length,
  );
  const stability =
    index === null ? "" : ` Nogueira's stability index is ${two(index)} (${range(lo, hi)}; 1: always the same, 0: as by chance).`;
  const title = `Features that the folds of ${model.model} select`;
  const caption = `Number of the ${folds} training parts in which a feature was selected: the ${Math.min(MOST, counts.length)} most frequent of the ${counts.length} that any fold selected; ${always} ${always === 1 ? "was" : "were"} selected in every fold.${stability} Features that come and go with a few patients carry little.`;
  const panel = counts.length > 0 ? bars(counts.slice(0, MOST), folds) : sentence("no feature goes through selection", LEFT + BAR, 80);
  return {
    name: "feature-stability",
    title,
    caption,
    svg: standalone("feature-stability", title, caption, titled(`${model.model}: selected in how many of ${folds} folds`, panel)),
  };
}

function bars(counts: ReturnType<typeof selectionCounts>, folds: number): Panel {
  const height = counts.length * ROW + 26;
  const step = Math.max(1, Math.ceil(folds / 10));
  const grid = Array.from({ length: Math.floor(folds / step) + 1 }, (_, i) => {
    const x = LEFT + ((i * step) / folds) * BAR;
    return (
      line(x, 8, x, height - 16, { stroke: "#dddddd" }) + text(x, height - 3, String(i * step), { anchor: "middle", size: 10, fill: FAINT })
    );
  });
  const rows = counts.map(({ feature, folds: count }, k) => {
    const y = 10 + k * ROW;
    const width = (count / folds) * BAR;
    return (
      text(LEFT - 8, y + 11, shortened(feature, LEFT - 10, 10), { anchor: "end", size: 10 }) +
      `<rect x="${LEFT}" y="${y + 1}" width="${width.toFixed(2)}" height="${ROW - 5}" fill="${INTERNAL}"/>` +
      text(LEFT + width + 5, y + 11, String(count), { size: 10 })
    );
  });
  return { width: LEFT + BAR + 30, height, content: grid.join("") + rows.join("") };
}
