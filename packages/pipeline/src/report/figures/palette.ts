// Colours that differ for every kind of colour vision, and dashes that differ in print.

/** The colours of Okabe and Ito that show on white, darkest first. */
const COLOURS = ["#000000", "#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9"] as const;

/** Dashes of lines, in units of the drawing; the first is unbroken. */
const DASHES = ["", "6 3", "2 2", "8 3 2 3", "1 3"] as const;

/** How one of several lines is told from the others, in colour and without it. */
export interface LineStyle {
  readonly stroke: string;
  /** As SVG's stroke-dasharray; empty for an unbroken line. */
  readonly dash: string;
}

/**
 * The style of the k-th line of a figure: 7 colours and 5 dashes, so the first 35 lines differ in the pair of them.
 *
 * @see Okabe & Ito 2008, Color universal design
 */
export function lineStyle(k: number): LineStyle {
  return { stroke: COLOURS[k % COLOURS.length]!, dash: DASHES[k % DASHES.length]! };
}

/** High and low risk, with and without the event: the same two styles in every figure. */
export const HIGH: LineStyle = { stroke: "#D55E00", dash: "" };
export const LOW: LineStyle = { stroke: "#0072B2", dash: "6 3" };

/** The two cohorts. */
export const INTERNAL = "#0072B2";
export const EXTERNAL = "#E69F00";

/** Axes and words; references such as a diagonal. */
export const INK = "#222222";
export const FAINT = "#888888";
