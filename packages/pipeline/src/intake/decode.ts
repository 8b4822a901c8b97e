// From the slices of a series to a volume: decoded by dcm2niix, placed by the headers.
import { IntakeError } from "../errors.ts";
import type { Volume } from "../volume.ts";
import { orientationOf, toCanonical, type RawImage, type Xyz } from "./canonical.ts";
import { decodeSeries } from "./dcm2niix.ts";
import { pixelsOf } from "./dicom-header.ts";
import type { Series, SeriesFacts } from "./dicom-series.ts";
import { readNifti } from "./nifti.ts";
import { rectify, type Stack } from "./rectify.ts";

/** A decoded series. */
export interface DicomImage {
  readonly volume: Volume;
  readonly facts: SeriesFacts;
  /** Where columns, rows and slices run, as `orientationOf`. */
  readonly orientation: string;
  readonly warnings: string[];
}

/** The decoder's and the headers' place for a voxel may differ by this much, mm: NIfTI holds 32-bit numbers. */
const SAME_PLACE_MM = 0.1;

/**
 * Decodes a series and lays it on a grid with right angles and even spacing. The geometry is that of the headers, which
 * are exact where NIfTI rounds to 32 bits.
 *
 * @throws IntakeError with the series' own problem, or when it is cut short or cannot be decoded
 */
export async function decode(series: Series, path: string): Promise<DicomImage> {
  if (series.error) throw series.error;
  for (const header of series.files) pixelsOf(header, path);
  const files = series.files.map(({ file }) => file);
  const { nifti, warnings: found } = await decodeSeries(files, path, series.files[0]!.transferSyntax);
  const { image } = readNifti(nifti, path);
  const { facts } = series;
  const stack = series.stack!;
  const expected = [facts.columns, facts.rows, facts.slices];
  if (image.size.some((n, a) => n !== expected[a])) {
    throw new IntakeError(
      path,
      `decodes to ${image.size.join(" x ")} voxels, but its headers describe ${expected.join(" x ")}; export the series again`,
    );
  }

  const flips = flipsOf(image, stack, path);
  const warnings = [...found];
  if (facts.duplicates > 0) warnings.push(`${facts.duplicates} of its images repeat another's position and pixels and were left out`);
  let raw: RawImage;
  if (stack.isSheared || stack.isUneven) {
    raw = rectify({ ...stack, data: inStackOrder(image, flips) }, facts.rows, facts.columns, facts.sliceSpacing!);
    warnings.push(corrections(facts, stack, raw));
  } else {
    raw = placed(image, stack, facts.sliceSpacing ?? facts.sliceThickness ?? 1, flips);
    if (facts.slices > 1 && Math.hypot(...raw.origin.map((o, c) => o - image.origin[c]!)) > SAME_PLACE_MM) {
      throw new IntakeError(path, "its headers and its decoder disagree on where the slices lie; export the series again");
    }
  }
  if (facts.modality === "CT" && !series.files.every(({ hasRescale }) => hasRescale)) {
    warnings.push("its headers give no rescale slope and intercept, so its values may not be HU");
  }
  if (facts.slices === 1)
    warnings.push(`it has a single slice, whose thickness (${(facts.sliceThickness ?? 1).toFixed(1)} mm) was taken as its spacing`);
  const tilt = series.files.find(({ gantryTilt }) => Math.abs(gantryTilt) > 0.5)?.gantryTilt;
  if (tilt !== undefined && !stack.isSheared && facts.obliqueDegrees < 0.5) {
    warnings.push(
      `the scanner noted a gantry tilt of ${tilt.toFixed(1)} degrees, but the slices' positions show none; it was taken as upright`,
    );
  }
  return {
    volume: toCanonical(raw, path),
    facts,
    orientation: orientationOf({ steps: [stack.row, stack.column, stack.normal] }),
    warnings: warnings.map((sentence) => `${path}: ${sentence}`),
  };
}

/** The sentence on what was interpolated. */
function corrections(facts: SeriesFacts, stack: Omit<Stack, "data">, raw: RawImage): string {
  const done: string[] = [];
  if (stack.isSheared) {
    const [dx, dy] = [raw.size[0] - facts.columns, raw.size[1] - facts.rows];
    const grown = [dy > 0 ? `${dy} rows` : "", dx > 0 ? `${dx} columns` : ""].filter(Boolean).join(" and ");
    done.push(
      `a gantry tilt of ${facts.tiltDegrees.toFixed(1)} degrees was corrected by shifting each slice in its plane (linear interpolation; the image grew by ${grown}, filled with its lowest value)`,
    );
  }
  if (facts.unevenMm) {
    const [low, high] = facts.unevenMm;
    done.push(
      `slices between ${low.toFixed(2)} and ${high.toFixed(2)} mm apart were interpolated linearly to ${raw.size[2]} slices every ${Math.hypot(...raw.steps[2]).toFixed(2)} mm`,
    );
  }
  return done.join(", and ");
}

/**
 * Which file axes of the decoder's output run against the stack's columns, rows and slices.
 *
 * @throws IntakeError when its axes are not the stack's
 */
function flipsOf(image: RawImage, stack: Omit<Stack, "data">, path: string): readonly [boolean, boolean, boolean] {
  const cosine = (a: 0 | 1 | 2, direction: Xyz) =>
    image.steps[a].reduce((sum, v, c) => sum + v * direction[c]!, 0) / Math.hypot(...image.steps[a]);
  const [x, y, z] = [cosine(0, stack.row), cosine(1, stack.column), cosine(2, stack.normal)];
  // The slice axis of a sheared stack leans away from the normal by the tilt.
  if (Math.abs(x) < 0.99 || Math.abs(y) < 0.99 || Math.abs(z) < 0.5) {
    throw new IntakeError(path, "its headers and its decoder disagree on how the slices are oriented; export the series again");
  }
  return [x < 0, y < 0, z < 0];
}

/** The decoder's voxels with the geometry of the headers. */
function placed(image: RawImage, stack: Omit<Stack, "data">, spacing: number, flips: readonly boolean[]): RawImage {
  const lengths = [stack.pixelSpacing[1], stack.pixelSpacing[0], spacing];
  const steps = [stack.row, stack.column, stack.normal].map(
    (d, a) => d.map((v) => v * lengths[a]! * (flips[a] ? -1 : 1)) as unknown as Xyz,
  );
  const origin = stack.positions[0]!.map((first, c) =>
    steps.reduce((sum, step, a) => sum - (flips[a] ? (image.size[a]! - 1) * step[c]! : 0), first),
  ) as unknown as Xyz;
  return { data: image.data, size: image.size, steps: steps as unknown as RawImage["steps"], origin };
}

/** The decoder's voxels as (slice, row, column) in the order of the stack. */
function inStackOrder({ data, size }: RawImage, flips: readonly boolean[]): Float32Array {
  const [nx, ny, nz] = size;
  const out = new Float32Array(nx * ny * nz);
  let at = 0;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = ((flips[2] ? nz - 1 - k : k) * ny + (flips[1] ? ny - 1 - j : j)) * nx;
      for (let i = 0; i < nx; i++) out[at++] = Number(data[row + (flips[0] ? nx - 1 - i : i)]);
    }
  }
  return out;
}
