// IBSI's digital phantom: 80 voxels that every radiomics tool can be held against.
import { AXIS_ALIGNED, type Mask, type Triple, type Volume } from "../volume.ts";

/**
 * Grey levels, slice by slice (z), each row (y) along x.
 *
 * @see IBSI 1 reference manual, section 5.1; Zwanenburg et al. 2020, doi 10.1148/radiol.2020191145
 */
const LEVELS: readonly (readonly string[])[] = [
  ["14411", "14611", "41641", "44641"],
  ["14411", "11611", "11311", "44611"],
  ["14411", "11111", "11911", "11611"],
  ["14411", "11111", "11111", "11611"],
];

/** The region of interest: all but six voxels. */
const REGION: readonly (readonly string[])[] = [
  ["11111", "11111", "11111", "11111"],
  ["11111", "11111", "01111", "11111"],
  ["11100", "11111", "11011", "11111"],
  ["11100", "11111", "11111", "11111"],
];

/** The phantom and its region: 4 x 4 x 5 voxels of 2 mm. */
export function digitalPhantom(): { volume: Volume; mask: Mask } {
  const grid = { shape: [4, 4, 5] as Triple, spacing: [2, 2, 2] as Triple, origin: [0, 0, 0] as Triple, direction: AXIS_ALIGNED };
  const digits = (slices: readonly (readonly string[])[]) => slices.flat().join("").split("").map(Number);
  return { volume: { ...grid, data: Float32Array.from(digits(LEVELS)) }, mask: { ...grid, data: Uint8Array.from(digits(REGION)) } };
}
