// Volumes and masks as MetaImage, whose header is text: positions keep every digit, where NIfTI rounds them to 32 bits.
import { ShapeError } from "../errors.ts";
import { voxelCount, type Mask, type Triple, type Volume } from "../volume.ts";

/**
 * The bytes of a .mha file: 8-bit for a mask, integers (16-bit where they fit) where every value is one and the file it came from did
 * not say otherwise, else 32-bit floating point, not compressed. Read again, it is the same volume to the last digit where its axes are
 * the patient's.
 *
 * @see https://itk.org/Wiki/ITK/MetaIO/Documentation
 */
export function writeMetaImage(volume: Volume | Mask): Uint8Array {
  const { shape, spacing, origin, direction } = volume;
  const { data, type } = storedAs(volume);
  if (data.length !== voxelCount(volume)) throw new ShapeError(`writeMetaImage: ${data.length} values for a grid of ${shape.join(" x ")}`);
  const xyz = ([z, y, x]: Triple) => `${x} ${y} ${z}`;
  const header = [
    "ObjectType = Image",
    "NDims = 3",
    "BinaryData = True",
    "BinaryDataByteOrderMSB = False",
    "CompressedData = False",
    `TransformMatrix = ${[direction[2], direction[1], direction[0]].map(xyz).join(" ")}`,
    `Offset = ${xyz(origin)}`,
    "CenterOfRotation = 0 0 0",
    `ElementSpacing = ${xyz(spacing)}`,
    `DimSize = ${xyz(shape)}`,
    `ElementType = ${type}`,
    "ElementDataFile = LOCAL\n",
  ].join("\n");
  const head = new TextEncoder().encode(header);
  const bytes = new Uint8Array(head.length + data.byteLength);
  bytes.set(head);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), head.length);
  return bytes;
}

function storedAs(volume: Volume | Mask): { data: Uint8Array | Int16Array | Int32Array | Float32Array; type: string } {
  const { data } = volume;
  if (data instanceof Uint8Array) return { data, type: "MET_UCHAR" };
  const isFloating = "isFloating" in volume && volume.isFloating;
  const allWithin = (low: number, high: number) => data.every((v) => Number.isInteger(v) && v >= low && v <= high && !Object.is(v, -0));
  if (isFloating || !allWithin(-(2 ** 31), 2 ** 31 - 1)) return { data, type: "MET_FLOAT" };
  return allWithin(-32768, 32767) ? { data: Int16Array.from(data), type: "MET_SHORT" } : { data: Int32Array.from(data), type: "MET_INT" };
}
