import type { IntakeReport } from "@islet/pipeline";

/** What of an image is shown and computed on: HU, or percentiles where intensities have no scale. */
export type Window = { readonly level: number; readonly width: number } | { readonly percentiles: readonly [number, number] };

/** A window by name. */
export interface WindowPreset {
  readonly name: string;
  readonly window: Window;
}

const CT: readonly WindowPreset[] = [
  { name: "Abdomen", window: { level: 60, width: 400 } },
  { name: "Pancreas", window: { level: 110, width: 400 } },
  { name: "Liver", window: { level: 90, width: 150 } },
  { name: "Soft tissue", window: { level: 40, width: 350 } },
  { name: "Lung", window: { level: -600, width: 1500 } },
  { name: "Bone", window: { level: 400, width: 1800 } },
];

const NO_SCALE: readonly WindowPreset[] = [
  { name: "1 to 99 %", window: { percentiles: [1, 99] } },
  { name: "0.5 to 99.5 %", window: { percentiles: [0.5, 99.5] } },
];

/** Whether an image's values are Hounsfield units, by its header or, without one, by its air. */
function isHounsfield({ series, valueRange }: IntakeReport): boolean {
  return series ? series.modality === "CT" : valueRange[0] <= -900;
}

/** The windows that suit an image, the usual one first. */
export function presetsFor(report: IntakeReport): readonly WindowPreset[] {
  return isHounsfield(report) ? CT : NO_SCALE;
}

/** A window in words. */
export function windowWords(window: Window): string {
  if ("percentiles" in window) return `percentiles ${window.percentiles.join(" to ")}`;
  return `level ${window.level} HU, width ${window.width} HU`;
}

/** Whether two windows are the same. */
export function isSameWindow(a: Window, b: Window): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
