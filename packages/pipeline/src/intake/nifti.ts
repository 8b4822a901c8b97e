// NIfTI-1, single file, plain or gzipped. Read here and not by ITK, whose reader turns NaN into 0, reads past the end of a
// truncated file, prefers the qform, and takes twice the time of all that follows.
import { IntakeError } from "../errors.ts";
import { toNumbers, type RawImage, type VoxelData, type Xyz } from "./canonical.ts";
import { formsDisagreeBy, readNiftiHeader, type NiftiHeader } from "./nifti-header.ts";

/** Forms of a header further apart than this are worth a warning, mm: a tenth of a usual voxel. */
const FORMS_TOLERANCE_MM = 0.1;

/** mm per unit of length, by the low three bits of xyzt_units; unknown is taken as mm. */
const MM_PER_UNIT: Readonly<Record<number, number>> = { 1: 1000, 3: 0.001 };

/**
 * Decodes a NIfTI-1 file: values are slope x stored + intercept where the header gives a slope.
 *
 * The sform is taken when there is one and its axes are orthogonal, else the qform; without either, axes are taken as
 * left, posterior, superior.
 *
 * @param bytes  the whole file, not compressed
 * @returns the image and sentences about its geometry
 * @throws IntakeError as `readNiftiHeader`
 */
export function readNifti(bytes: Uint8Array, file: string): { image: RawImage; warnings: string[] } {
  const header = readNiftiHeader(bytes, file);
  const warnings: string[] = [];
  const form = chooseForm(header, file, warnings);
  const scale = MM_PER_UNIT[header.lengthUnit] ?? 1;
  // RAS -> LPS turns the first two components over.
  const lps = (column: number): Xyz => [-form[0]![column]! * scale, -form[1]![column]! * scale, form[2]![column]! * scale];
  const [nx, ny, nz] = header.size;
  const steps = [lps(0), lps(1), lps(2)] as const;
  const spacing = header.spacing.map((mm) => mm * scale) as unknown as Xyz;
  const isTheirs = steps.every((step, a) => Math.abs(Math.hypot(...step) / spacing[a]! - 1) < 1e-5);
  return {
    image: { data: scaledVoxels(bytes, header), size: [nx!, ny!, nz!], steps, origin: lps(3), ...(isTheirs && { spacing }) },
    warnings,
  };
}

type Form = readonly (readonly number[])[];

function chooseForm(header: NiftiHeader, file: string, warnings: string[]): Form {
  const { sform, qform, spacing } = header;
  const usable = sform && (isOrthogonal(sform) || !qform) ? sform : qform;
  if (!usable) {
    if (spacing.some((s) => !(s > 0)))
      throw new IntakeError(
        file,
        `has no usable voxel spacing (${spacing.join(" x ")}) and no transform; export it again with its geometry`,
      );
    warnings.push(`${file}: its header does not say how it is oriented; its axes were taken as left, posterior, superior`);
    return [
      [-spacing[0]!, 0, 0, 0],
      [0, -spacing[1]!, 0, 0],
      [0, 0, spacing[2]!, 0],
    ];
  }
  const apart = formsDisagreeBy(header);
  if (apart > FORMS_TOLERANCE_MM) {
    warnings.push(
      `${file}: its sform and qform place the image up to ${apart.toFixed(1)} mm apart; the ${usable === sform ? "sform" : "qform, since the sform is sheared,"} was used`,
    );
  }
  return usable;
}

function isOrthogonal(form: Form): boolean {
  const column = (c: number) => form.map((row) => row[c]!);
  const cosine = (a: number[], b: number[]) =>
    Math.abs(a.reduce((sum, v, i) => sum + v * b[i]!, 0)) / (Math.hypot(...a) * Math.hypot(...b));
  return cosine(column(0), column(1)) < 1e-3 && cosine(column(0), column(2)) < 1e-3 && cosine(column(1), column(2)) < 1e-3;
}

/** Voxels in the machine's byte order, scaled; a typed array of the file's own kind where there is nothing to scale. */
function scaledVoxels(bytes: Uint8Array, header: NiftiHeader): VoxelData {
  const { voxels: Voxels, start, endOfVoxels, littleEndian, slope, intercept } = header;
  const size = Voxels.BYTES_PER_ELEMENT;
  // A view where the bytes allow one, since the voxels are copied once more into the canonical frame.
  const isAligned = (bytes.byteOffset + start) % size === 0;
  const own = littleEndian && isAligned ? bytes.subarray(start, endOfVoxels) : new Uint8Array(bytes.subarray(start, endOfVoxels));
  if (!littleEndian) for (let i = 0; i < own.length; i += size) own.subarray(i, i + size).reverse();
  const stored = new Voxels(own.buffer as ArrayBuffer, own.byteOffset, own.length / size);
  if (slope === 1 && intercept === 0) return stored;
  const numbers = stored instanceof BigInt64Array || stored instanceof BigUint64Array ? toNumbers(stored) : stored;
  const out = new Float32Array(numbers.length);
  for (let i = 0; i < out.length; i++) out[i] = numbers[i]! * slope + intercept;
  return out;
}
