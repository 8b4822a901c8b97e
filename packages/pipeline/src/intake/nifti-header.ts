// The header of a NIfTI-1 file: what must be true of it before a voxel is read.
import { IntakeError } from "../errors.ts";

const HEADER_BYTES = 348;

/** What we read of the header; the rest is left to ITK. */
export interface NiftiHeader {
  /** Sizes along (x, y, z, t, ...), as many as the file says it has, trailing ones left out. */
  readonly size: readonly number[];
  /** Voxel sizes along (x, y, z) in the file's own unit of length. */
  readonly spacing: readonly number[];
  /** Low three bits of xyzt_units: 1 metres, 2 mm, 3 micrometres, 0 unknown. */
  readonly lengthUnit: number;
  readonly littleEndian: boolean;
  /** The array type of the stored voxels. */
  readonly voxels: VoxelArray;
  /** value = slope * stored + intercept. */
  readonly slope: number;
  readonly intercept: number;
  /** Bytes from the beginning of the file to the first voxel, and past the last. */
  readonly start: number;
  readonly endOfVoxels: number;
  /** Voxel -> RAS mm, three rows of four; null where the file's code says that it has none. */
  readonly sform: readonly (readonly number[])[] | null;
  readonly qform: readonly (readonly number[])[] | null;
}

/** Whether bytes begin as a NIfTI-1 header does, in either byte order. */
export function isNifti(bytes: Uint8Array): boolean {
  return headerSize(bytes) === HEADER_BYTES && bytes[344] === 0x6e && (bytes[345] === 0x2b || bytes[345] === 0x69) && bytes[346] === 0x31;
}

/** NIfTI-2, which ITK does not read: a header of 540 bytes. */
export function isNifti2(bytes: Uint8Array): boolean {
  return headerSize(bytes) === 540 && bytes[4] === 0x6e && (bytes[5] === 0x2b || bytes[5] === 0x69) && bytes[6] === 0x32;
}

function headerSize(bytes: Uint8Array): number | null {
  if (bytes.length < 8) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getInt32(0, true);
  return little === 348 || little === 540 ? little : view.getInt32(0, false);
}

/** Arrays of the datatype codes that hold one number a voxel. */
const VOXEL_ARRAYS = {
  2: Uint8Array,
  4: Int16Array,
  8: Int32Array,
  16: Float32Array,
  64: Float64Array,
  256: Int8Array,
  512: Uint16Array,
  768: Uint32Array,
  1024: BigInt64Array,
  1280: BigUint64Array,
} as const;
type VoxelArray = (typeof VOXEL_ARRAYS)[keyof typeof VOXEL_ARRAYS];
const DATATYPE_NAMES: Readonly<Record<number, string>> = {
  1: "single bits",
  32: "complex numbers",
  1792: "complex numbers",
  128: "RGB colours",
  2304: "RGBA colours",
};

/**
 * Parses and checks a header.
 *
 * @throws IntakeError for a header/image pair, colours or complex numbers, several frames, impossible sizes, or fewer bytes than the header announces
 * @see NIfTI-1.1 specification, nifti1.h
 */
export function readNiftiHeader(bytes: Uint8Array, file: string): NiftiHeader {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const little = view.getInt32(0, true) === HEADER_BYTES;
  const short = (at: number) => view.getInt16(at, little);
  const float = (at: number) => view.getFloat32(at, little);

  if (bytes[345] === 0x69)
    throw new IntakeError(file, "is the header of a two-file NIfTI (.hdr and .img), expected a single .nii; convert it to one file");
  const dimensions = short(40);
  const size = Array.from({ length: Math.min(7, Math.max(0, dimensions)) }, (_, i) => short(42 + 2 * i));
  while (size.length > 3 && size.at(-1) === 1) size.pop();
  if (dimensions < 1 || dimensions > 7 || size.some((n) => n < 1)) {
    throw new IntakeError(file, `has a damaged NIfTI header (sizes ${size.join(" x ") || dimensions}); export it again`);
  }
  if (size.length < 3)
    throw new IntakeError(file, `is a 2D picture of ${size.join(" x ")}, expected a volume; name the volume that it comes from`);
  if (size.length > 3) {
    throw new IntakeError(
      file,
      `holds ${size.slice(3).join(" x ")} frames of ${size.slice(0, 3).join(" x ")} voxels, expected one; split it and name the frame you want`,
    );
  }

  const datatype = short(70);
  const voxels = datatype in VOXEL_ARRAYS ? VOXEL_ARRAYS[datatype as keyof typeof VOXEL_ARRAYS] : null;
  if (!voxels) {
    throw new IntakeError(
      file,
      `holds ${DATATYPE_NAMES[datatype] ?? `data of an unknown kind (NIfTI datatype ${datatype})`}, expected one number a voxel; convert it to a grey-level image`,
    );
  }
  const start = Math.max(float(108), HEADER_BYTES);
  const endOfVoxels = start + size.reduce((n, s) => n * s, 1) * voxels.BYTES_PER_ELEMENT;
  if (bytes.length < endOfVoxels) {
    throw new IntakeError(
      file,
      `is cut short: its header announces ${size.join(" x ")} voxels, ${endOfVoxels} bytes with the header, and it has ${bytes.length}; copy or export it again`,
    );
  }

  const rows = [280, 296, 312].map((at) => [0, 4, 8, 12].map((step) => float(at + step)));
  const [slope, intercept] = [float(112), float(116)];
  const isScaled = Number.isFinite(slope) && slope !== 0 && Number.isFinite(intercept);
  return {
    size,
    spacing: [float(80), float(84), float(88)],
    lengthUnit: bytes[123]! & 7,
    littleEndian: little,
    voxels,
    slope: isScaled ? slope : 1,
    intercept: isScaled ? intercept : 0,
    start,
    endOfVoxels,
    sform: short(254) > 0 ? rows : null,
    qform: short(252) > 0 ? quaternionRows(float, float(76) < 0 ? -1 : 1) : null,
  };
}

/** Voxel -> RAS mm from the quaternion (b, c, d), the offsets and the voxel sizes; `handedness` turns the third axis over. */
function quaternionRows(float: (at: number) => number, handedness: 1 | -1): number[][] {
  const [b, c, d] = [float(256), float(260), float(264)];
  const a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
  const spacing = [float(80), float(84), float(88) * handedness];
  const rotation = [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
  ];
  return rotation.map((row, r) => [...row.map((value, column) => value * spacing[column]!), float(268 + 4 * r)]);
}

/**
 * The greatest distance between where the two forms of a header place a corner of the image, mm; 0 where there is only one.
 */
export function formsDisagreeBy({ size, sform, qform }: NiftiHeader): number {
  if (!sform || !qform) return 0;
  let worst = 0;
  for (const corner of [0, 1, 2, 3, 4, 5, 6, 7]) {
    const index = [corner & 1 ? size[0]! - 1 : 0, corner & 2 ? size[1]! - 1 : 0, corner & 4 ? size[2]! - 1 : 0];
    const place = (form: readonly (readonly number[])[]) =>
      form.map((row) => row[0]! * index[0]! + row[1]! * index[1]! + row[2]! * index[2]! + row[3]!);
    const [s, q] = [place(sform), place(qform)];
    worst = Math.max(worst, Math.hypot(s[0]! - q[0]!, s[1]! - q[1]!, s[2]! - q[2]!));
  }
  return worst;
}
