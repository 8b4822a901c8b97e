// Volumes and masks as MetaImage, whose header is text: positions keep every digit, where NIfTI rounds them to 32 bits.
import { ShapeError } from "../errors.ts";
import { doublesOf, fileGridOf, inFileOrder, wholeFile } from "../file-order.ts";
import { voxelCount, type Mask, type StoredGrid, type Volume } from "../volume.ts";

/**
 * The bytes of a .mha file, not compressed, in the order of the file that the volume came from: 8-bit for a mask; for intensities the file's
 * own type where it holds whole numbers or 64-bit ones, and where none is known 16 bits, 32 bits or floating point, the first that holds them
 * all. Read again, it is the same volume to the last digit where its axes are the patient's, and counts its axes and its voxels as that file did.
 *
 * @param orientation  of that file (`IntakeReport.orientation`), for a volume of whose file nothing was kept
 * @see https://itk.org/Wiki/ITK/MetaIO/Documentation
 */
export function writeMetaImage(volume: Volume | Mask, orientation = "LPS"): Uint8Array {
  if (volume.data.length !== voxelCount(volume))
    throw new ShapeError(`writeMetaImage: ${volume.data.length} values for a grid of ${volume.shape.join(" x ")}`);
  const grid = fileGridOf(volume, orientation);
  const { axes, origin } = grid;
  const doubles = volume.data instanceof Float32Array ? doublesOf(volume as Volume, grid) : null;
  const type = doubles ? "MET_DOUBLE" : typeOf(volume);
  const data = type === "MET_DOUBLE" ? doubles! : inOrder(TYPES[type], volume.data, grid);
  const header = [
    "ObjectType = Image",
    "NDims = 3",
    "BinaryData = True",
    "BinaryDataByteOrderMSB = False",
    "CompressedData = False",
    `TransformMatrix = ${axes.map(({ direction }) => direction.join(" ")).join(" ")}`,
    `Offset = ${origin.join(" ")}`,
    "CenterOfRotation = 0 0 0",
    `ElementSpacing = ${axes.map(({ spacing }) => spacing).join(" ")}`,
    `DimSize = ${axes.map(({ size }) => size).join(" ")}`,
    `ElementType = ${type}`,
    "ElementDataFile = LOCAL\n",
  ].join("\n");
  const head = new TextEncoder().encode(header);
  const bytes = new Uint8Array(head.length + data.byteLength);
  bytes.set(head);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), head.length);
  return bytes;
}

const TYPES = {
  MET_CHAR: Int8Array,
  MET_UCHAR: Uint8Array,
  MET_SHORT: Int16Array,
  MET_USHORT: Uint16Array,
  MET_INT: Int32Array,
  MET_UINT: Uint32Array,
  MET_FLOAT: Float32Array,
} as const;

type Values = Int8Array | Uint8Array | Int16Array | Uint16Array | Int32Array | Uint32Array | Float32Array;

function typeOf(volume: Volume | Mask): keyof typeof TYPES {
  const { data } = volume;
  if (data instanceof Uint8Array) return "MET_UCHAR";
  const { isFloating, range } = volume as Volume;
  const own = range && RANGES.find(([, low, high]) => low === range[0] && high === range[1]);
  if (own) return own[0];
  const isWhole = !isFloating && data.every((v) => Number.isInteger(v) && !Object.is(v, -0));
  const holdsAll = ([type, low, high]: (typeof RANGES)[number]) =>
    (type === "MET_SHORT" || type === "MET_INT") && data.every((v) => v >= low && v <= high);
  return (isWhole && RANGES.find(holdsAll)?.[0]) || "MET_FLOAT";
}

/** What the types of whole numbers hold. */
const RANGES = (["MET_CHAR", "MET_UCHAR", "MET_SHORT", "MET_USHORT", "MET_INT", "MET_UINT"] as const).map((type) => {
  const bits = 8 * TYPES[type].BYTES_PER_ELEMENT;
  return type.startsWith("MET_U") ? ([type, 0, 2 ** bits - 1] as const) : ([type, -(2 ** (bits - 1)), 2 ** (bits - 1) - 1] as const);
});

/** The values as the file counts them; those that are in place and of the type already are not copied. */
function inOrder(Type: new (length: number) => Values, data: Float32Array | Uint8Array, grid: StoredGrid): Values {
  const isInPlace = grid.axes.every(({ axis, isFlipped }, i) => axis === 2 - i && !isFlipped);
  return isInPlace && data instanceof Type ? data : inFileOrder(Type, data, grid, wholeFile(grid));
}
