// What is to be computed, settled before any case is opened: a preset, what changes it, and its columns.
import type { Core } from "@islet/core-wasm";
import { ConfigError } from "../errors.ts";
import type { HounsfieldWindow } from "../preprocess/window.ts";
import type { Mask, Volume } from "../volume.ts";
import { readRadiomicsConfig } from "./config.ts";
import { extractFeatures } from "./extract.ts";
import { featureNames } from "./families.ts";
import type { FeatureValues } from "./feature.ts";
import { presetOf, PRESET_NAMES } from "./presets.ts";
import { pyradiomicsFeatures, pyradiomicsNames } from "./pyradiomics/extract.ts";
import { DEFAULT_PARAMETERS, parsePyradiomicsParameters, type PyradiomicsParameters } from "./pyradiomics/parameters.ts";
import type { RadiomicsSettings } from "./settings.ts";

/** The name of the preset with PyRadiomics' own definitions and names. */
const PYRADIOMICS = "pyradiomics";

/** All presets by name. */
export const RADIOMICS_PRESETS = [...PRESET_NAMES, PYRADIOMICS] as [string, ...string[]];

/** Settled settings; plain JSON, since it travels to workers and into provenance. */
export type RadiomicsPlan = {
  readonly preset: string;
  readonly description: string;
  /** What was asked for and is not done, a sentence each. */
  readonly warnings: readonly string[];
} & (
  | { readonly kind: "ibsi"; readonly settings: RadiomicsSettings }
  | { readonly kind: "pyradiomics"; readonly parameters: PyradiomicsParameters }
);

/** What changes a preset. */
export interface PlanOptions {
  /** Clips intensities, HU. */
  readonly window?: HounsfieldWindow;
  /** A file of settings: Islet's own keys, or for the preset pyradiomics one of its parameter files. */
  readonly config?: { readonly file: string; readonly text: string };
}

/**
 * Settles a preset.
 *
 * @throws ConfigError for an unknown preset, a file that says what cannot be, or a window for PyRadiomics, which has none
 */
export function planRadiomics(preset: string, { window, config }: PlanOptions = {}): RadiomicsPlan {
  if (preset === PYRADIOMICS) {
    if (window)
      throw new ConfigError("window", "PyRadiomics has no window; clip with resegmentRange in a parameter file, or choose another preset");
    const { warnings, ...parameters } = config ? parsePyradiomicsParameters(config.text, config.file) : DEFAULT_PARAMETERS;
    return {
      kind: "pyradiomics",
      preset,
      description: "the seven classes of PyRadiomics by its own definitions, under its own names",
      warnings,
      parameters: { ...parameters, warnings: [] },
    };
  }
  const { description, settings } = presetOf(preset);
  const configured = config ? readRadiomicsConfig(config.text, config.file, settings) : settings;
  return {
    kind: "ibsi",
    preset,
    description,
    warnings: [],
    settings: window ? { ...configured, chain: { ...configured.chain, window } } : configured,
  };
}

/** The columns of a plan, in order: the same for every patient. */
export function columnsOf(plan: RadiomicsPlan): string[] {
  return plan.kind === "ibsi" ? featureNames(plan.settings) : pyradiomicsNames(plan.parameters);
}

/** The label of a mask that a plan measures, where none is named: PyRadiomics takes 1 of a label map, all others whatever is not background. */
export function labelFor(plan: RadiomicsPlan, label?: number, structure?: string): number | undefined {
  return label ?? (plan.kind === "pyradiomics" && structure === undefined ? plan.parameters.settings.label : undefined);
}

/** How a plan's mask comes from another grid onto the image's: by the nearest neighbour for PyRadiomics, as its correctMask does; undefined: linearly. */
export function resamplingFor(plan: RadiomicsPlan): "nearest" | undefined {
  return plan.kind === "pyradiomics" ? "nearest" : undefined;
}

/**
 * The features of one tumour.
 *
 * @param mask         on the volume's grid, at least one voxel inside
 * @param orientation  of the image's file, `IntakeReport.orientation`
 * @returns a value, or null with a reason, for every column of the plan
 */
export function computeRadiomics(core: Core, volume: Volume, mask: Mask, plan: RadiomicsPlan, orientation: string): FeatureValues {
  return plan.kind === "ibsi"
    ? extractFeatures(core, volume, mask, plan.settings)
    : pyradiomicsFeatures(core, volume, mask, plan.parameters, orientation);
}

/** Features of the mask alone; all others look at intensities. */
const OF_SHAPE = /^(morph_|original_shape)/;

/**
 * Why a region has no feature of intensity or texture at all, for a sentence; null where it has some, or none was asked for.
 *
 * One undefined feature is no news, all of them are: re-segmentation may have emptied the region, or it may hold NaN.
 */
export function whyNothingMeasured({ features, reasons }: FeatureValues): string | null {
  const measured = Object.keys(features).filter((name) => !OF_SHAPE.test(name));
  return measured.length > 0 && measured.every((name) => features[name] === null) ? reasons[measured[0]!]! : null;
}

/** The sentence for a region of which nothing but the shape could be measured, if that is so. @param mask  what messages call its file */
export function nothingMeasured(mask: string, values: FeatureValues): string[] {
  const why = whyNothingMeasured(values);
  return why === null ? [] : [`${mask}: none of its intensity and texture features has a value: ${why}`];
}
