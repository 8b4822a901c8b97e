import type { EmbeddedPicture, ShownExample } from "../../study/example.ts";
import { below, standalone, titled, type Figure, type Panel } from "./draw.ts";

const WIDTH = 640;

/** Slices of patients with their outlines, and where the decision of the primary model comes from. */
export function examplesFigure(examples: readonly ShownExample[], model: string): Figure {
  const name = "examples";
  const title = `Patients of highest and lowest risk by ${model}`;
  const outlines = [
    examples.some(({ drawn }) => drawn.box) ? "white the box" : "",
    examples.some(({ drawn }) => drawn.mask) ? "orange the fine mask" : "",
    examples.some(({ drawn }) => drawn.network) ? "blue the network's mask" : "",
  ].filter((words) => words !== "");
  const hasHeat = examples.some(({ heat }) => heat !== null);
  const caption = [
    `Three axial slices each, seen from the feet${outlines.length > 0 ? `: ${outlines.join(", ")}` : ""}.`,
    hasHeat
      ? " Below: slices of the box that the deep features stand on; vermilion raises and blue lowers the decision value of the fold model that had not seen the patient, to first order, against its average patient."
      : "",
    " Research use only.",
  ].join("");
  const panel = below(
    examples.map((example) => patientPanel(example)),
    18,
  );
  return { name, title, caption, svg: standalone(name, title, caption, panel) };
}

function patientPanel({ patient, phase, outcome, risk, slices, heat, dice }: ShownExample): Panel {
  const words = `${patient}, ${phase}: risk ${risk.toFixed(3)}, ${outcome === 1 ? "event" : "no event"}${dice === null ? "" : `, DSC of the network's mask ${dice.toFixed(2)}`}`;
  const parts = [picture(slices), ...(heat ? [picture(heat)] : [])];
  return titled(words, below(parts, 4));
}

/** A picture in the figure's width, its pixels square. */
function picture({ width, height, png }: EmbeddedPicture): Panel {
  const scale = WIDTH / width;
  const shown = Math.round(height * scale);
  return {
    width: WIDTH,
    height: shown,
    content: `<image x="0" y="0" width="${WIDTH}" height="${shown}" preserveAspectRatio="none" xlink:href="data:image/png;base64,${png}"/>`,
  };
}
