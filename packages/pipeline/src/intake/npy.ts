// NumPy's .npy, for arrays that go to and come from other tools.
import { IntakeError } from "../errors.ts";

/** A float32 array with its shape, slowest axis first. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

const MAGIC = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];

/**
 * Reads a little-endian float32 array in C order, version 1 to 3 of the format.
 *
 * @throws IntakeError naming what the file holds instead
 * @see NEP 1, "A simple file format for NumPy arrays"
 */
export function readNpy(bytes: Uint8Array, file: string): NpyArray {
  if (bytes.length < 10 || MAGIC.some((byte, i) => bytes[i] !== byte)) {
    throw new IntakeError(file, 'is not a .npy array; write one with numpy.save(file, array.astype("float32"))');
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const wide = bytes[6]! >= 2;
  const start = wide ? 12 : 10;
  const end = start + (wide ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder("latin1").decode(bytes.subarray(start, end));
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(header)?.[1];
  const fortran = /'fortran_order'\s*:\s*(True|False)/.exec(header)?.[1];
  const shapeText = /'shape'\s*:\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || fortran === undefined || shapeText === undefined)
    throw new IntakeError(file, "has a damaged .npy header; write it again with numpy.save");
  if (descr !== "<f4" || fortran === "True") {
    throw new IntakeError(
      file,
      `holds ${descr}${fortran === "True" ? " in Fortran order" : ""}; expected float32 in C order: numpy.save(file, numpy.ascontiguousarray(array, "float32"))`,
    );
  }
  const shape = shapeText
    .split(",")
    .map((s) => s.trim())
    .filter(Boolean)
    .map(Number);
  const count = shape.reduce((a, b) => a * b, 1);
  if (bytes.length - end !== count * 4) {
    throw new IntakeError(
      file,
      `its header says ${count} numbers (shape ${shape.join(" x ")}), the file holds ${(bytes.length - end) / 4}; it is truncated or damaged`,
    );
  }
  return { shape, data: new Float32Array(new Uint8Array(bytes.subarray(end)).buffer) }; // a Buffer's own slice() would share memory
}

/** The bytes of a .npy file (version 1.0, little-endian float32, C order). */
export function writeNpy({ shape, data }: NpyArray): Uint8Array {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${shape.join(", ")}${shape.length === 1 ? "," : ""}), }`;
  const padded = dictionary.padEnd(Math.ceil((10 + dictionary.length + 1) / 64) * 64 - 11) + "\n";
  const bytes = new Uint8Array(10 + padded.length + data.byteLength);
  bytes.set([...MAGIC, 1, 0]);
  new DataView(bytes.buffer).setUint16(8, padded.length, true);
  bytes.set(new TextEncoder().encode(padded), 10);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), 10 + padded.length);
  return bytes;
}
