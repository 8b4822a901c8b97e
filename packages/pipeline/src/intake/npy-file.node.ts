// Arrays as .npy files.
import { writeAtomic } from "../host/output.node.ts";
import { bytesOf } from "./named-file.node.ts";
import { readNpy, writeNpy, type NpyArray } from "./npy.ts";

/** Reads a float32 .npy file. */
export async function readArrayFile(file: string): Promise<NpyArray> {
  return readNpy(await bytesOf(file), file);
}

/** Writes a float32 .npy file. */
export async function writeArrayFile(file: string, array: NpyArray): Promise<void> {
  await writeAtomic(file, writeNpy(array));
}
