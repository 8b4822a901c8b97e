// What of a patient's scan is unlike the scans that a model learnt from.
import type { BundlePhase, BundleReference } from "../study/bundle/schema.ts";
import type { Bundle } from "../study/bundle/bundle.ts";
import type { CaseResult } from "../study/case.ts";
import type { ScanFacts } from "../study/scan.ts";

/** Spacings that differ by less are the same: headers round. */
const ROUNDING = 1.01;

/** Sentences about scans whose voxels, kind or unit no training scan had. */
export function scanWarnings({ model, reference }: Bundle, results: ReadonlyMap<string, CaseResult>): string[] {
  return model.phases.flatMap((phase) => {
    const known = reference.scans[phase.name];
    const scan = results.get(phase.name)?.scan;
    return known && scan ? warningsOf(phase, scan, known) : [];
  });
}

function warningsOf(
  { name, window }: BundlePhase,
  { spacing, values, modality }: ScanFacts,
  known: BundleReference["scans"][string],
): string[] {
  const warnings: string[] = [];
  const mm = (value: number) => Number(value.toPrecision(3)).toString();
  const compare = (what: string, how: string, value: number, [low, high]: readonly [number, number]) => {
    if (value * ROUNDING < low || value > high * ROUNDING)
      warnings.push(
        `${name}: ${what} ${mm(value)} mm ${how}, those of the training scans ${low === high ? mm(low) : `${mm(low)} to ${mm(high)}`} mm`,
      );
  };
  compare("the slices are", "apart", spacing[0], known.sliceSpacing);
  compare("the pixels are", "wide", Math.max(spacing[1], spacing[2]), known.pixelSpacing);
  const isOther = modality !== null && known.modalities.length > 0 && !known.modalities.includes(modality);
  if (isOther)
    warnings.push(`${name}: the scan is ${modality}, the training scans are ${known.modalities.join(", ")}; the risk means nothing`);
  if (isOther || !window) return warnings;
  if (modality === "MR") {
    warnings.push(`${name}: the scan is MR, and the model's window is in HU of CT; the risk means nothing`);
  } else if (values[0] >= 0 && known.darkest[1] < 0) {
    warnings.push(
      `${name}: no voxel is below 0 (the darkest is ${mm(values[0])}), but in every training scan some are: the values may be no HU (an MR, or a CT without its rescale)`,
    );
  } else if (values[1] < window.level - window.width / 2) {
    warnings.push(`${name}: every voxel is below the model's window (${window.level - window.width / 2} HU); the values may be no HU`);
  }
  return warnings;
}
