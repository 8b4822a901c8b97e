// Gzip, unpacked by the platform's own inflater, which checks lengths and checksums, with an upper bound on what comes out.
import { inflateGzip } from "#tools";
import { IntakeError } from "../errors.ts";

/** Whether bytes begin as gzip data do. */
export function isGzip(bytes: Uint8Array): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** Deflate packs at best 1032 to 1; a file that claims more is not taken at its word. */
const MOST_EXPANSION = 1032;

/**
 * Unpacks gzip data.
 *
 * @param limit  most bytes that may come out
 * @throws IntakeError when the data end early or are damaged, or unpack to more than the limit
 */
export async function gunzip(bytes: Uint8Array, file: string, limit: number): Promise<Uint8Array> {
  // A gzip stream ends with the length of what it holds, so that everything is written where it belongs at once; the inflater checks it.
  const told = bytes.length < 18 ? 0 : new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 4, 4).getUint32(0, true);
  const isPossible = told <= MOST_EXPANSION * bytes.length;
  if (isPossible && told > limit) {
    throw new IntakeError(
      file,
      `unpacks to more than ${(limit / 2 ** 30).toPrecision(2)} GiB (${told} bytes), expected one image; check that it is one`,
    );
  }
  try {
    if (!isPossible) throw new RangeError(`${bytes.length} bytes cannot unpack to the ${told} that the stream tells`);
    return await inflateGzip(bytes, told);
  } catch (cause) {
    throw new IntakeError(
      file,
      `its gzip data end early or are damaged (${bytes.length} bytes, which tell of ${told} unpacked), expected one whole gzip stream; copy or export the file again, or unpack it yourself and name the result`,
      { cause },
    );
  }
}
