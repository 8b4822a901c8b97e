// The safetensors file format: an 8-byte little-endian length, that many bytes of JSON, then the arrays without gaps.
//
//   { "__metadata__": { key: string, ... }, name: { "dtype": "F32", "shape": [..], "data_offsets": [begin, end] }, ... }
//
// Offsets count from the end of the header, numbers are little-endian, as are the typed arrays of every engine we run on. Nothing in a file is trusted: lengths, offsets and shapes are checked before an array is made.
import { IntakeError } from "./errors.ts";
import { halfToNumber, LARGEST_HALF, numberToHalf } from "./half.ts";
import { elements } from "./tensor.ts";

/** One array of a file. */
export interface StoredTensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** A whole file. */
export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Map<string, StoredTensor>;
}

/** A header beyond this is taken for damage, not for a network (the format's own limit). */
const LARGEST_HEADER = 100e6;

/** Bytes a value takes and how it is read; all become float32, F64 by rounding. */
const dtypes: Readonly<Record<string, { readonly bytes: number; readonly read: (view: DataView, at: number) => number }>> = {
  F64: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  F32: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  F16: { bytes: 2, read: (view, at) => halfToNumber(view.getUint16(at, true)) },
  BF16: { bytes: 2, read: (view, at) => bfloatToNumber(view.getUint16(at, true)) },
};

interface Entry {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/**
 * Reads a safetensors file.
 *
 * @param file    the name for error messages
 * @param wanted  tells which arrays to read; the others are checked and left alone, so their dtype may be any
 * @throws IntakeError for a file that is truncated, not safetensors, or inconsistent, or a wanted array whose dtype is not F16, BF16, F32 or F64
 */
export function readSafetensors(bytes: Uint8Array, file: string, wanted: (name: string) => boolean = () => true): Safetensors {
  const { header, start } = readHeader(bytes, file);
  const metadata = readMetadata(header["__metadata__"], file);
  const entries = Object.keys(header)
    .filter((name) => name !== "__metadata__")
    .map((name) => readEntry(name, header[name], file))
    .sort((a, b) => a.begin - b.begin || a.end - b.end);
  checkOffsets(entries, bytes.length - start, file);
  const arrays = new Uint8Array(bytes.buffer, bytes.byteOffset + start, bytes.length - start); // a Buffer's own slice() would share memory
  const tensors = new Map(entries.filter(({ name }) => wanted(name)).map((entry) => [entry.name, readTensor(arrays, entry, file)]));
  return { metadata, tensors };
}

/** How the values of a written file are stored: float32 as they are, or rounded to float16, which halves the file. */
export type StoredType = "F32" | "F16";

/**
 * Writes a safetensors file, in the map's order; the header is padded so that the arrays are aligned to 8 bytes.
 *
 * @throws IntakeError where a value is too large for float16
 */
export function writeSafetensors({ metadata, tensors }: Safetensors, dtype: StoredType = "F32"): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let end = 0;
  for (const [name, { shape, data }] of tensors) {
    header[name] = { dtype, shape, data_offsets: [end, (end += data.length * dtypes[dtype]!.bytes)] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  const start = 8 + Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(start + end).fill(0x20, 8, start);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(start - 8), true);
  bytes.set(json, 8);
  let at = start;
  for (const [name, { data }] of tensors) {
    const stored = dtype === "F32" ? data : halves(name, data);
    bytes.set(new Uint8Array(stored.buffer, stored.byteOffset, stored.byteLength), at);
    at += stored.byteLength;
  }
  return bytes;
}

function halves(name: string, data: Float32Array): Uint16Array {
  return Uint16Array.from(data, (value) => {
    if (Math.abs(value) <= LARGEST_HALF) return numberToHalf(value);
    throw new IntakeError(name, `holds ${value}, and float16 ends at ${LARGEST_HALF}; write these weights as float32`);
  });
}

function readHeader(bytes: Uint8Array, file: string): { header: Record<string, unknown>; start: number } {
  const remedy = "write it again, or copy it again if it was truncated on the way";
  if (bytes.length < 10)
    throw new IntakeError(file, `expected a safetensors file, which has at least 10 bytes, and it has ${bytes.length}; ${remedy}`);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigUint64(0, true));
  if (length > LARGEST_HEADER || bytes[8] !== 0x7b) {
    throw new IntakeError(
      file,
      "expected a safetensors file and this is another format; a PyTorch .pt or .pth file has to be saved as safetensors first",
    );
  }
  if (8 + length > bytes.length) {
    throw new IntakeError(file, `its header should take ${length} bytes and the file ends after ${bytes.length - 8} of them; ${remedy}`);
  }
  try {
    const header: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes.subarray(8, 8 + length)));
    if (isRecord(header)) return { header, start: 8 + length };
  } catch (cause) {
    throw new IntakeError(file, `its safetensors header is not JSON; ${remedy}`, { cause });
  }
  throw new IntakeError(file, `its safetensors header is not a JSON object; ${remedy}`);
}

function readMetadata(value: unknown, file: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isRecord(value) || !Object.values(value).every((text) => typeof text === "string")) {
    throw new IntakeError(file, "the header's __metadata__ must map names to strings; convert numbers to strings when saving");
  }
  return value as Record<string, string>;
}

function readEntry(name: string, value: unknown, file: string): Entry {
  if (
    isRecord(value) &&
    typeof value["dtype"] === "string" &&
    isCounts(value["shape"]) &&
    isCounts(value["data_offsets"]) &&
    value["data_offsets"].length === 2
  ) {
    const [begin, end] = value["data_offsets"] as [number, number];
    return { name, dtype: value["dtype"], shape: value["shape"], begin, end };
  }
  throw new IntakeError(
    file,
    `the header's entry ${name} must have a dtype, a shape and two data_offsets, all whole numbers from 0; it is ${JSON.stringify(value)}. Write the file again`,
  );
}

function checkOffsets(entries: readonly Entry[], available: number, file: string): void {
  let at = 0;
  for (const [i, { name, begin, end }] of entries.entries()) {
    if (end < begin)
      throw new IntakeError(
        file,
        `${name} ends at byte ${end}, before it begins at ${begin}; the header is damaged, so write the file again`,
      );
    if (begin < at)
      throw new IntakeError(
        file,
        `${name} begins at byte ${begin}, inside ${entries[i - 1]?.name}, which ends at ${at}; the header is damaged, so write the file again`,
      );
    if (begin > at)
      throw new IntakeError(
        file,
        `${name} begins at byte ${begin} and nothing describes the bytes from ${at} on; the header is damaged, so write the file again`,
      );
    at = end;
  }
  if (at > available)
    throw new IntakeError(file, `it is truncated: its arrays take ${at} bytes and ${available} are there; copy or download it again`);
  if (at < available)
    throw new IntakeError(file, `${available - at} bytes follow its last array; the file is damaged, so copy or write it again`);
}

function readTensor(arrays: Uint8Array, { name, dtype, shape, begin, end }: Entry, file: string): StoredTensor {
  const type = dtypes[dtype];
  if (!type)
    throw new IntakeError(
      file,
      `${name} is stored as ${dtype}; expected ${Object.keys(dtypes).join(", ")}. Convert the weights to float32 before saving`,
    );
  const count = elements(shape);
  if (count * type.bytes !== end - begin) {
    throw new IntakeError(
      file,
      `${name} has shape [${shape}], which takes ${count * type.bytes} bytes as ${dtype}, and its offsets span ${end - begin}; the header is damaged, so write the file again`,
    );
  }
  const own = arrays.slice(begin, end).buffer;
  if (dtype === "F32") return { shape, data: new Float32Array(own) };
  const view = new DataView(own);
  return { shape, data: Float32Array.from({ length: count }, (_, i) => type.read(view, i * type.bytes)) };
}

/** bfloat16: the upper half of a binary32. */
function bfloatToNumber(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 7) & 0xff;
  const fraction = bits & 0x7f;
  if (exponent === 0) return sign * fraction * 2 ** -133;
  if (exponent === 255) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 128) * 2 ** (exponent - 127);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCounts(value: unknown): value is number[] {
  return Array.isArray(value) && value.every((n) => Number.isSafeInteger(n) && n >= 0);
}
