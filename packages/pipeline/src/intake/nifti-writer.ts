// Volumes and masks as .nii.gz.
import { runItk } from "#tools";
import { gzipSync } from "fflate";
import type { BinaryFile, Image } from "itk-wasm";
import { ShapeError } from "../errors.ts";
import type { Mask, Volume } from "../volume.ts";

/**
 * The bytes of a gzipped NIfTI-1 file: 8-bit for a mask, 16-bit integers where every value is one, else 32-bit floating
 * point; sform and qform both carry the geometry. The same input gives the same bytes: no date is written.
 *
 * Positions are held as 32-bit numbers, about 1e-5 mm at 100 mm.
 */
export async function writeNifti(volume: Volume | Mask): Promise<Uint8Array> {
  return gzipSync(await plainNifti(volume), { mtime: 0, level: 6 });
}

/** The same file before it is compressed. */
export async function plainNifti(volume: Volume | Mask): Promise<Uint8Array<ArrayBuffer>> {
  const { shape, spacing, origin, direction } = volume;
  const { data, componentType } = storedAs(volume.data);
  if (data.length !== shape[0] * shape[1] * shape[2])
    throw new ShapeError(`writeNifti: ${data.length} values for a grid of ${shape.join(" x ")}`);
  const image: Image = {
    imageType: { dimension: 3, componentType, pixelType: "Scalar", components: 1 },
    name: "image",
    // (z, y, x) becomes ITK's (x, y, z); the matrix is row-major with a column for each file axis.
    origin: [...origin].reverse(),
    spacing: [...spacing].reverse(),
    direction: Float64Array.from([2, 1, 0].flatMap((component) => [2, 1, 0].map((axis) => direction[axis]![component]!))),
    size: [...shape].reverse(),
    metadata: new Map(),
    data,
  };
  const name = "image.nii";
  const { outputs } = await runItk(
    "nifti-write-image",
    ["0", "0", name, "--memory-io"],
    [{ type: "JsonCompatible" }, { type: "BinaryFile", data: { path: name, data: new Uint8Array() } }],
    [{ type: "Image", data: image }],
  );
  const written = outputs[1]!.data as BinaryFile;
  return Uint8Array.from(written.data);
}

/** The smallest of our three kinds that holds every value. */
function storedAs(data: Float32Array | Uint8Array): {
  data: Uint8Array | Int16Array | Float32Array;
  componentType: Image["imageType"]["componentType"];
} {
  if (data instanceof Uint8Array) return { data: data.slice(), componentType: "uint8" };
  const fits = data.every((v) => Number.isInteger(v) && v >= -32768 && v <= 32767);
  return fits ? { data: Int16Array.from(data), componentType: "int16" } : { data: data.slice(), componentType: "float32" };
}
