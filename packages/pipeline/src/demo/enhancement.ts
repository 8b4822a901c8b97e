// What each tissue of a generated patient measures before and after contrast, and what a reader would note of it.
import { randomFor, randomNormal } from "../random.ts";
import type { DemoPatient, DemoSettings } from "./roster.ts";

/** The two phases that are drawn. */
export type DemoPhase = "arterial" | "venous";

/** HU of a tissue in each phase. */
export type PhaseHu = Readonly<Record<"unenhanced" | DemoPhase, number>>;

/** Tissues of a patient, HU, and the tube's voltage. */
export interface Enhancement {
  readonly kvp: number;
  readonly parenchyma: PhaseHu;
  readonly lesion: PhaseHu;
  readonly aorta: PhaseHu;
  readonly vein: PhaseHu;
  readonly spleen: PhaseHu;
  readonly node: PhaseHu;
}

/**
 * Typical HU at 120 kVp. With these the enhancement rates that follow from the printed ratios have about the printed medians (0.43 and 0.28 arterial,
 * 0.64 and 0.48 venous).
 */
const TYPICAL = {
  parenchyma: { unenhanced: 42, arterial: 110, venous: 105 },
  aorta: { unenhanced: 45, arterial: 230, venous: 159 },
  vein: { unenhanced: 45, arterial: 85, venous: 165 },
  spleen: { unenhanced: 48, arterial: 125, venous: 128 },
  node: { unenhanced: 35, arterial: 65, venous: 85 },
} as const satisfies Record<string, PhaseHu>;

/** How much more an iodine solution measures at 100 kVp and less at 140 kVp than at 120 kVp, approximately. */
const IODINE: Readonly<Record<number, number>> = { 100: 1.25, 120: 1, 140: 0.85 };

/** A lesion never gets darker with contrast: its least enhancement, HU. */
const LEAST_ENHANCEMENT_HU = 5;

/** Differences between patients in how much everything enhances: standard deviation of the factor. */
const VARIATION = 0.08;

/**
 * The HU of a patient's tissues.
 *
 * The internal hospital scans at 120 kVp, 35 s and 65 s after the injection; the external one at 100, 120 or 140 kVp, 30 to 42 s and 58 to 70 s, which makes
 * everything that enhances brighter or darker. The lesion's HU are its dealt ratios times the parenchyma's HU.
 *
 * @see Song et al. 2021, CT image acquisition
 */
export function enhancementOf({ seed }: Pick<DemoSettings, "seed">, { id, cohort, numbers }: DemoPatient): Enhancement {
  const random = randomFor(seed, "demo", "enhancement", id);
  const isExternal = cohort === "external";
  const kvp = isExternal ? [100, 120, 140][Math.floor(3 * random())]! : 120;
  // Seconds from the middle of the external hospital's ranges; the arterial phase changes fast, the venous one hardly.
  const late = { unenhanced: 0, arterial: isExternal ? 12 * random() - 6 : 0, venous: isExternal ? 12 * random() - 6 : 0 };
  const slope = { unenhanced: 0, arterial: 0.02, venous: -0.005 };
  const patient = 1 + VARIATION * randomNormal(random);
  const inPhase = ({ unenhanced, arterial, venous }: PhaseHu): PhaseHu => {
    const enhanced = (hu: number, phase: DemoPhase) =>
      unenhanced + (hu - unenhanced) * patient * IODINE[kvp]! * (1 + slope[phase] * late[phase]);
    return { unenhanced, arterial: enhanced(arterial, "arterial"), venous: enhanced(venous, "venous") };
  };
  const parenchyma = inPhase(TYPICAL.parenchyma);
  const unenhanced = numbers.ct_ratio_unenhanced * parenchyma.unenhanced;
  const least = unenhanced + LEAST_ENHANCEMENT_HU;
  return {
    kvp,
    parenchyma,
    lesion: {
      unenhanced,
      arterial: Math.max(least, numbers.ct_ratio_arterial * parenchyma.arterial),
      venous: Math.max(least, numbers.ct_ratio_venous * parenchyma.venous),
    },
    aorta: inPhase(TYPICAL.aorta),
    vein: inPhase(TYPICAL.vein),
    spleen: inPhase(TYPICAL.spleen),
    node: inPhase(TYPICAL.node),
  };
}

/** The readers' numbers of the lesion, from what its solid part measures. */
export interface ReadNumbers {
  readonly ct_ratio_unenhanced: number;
  readonly ct_ratio_arterial: number;
  readonly ct_ratio_venous: number;
  readonly enhanced_rate_arterial: number;
  readonly enhanced_rate_venous: number;
}

/** Lesion / parenchyma in each phase, and the lesion's enhancement / the aorta's, to two decimals. */
export function readNumbers({ lesion, parenchyma, aorta }: Enhancement): ReadNumbers {
  const two = (value: number) => Math.round(value * 100) / 100;
  const ratio = (phase: keyof PhaseHu) => two(lesion[phase] / parenchyma[phase]);
  const rate = (phase: DemoPhase) => two((lesion[phase] - lesion.unenhanced) / (aorta[phase] - aorta.unenhanced));
  return {
    ct_ratio_unenhanced: ratio("unenhanced"),
    ct_ratio_arterial: ratio("arterial"),
    ct_ratio_venous: ratio("venous"),
    enhanced_rate_arterial: rate("arterial"),
    enhanced_rate_venous: rate("venous"),
  };
}
