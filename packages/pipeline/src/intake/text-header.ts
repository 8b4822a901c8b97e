// The text headers of NRRD and MetaImage: whether the voxels are in the file, and all of them.
import { IntakeError } from "../errors.ts";
import { byteText } from "./detect.ts";
import { gunzip } from "./gzip.ts";

/** Bytes a voxel takes, by the names both formats use. */
const VOXEL_BYTES: readonly (readonly [name: RegExp, bytes: number])[] = [
  [/^(u?int8(_t)?|(un)?signed char|uchar|MET_U?CHAR)$/, 1],
  [/^(u?int16(_t)?|(unsigned |signed )?short( int)?|ushort|MET_U?SHORT)$/, 2],
  [/^(u?int32(_t)?|(unsigned |signed )?int|uint|float|MET_U?INT|MET_FLOAT)$/, 4],
  [/^(u?int64(_t)?|(unsigned |signed )?long long( int)?|u?longlong|double|MET_U?LONG_LONG|MET_DOUBLE)$/, 8],
];

/** Most bytes that the compressed data of one image may unpack to. */
const UNPACKED_LIMIT = 4 * 2 ** 30;

interface TextHeader {
  readonly fields: ReadonlyMap<string, string>;
  /** Where the voxels begin; the file's length where the header has no end. */
  readonly dataAt: number;
}

/**
 * Checks an NRRD or MetaImage file before ITK reads it, and unpacks gzipped NRRD data, whose checksum ITK does not look at.
 *
 * @returns the bytes to give to ITK
 * @throws IntakeError for a header whose voxels lie in another file, one without sizes, or fewer voxels than announced
 */
export async function checkTextHeader(format: "nrrd" | "mha", bytes: Uint8Array, file: string): Promise<Uint8Array> {
  const { fields, dataAt } = format === "nrrd" ? nrrdHeader(bytes) : metaHeader(bytes);
  const elsewhere = format === "nrrd" ? (fields.get("data file") ?? fields.get("datafile")) : fields.get("elementdatafile");
  if (elsewhere !== undefined && !(format === "mha" && elsewhere.toUpperCase() === "LOCAL")) {
    throw new IntakeError(
      file,
      "is a header whose voxels lie in another file, expected one file with both; save it as a single .nrrd, .mha or .nii.gz",
    );
  }
  const sizes = (fields.get(format === "nrrd" ? "sizes" : "dimsize") ?? "").split(/\s+/).filter(Boolean).map(Number);
  if (sizes.length === 0 || sizes.some((n) => !Number.isInteger(n) || n < 1) || dataAt >= bytes.length) {
    throw new IntakeError(file, `has a damaged or incomplete ${format === "nrrd" ? "NRRD" : "MetaImage"} header; save it again`);
  }
  const type = fields.get(format === "nrrd" ? "type" : "elementtype") ?? "";
  const voxelBytes = VOXEL_BYTES.find(([name]) => name.test(type))?.[1];
  if (voxelBytes === undefined)
    throw new IntakeError(file, `holds voxels of the kind "${type}", expected numbers; convert it to a grey-level image`);
  const channels = Number(fields.get("elementnumberofchannels") ?? 1);
  const wanted = sizes.reduce((n, s) => n * s, channels) * voxelBytes;

  let data = bytes.subarray(dataAt);
  const encoding = format === "nrrd" ? (fields.get("encoding") ?? "raw").toLowerCase() : "";
  const isPacked = /^gz(ip)?$/.test(encoding);
  if (isPacked) data = await gunzip(data, file, UNPACKED_LIMIT);
  const isRaw = isPacked || encoding === "raw" || (format === "mha" && !/^true$/i.test(fields.get("compresseddata") ?? ""));
  const announced = isRaw ? wanted : Number(fields.get("compresseddatasize") ?? 0);
  if (data.length < announced) {
    throw new IntakeError(
      file,
      `is cut short: its header announces ${sizes.join(" x ")} voxels in ${announced} bytes and ${data.length} follow; copy or export it again`,
    );
  }
  return isPacked ? withRawData(bytes.subarray(0, dataAt), data) : bytes;
}

function nrrdHeader(bytes: Uint8Array): TextHeader {
  let end = 0;
  while (end < bytes.length && !(bytes[end] === 10 && (bytes[end + 1] === 10 || (bytes[end + 1] === 13 && bytes[end + 2] === 10)))) end++;
  const lines = byteText(bytes.subarray(0, end)).split(/\r?\n/);
  const pairs = lines.flatMap((line) => /^([^#:]+):=?\s*(.*)$/.exec(line)?.slice(1) ?? []);
  const fields = new Map<string, string>();
  for (let i = 0; i < pairs.length; i += 2) fields.set(pairs[i]!.trim().toLowerCase(), pairs[i + 1]!.trim());
  const dataAt = end >= bytes.length ? bytes.length : end + (bytes[end + 1] === 13 ? 3 : 2);
  // With a data file, nothing needs to follow the header.
  return { fields, dataAt };
}

function metaHeader(bytes: Uint8Array): TextHeader {
  const fields = new Map<string, string>();
  let at = 0;
  while (at < bytes.length) {
    const newline = bytes.indexOf(10, at);
    const end = newline < 0 ? bytes.length : newline;
    // Any key will do: ITK carries a NIfTI's fields over as "dim[0] = 3", a DICOM's as "0008|0060 = CT".
    const [, key, value] = /^\s*([^=]*?)\s*=\s*(.*?)\s*$/.exec(byteText(bytes.subarray(at, Math.min(end, at + 4096)))) ?? [];
    at = end + 1;
    if (key === undefined) break;
    fields.set(key.toLowerCase(), value!);
    // By the format's rule, this line is the last.
    if (key.toLowerCase() === "elementdatafile") return { fields, dataAt: at };
  }
  return { fields, dataAt: bytes.length };
}

/** An NRRD file with its data unpacked and its header saying so. */
function withRawData(header: Uint8Array, data: Uint8Array): Uint8Array {
  const text = byteText(header).replace(/^encoding:.*$/im, "encoding: raw");
  const out = new Uint8Array(text.length + data.length);
  for (let i = 0; i < text.length; i++) out[i] = text.charCodeAt(i);
  out.set(data, text.length);
  return out;
}
