// A block of features by its name in the study file: `deep.arterial`, `radiomics.arterial`, `radiomics.arterial.ibsi`, `features.arterial`.
import { planRadiomics, type RadiomicsPlan } from "../radiomics/plan.ts";
import { presetOf } from "../radiomics/presets.ts";
import { withoutUnit, type RadiomicsSettings } from "../radiomics/settings.ts";
import type { StudyConfig } from "./config.ts";

/** What a block's name says. */
interface Block {
  readonly kind: "deep" | "radiomics" | "features";
  /** The phase, or the name of a table of features. */
  readonly phase: string;
  /** Of hand-crafted features: the block's own preset, or the study's. */
  readonly preset: string;
}

/** Takes a checked name apart. */
export function blockOf(name: string, study: Pick<StudyConfig, "radiomics">): Block {
  const [kind, phase, preset] = name.split(".") as [Block["kind"], string, string | undefined];
  return { kind, phase, preset: preset ?? study.radiomics.preset };
}

/** Whether a block comes from images rather than from a table. */
export function isFromImages(name: string): boolean {
  return !name.startsWith("features.");
}

/** What of a study decides its hand-crafted features. */
export interface PlanSource extends Pick<StudyConfig, "preprocess"> {
  readonly phases: Readonly<Record<string, Pick<StudyConfig["phases"][string], "window" | "percentiles">>>;
}

/**
 * How the hand-crafted features of a block are computed.
 *
 * Presets that leave the grid to the study take its spacing, interpolation and order, and the phase's window; IBSI's configurations and
 * PyRadiomics bring their own. Where the phase's window is a pair of percentiles, intensities have no unit: they are scaled to 0..1 and
 * binned by number.
 *
 * @throws ConfigError for an unknown preset
 */
export function planOfBlock(study: PlanSource, phase: string, preset: string): RadiomicsPlan {
  const plan = planRadiomics(preset);
  if (plan.kind === "pyradiomics") return plan;
  const { window, percentiles } = study.phases[phase]!;
  const { spacing, interpolation, order } = study.preprocess;
  const inStudy = presetOf(preset).followsStudy ? { spacing, interpolation, order, window: window ?? null } : {};
  const settings: RadiomicsSettings = { ...plan.settings, chain: { ...plan.settings.chain, ...inStudy } };
  return { ...plan, settings: percentiles ? withoutUnit(settings, percentiles) : settings };
}
