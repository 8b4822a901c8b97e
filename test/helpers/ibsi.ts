// IBSI 1's phantoms and published values, straight from their files, so that a test of a feature does not depend on intake.
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { sharedData } from "./shared-data.ts";

type Triple = readonly [z: number, y: number, x: number];

/** A phantom: intensities and mask on one grid. */
export interface Phantom {
  readonly shape: Triple;
  /** mm. */
  readonly spacing: Triple;
  readonly intensity: Float32Array;
  readonly mask: Uint8Array;
}

/** One published value, kept as text for its digits. */
export interface Published {
  readonly name: string;
  readonly value: string;
  readonly tolerance: number;
}

/** Voxels of a NIfTI-1 file of uint8, int16 or float32; just enough for the phantoms. */
function voxels(file: string): { shape: Triple; spacing: Triple; data: Float32Array } {
  const bytes = gunzipSync(readFileSync(file));
  const shape = [bytes.readInt16LE(46), bytes.readInt16LE(44), bytes.readInt16LE(42)] as const;
  const spacing = [bytes.readFloatLE(88), bytes.readFloatLE(84), bytes.readFloatLE(80)] as const;
  const read = {
    2: (i: number) => bytes[352 + i]!,
    4: (i: number) => bytes.readInt16LE(352 + 2 * i),
    16: (i: number) => bytes.readFloatLE(352 + 4 * i),
  }[bytes.readInt16LE(70)];
  return { shape, spacing, data: Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => read!(i)) };
}

function phantom(image: string | null, mask: string | null): Phantom | null {
  if (!image || !mask) return null;
  const { shape, spacing, data } = voxels(image);
  return { shape, spacing, intensity: data, mask: Uint8Array.from(voxels(mask).data, (v) => (v > 0 ? 1 : 0)) };
}

/** The 5 x 4 x 4 digital phantom, or null where the shared data are absent. */
export const digitalPhantom = (): Phantom | null =>
  phantom(sharedData("ibsi", "digital_phantom", "image", "phantom.nii.gz"), sharedData("ibsi", "digital_phantom", "mask", "mask.nii.gz"));

/** The lung CT phantom, or null where the shared data are absent. */
export const lungPhantom = (): Phantom | null =>
  phantom(
    sharedData("ibsi", "ct_phantom", "nifti", "image", "phantom.nii.gz"),
    sharedData("ibsi", "ct_phantom", "nifti", "mask", "mask.nii.gz"),
  );

/** The published rows of "dig_phantom", "chest_config_a" or "chest_config_c" whose tag begins so; those without consensus value have an empty `value`. */
export function published(table: string, prefix: string): Published[] {
  const file = sharedData("ibsi", "reference", `ibsi_1_${table}.csv`);
  if (!file) return [];
  return readFileSync(file, "utf8")
    .split(/\r?\n/)
    .map((line) => line.split(";"))
    .filter((cells) => cells[2]?.startsWith(prefix))
    .map(([value, tolerance, name]) => ({ name: name!, value: value!, tolerance: Number(tolerance) }));
}

/** Rounds to the digits a value was published with: its decimals (or, written with an exponent, its significant digits), or three significant digits where a whole number ends in zeros. */
function toPublishedDigits(value: number, reference: string): number {
  const [mantissa, exponent] = reference.split("E");
  const decimals = mantissa!.split(".")[1]?.length;
  if (exponent !== undefined) return Number(value.toExponential(decimals ?? 0));
  if (decimals !== undefined) return Number(value.toFixed(decimals));
  return reference.endsWith("0") ? Number(value.toPrecision(3)) : Math.round(value);
}

/** Features that are missing, or further from their published value than the published tolerance, each as a sentence with both values. */
export function outsideTolerance(features: Readonly<Record<string, number | null>>, reference: readonly Published[]): string[] {
  return reference
    .filter(({ value }) => value !== "")
    .filter(({ name, value, tolerance }) => {
      const difference = Math.abs(toPublishedDigits(features[name] ?? NaN, value) - Number(value));
      return !(difference <= tolerance + 1e-9 * Math.abs(Number(value)));
    })
    .map(({ name, value, tolerance }) => `${name}: ${features[name]} against ${value} +- ${tolerance}`);
}
