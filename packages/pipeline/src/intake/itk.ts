// NRRD and MetaImage through ITK's own readers, after a look at the header: ITK stops without a word when data are missing.
import { runItk } from "#tools";
import type { Image } from "itk-wasm";
import { IntakeError } from "../errors.ts";
import type { RawImage, VoxelData, Xyz } from "./canonical.ts";

/**
 * Reads one NRRD or MetaImage file from memory.
 *
 * @param bytes  already checked by `checkTextHeader`
 * @throws IntakeError when ITK cannot read it, or it is no volume of one number a voxel
 */
export async function readWithItk(format: "nrrd" | "mha", bytes: Uint8Array, file: string): Promise<RawImage> {
  const name = `image.${format}`;
  let image: Image | undefined;
  try {
    const { outputs } = await runItk(
      format === "nrrd" ? "nrrd-read-image" : "meta-read-image",
      [name, "0", "1", "--memory-io"],
      [{ type: "JsonCompatible" }, { type: "Image" }],
      [{ type: "BinaryFile", data: { path: name, data: bytes } }],
    );
    image = outputs[1]?.data as Image | undefined;
  } catch (cause) {
    throw new IntakeError(
      file,
      `its ${format === "nrrd" ? "NRRD" : "MetaImage"} data could not be read; it may be damaged or packed in an uncommon way: save it again, best as .nii.gz`,
      { cause },
    );
  }
  if (!image?.data) throw new IntakeError(file, "could not be read as an image; save it again, best as .nii.gz");
  if (image.imageType.components !== 1) {
    throw new IntakeError(
      file,
      `holds ${image.imageType.components} numbers a voxel (colours, vectors or frames), expected one; convert it to a grey-level image`,
    );
  }
  const extra = image.size.slice(3).filter((n) => n > 1);
  if (extra.length > 0)
    throw new IntakeError(file, `holds ${extra.join(" x ")} frames, expected one; split it and name the frame you want`);
  if (image.size.length < 3)
    throw new IntakeError(file, `is a 2D picture of ${image.size.join(" x ")}, expected a volume; name the volume that it comes from`);

  const { size, spacing, origin, direction, data } = image;
  const dimension = size.length;
  // Column c of the row-major direction matrix belongs to file axis c.
  const along = (c: number): Xyz => [0, 1, 2].map((r) => Number(direction[r * dimension + c])) as unknown as Xyz;
  const step = (c: number): Xyz => along(c).map((v) => v * spacing[c]!) as unknown as Xyz;
  return {
    data: data as VoxelData,
    size: [size[0]!, size[1]!, size[2]!],
    steps: [step(0), step(1), step(2)],
    origin: [origin[0]!, origin[1]!, origin[2]!],
    spacing: [spacing[0]!, spacing[1]!, spacing[2]!],
    directions: [along(0), along(1), along(2)],
  };
}
