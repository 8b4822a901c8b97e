// The curve of a training as a picture: loss on the left, validation DSC on the right, over the same epochs.
import type { TrainingState } from "./state.ts";

const [WIDTH, HEIGHT] = [960, 380];
const PANEL = { width: 400, height: 270, top: 48 };
/** Blue, vermillion and grey of the palette of Okabe & Ito 2008, which readers of every colour vision tell apart. */
const [BLUE, VERMILLION, GREY] = ["#0072b2", "#d55e00", "#999999"];

interface Line {
  readonly values: readonly number[];
  readonly colour: string;
  readonly width: number;
}

interface Panel {
  readonly left: number;
  readonly title: string;
  readonly axis: string;
  readonly range: readonly [low: number, high: number];
  readonly lines: readonly Line[];
  readonly mark: { readonly epoch: number; readonly value: number; readonly text: string } | null;
}

/**
 * The curve as SVG: training loss (mean cross-entropy), and the validation DSC: the mean in blue, each case in grey, the epoch whose weights
 * were kept marked.
 */
export function curveFigure(curve: TrainingState["curve"], best: { readonly epoch: number; readonly dsc: number }): string {
  const epochs = curve.length;
  const losses = curve.map(({ loss }) => loss);
  const cases = curve[0]!.cases.map((_, i): Line => ({ values: curve.map((row) => row.cases[i]!.dsc), colour: GREY, width: 0.8 }));
  const panels: Panel[] = [
    {
      left: 70,
      title: "Training loss",
      axis: "mean cross-entropy",
      range: [0, ceiling(Math.max(...losses))],
      lines: [{ values: losses, colour: VERMILLION, width: 2 }],
      mark: null,
    },
    {
      left: 540,
      title: `Validation DSC (mean and ${cases.length} case${cases.length === 1 ? "" : "s"})`,
      axis: "Dice coefficient",
      range: [0, 1],
      lines: [...cases, { values: curve.map(({ dsc }) => dsc), colour: BLUE, width: 2 }],
      mark: { epoch: best.epoch, value: best.dsc, text: `best ${best.dsc.toFixed(3)}, epoch ${best.epoch}` },
    },
  ];
  const body = panels.map((panel) => drawPanel(panel, epochs)).join("\n");
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" width="${WIDTH}" height="${HEIGHT}" font-family="DejaVu Sans, Verdana, sans-serif" font-size="13" role="img" aria-label="Training loss and validation DSC over ${epochs} epochs">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
${body}
</svg>
`;
}

function drawPanel({ left, title, axis, range: [low, high], lines, mark }: Panel, epochs: number): string {
  const { width, height, top } = PANEL;
  const x = (epoch: number) => left + (epochs === 1 ? width / 2 : ((epoch - 1) / (epochs - 1)) * width);
  const y = (value: number) => top + height - ((value - low) / (high - low)) * height;
  const at = (value: number) => value.toFixed(1);
  const ticksY = [0, 0.2, 0.4, 0.6, 0.8, 1].map((part) => low + part * (high - low));
  const parts = [
    `<text x="${left}" y="${top - 20}" font-size="15" font-weight="bold">${title}</text>`,
    ...ticksY.map(
      (value) =>
        `<line x1="${left}" x2="${left + width}" y1="${at(y(value))}" y2="${at(y(value))}" stroke="#e5e5e5"/>` +
        `<text x="${left - 8}" y="${at(y(value) + 4)}" text-anchor="end">${Number(value.toPrecision(3))}</text>`,
    ),
    ...epochTicks(epochs).map(
      (epoch) =>
        `<line x1="${at(x(epoch))}" x2="${at(x(epoch))}" y1="${top + height}" y2="${top + height + 5}" stroke="#333333"/>` +
        `<text x="${at(x(epoch))}" y="${top + height + 20}" text-anchor="middle">${epoch}</text>`,
    ),
    `<line x1="${left}" x2="${left + width}" y1="${top + height}" y2="${top + height}" stroke="#333333"/>`,
    `<text x="${left + width / 2}" y="${top + height + 42}" text-anchor="middle">epoch</text>`,
    `<text transform="translate(${left - 48} ${top + height / 2}) rotate(-90)" text-anchor="middle">${axis}</text>`,
    ...lines.map(({ values, colour, width: stroke }) =>
      values.length === 1
        ? `<circle cx="${at(x(1))}" cy="${at(y(values[0]!))}" r="${stroke + 1}" fill="${colour}"/>`
        : `<polyline fill="none" stroke="${colour}" stroke-width="${stroke}" stroke-linejoin="round" points="${values.map((value, i) => `${at(x(i + 1))},${at(y(value))}`).join(" ")}"/>`,
    ),
  ];
  if (mark) {
    const isRight = x(mark.epoch) > left + width / 2;
    parts.push(
      `<circle cx="${at(x(mark.epoch))}" cy="${at(y(mark.value))}" r="5" fill="#ffffff" stroke="${BLUE}" stroke-width="2"/>`,
      `<text x="${at(x(mark.epoch) + (isRight ? -10 : 10))}" y="${at(y(mark.value) + (mark.value > (low + high) / 2 ? 22 : -12))}" text-anchor="${isRight ? "end" : "start"}" fill="${BLUE}">${mark.text}</text>`,
    );
  }
  return `<g>\n${parts.join("\n")}\n</g>`;
}

/** At most about ten epochs for the axis, the first and the last among them. */
function epochTicks(epochs: number): number[] {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((s) => epochs / s <= 8) ?? Math.ceil(epochs / 8);
  const inner = Array.from({ length: Math.floor(epochs / step) }, (_, i) => (i + 1) * step).filter((e) => e > 1 && epochs - e >= step / 2);
  return [...new Set([1, ...inner, epochs])];
}

/** The least of 1, 2, 2.5, 5 times a power of ten that is not below a value. */
function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1e-6)));
  return power * ([1, 2, 2.5, 5, 10].find((m) => m * power >= value) ?? 10);
}
