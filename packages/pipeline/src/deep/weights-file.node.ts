// Weights that the user named: a file, or one of those that come with the package.
import { fileURLToPath } from "node:url";
import { ConfigError } from "../errors.ts";
import { bytesOf, pathFrom } from "../intake/named-file.node.ts";
import { nearest } from "../nearest.ts";
import { readWeights, type Checkpoint } from "./weights.ts";

/** The networks that come with the package; each has a model card beside it, which says what it was trained on and what it is not for. */
const SHIPPED_WEIGHTS = ["sarcoma-ct-16"];

const PREFIX = "shipped:";

/**
 * Reads weights.
 *
 * @param named   a safetensors file, or `shipped:NAME`
 * @param folder  what a relative path starts from
 * @throws IntakeError when the file cannot be read or holds no U-Net; ConfigError when no network of that name is shipped
 */
export async function readWeightsFile(
  named: string,
  folder = "",
): Promise<{ readonly bytes: Uint8Array; readonly checkpoint: Checkpoint }> {
  const bytes = await bytesOf(placeOf(named, folder), named);
  return { bytes, checkpoint: readWeights(bytes, named) };
}

/** Reads weights: a file, or `shipped:NAME`. */
export async function loadWeightsFile(named: string): Promise<Checkpoint> {
  return (await readWeightsFile(named)).checkpoint;
}

function placeOf(named: string, folder: string): string {
  if (!named.startsWith(PREFIX)) return pathFrom(folder, named);
  const name = named.slice(PREFIX.length);
  if (!SHIPPED_WEIGHTS.includes(name)) {
    const near = nearest(name, SHIPPED_WEIGHTS);
    const known = SHIPPED_WEIGHTS.map((one) => PREFIX + one).join(", ");
    throw new ConfigError(named, `no such network is shipped${near ? `; did you mean "${PREFIX}${near}"?` : ""} (there is ${known})`);
  }
  return fileURLToPath(new URL(`../../weights/${name}.safetensors`, import.meta.url));
}
