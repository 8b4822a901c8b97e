// Whether hand-crafted features are still computed as they were when a model learnt from them.
import type { RadiomicsPlan } from "../../radiomics/plan.ts";
import { planOfBlock, type PlanSource } from "../blocks.ts";
import type { BundleModel, BundlePhase } from "./schema.ts";
import { cacheKey } from "../../host/cache.ts";
import type { Json } from "../../host/json.ts";

/** The SHA-256 of all that decides the hand-crafted features of a phase by one preset. */
export async function planHash(source: PlanSource, phase: string, preset: string): Promise<string> {
  return hashOf(planOfBlock(source, phase, preset));
}

/** The plans of a bundle's phase by preset, with their hash as this version computes it. */
export async function plansOf(
  { preprocess }: BundleModel,
  { name, window, percentiles, radiomics }: BundlePhase,
): Promise<{ readonly preset: string; readonly plan: RadiomicsPlan; readonly isSame: boolean }[]> {
  const phases = { [name]: { ...(window && { window }), ...(percentiles && { percentiles }) } };
  return Promise.all(
    radiomics.map(async ({ preset, plan: hash }) => {
      const plan = planOfBlock({ phases, preprocess }, name, preset);
      return { preset, plan, isSame: (await hashOf(plan)) === hash };
    }),
  );
}

/** JSON has no infinity, and the bounds of re-segmentation may be one. */
function hashOf(plan: RadiomicsPlan): Promise<string> {
  const settings = plan.kind === "ibsi" ? plan.settings : plan.parameters;
  const text = JSON.stringify(settings, (_key, value: unknown) =>
    value === Infinity ? "Infinity" : value === -Infinity ? "-Infinity" : value,
  );
  return cacheKey(JSON.parse(text) as Json);
}
