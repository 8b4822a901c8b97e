// Weights in and out: a safetensors file whose metadata say which network it is.
import { foldNormalisation, NORM_PARTS } from "./batch-normalisation.ts";
import { IntakeError } from "./errors.ts";
import type { Activation } from "./ops/activation.ts";
import { readSafetensors, writeSafetensors } from "./safetensors.ts";
import type { StoredTensor, StoredType } from "./safetensors.ts";
import { encoderParameters, parameterTable } from "./unet.ts";
import type { TableRow, UNetArchitecture } from "./unet.ts";

/** Parameters by name, shapes as `parameterTable` says. */
export type Weights = Map<string, StoredTensor>;

/** A network's weights. */
export interface Checkpoint {
  readonly architecture: UNetArchitecture;
  /** The header's strings, the training record among them; the architecture is written from its own field. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tensors: Weights;
  /** "encoder" where the file holds no decoder: it gives features and cannot segment. */
  readonly parts: "encoder" | "unet";
}

/**
 * Reads weights and checks every shape against the metadata; batch normalisation is folded into the convolutions.
 *
 * @param bytes  a safetensors file: `activation` ("elu" | "relu"), `baseWidth`, `inChannels` and, with a decoder, `classes` in its metadata
 * @param file   the name for error messages
 * @throws IntakeError where the file is damaged, describes no network, or has a tensor too many, too few, of another shape or not finite
 */
export function readCheckpoint(bytes: Uint8Array, file: string): Checkpoint {
  const { metadata, tensors: stored } = readSafetensors(bytes, file, (name) => !name.endsWith(".num_batches_tracked"));
  const hasDecoder = [...stored.keys()].some((name) => name.startsWith("decoder.") || name.startsWith("head."));
  const architecture = readArchitecture(metadata, hasDecoder, file);
  const table = hasDecoder ? parameterTable(architecture) : encoderParameters(architecture);
  refuseUnknown(stored, table, file);

  const tensors: Weights = new Map();
  for (const row of table) {
    if (row.name.endsWith(".bias") && tensors.has(row.name)) continue;
    const tensor = stored.get(row.name);
    if (!tensor)
      throw new IntakeError(
        file,
        `${row.name} is missing; its metadata (${describe(architecture)}) ask for shape [${row.shape}] there. Save the whole ${hasDecoder ? "network" : "encoder"}`,
      );
    checkShape(row, tensor, architecture, file);
    tensors.set(row.name, tensor);
    foldAfter(row, stored, tensors, architecture, file);
  }
  for (const [name, { data }] of tensors) {
    const at = data.findIndex((value) => !Number.isFinite(value));
    if (at >= 0)
      throw new IntakeError(
        file,
        `${name} holds ${data[at]} at position ${at}; the training diverged or the file is damaged, so use an earlier checkpoint`,
      );
  }
  return { architecture, metadata, tensors, parts: hasDecoder ? "unet" : "encoder" };
}

/**
 * Writes weights as safetensors, the architecture's fields and the metadata in the header.
 *
 * @param dtype  F16 rounds every value to float16: half the size, for weights that are trained and only used
 * @throws IntakeError where a tensor is missing or has another shape, or a value is too large for float16
 */
export function writeCheckpoint({ architecture, metadata, tensors, parts }: Checkpoint, dtype: StoredType = "F32"): Uint8Array {
  const table = parts === "unet" ? parameterTable(architecture) : encoderParameters(architecture);
  const fields = Object.entries(architecture).map(([key, value]) => [key, String(value)]);
  const ordered = new Map(
    table.map(({ name, shape }) => {
      const tensor = tensors.get(name);
      if (tensor?.shape.join() !== shape.join()) {
        throw new IntakeError(
          name,
          `the network to be written (${describe(architecture)}) needs shape [${shape}] here and has ${tensor ? `[${tensor.shape}]` : "nothing"}; give it the weights of this architecture`,
        );
      }
      return [name, tensor];
    }),
  );
  return writeSafetensors({ metadata: { ...metadata, ...Object.fromEntries(fields) }, tensors: ordered }, dtype);
}

/** The encoder of a network, as weights of its own: it gives features and cannot segment. */
export function encoderOf(checkpoint: Checkpoint): Checkpoint {
  const tensors = new Map(encoderParameters(checkpoint.architecture).map(({ name }) => [name, checkpoint.tensors.get(name)!]));
  return { ...checkpoint, tensors, parts: "encoder" };
}

function readArchitecture(metadata: Readonly<Record<string, string>>, hasDecoder: boolean, file: string): UNetArchitecture {
  const count = (key: string): number => {
    const text = metadata[key];
    if (text !== undefined && /^[1-9]\d{0,4}$/.test(text)) return Number(text);
    throw new IntakeError(
      file,
      `its metadata must give ${key} as a whole number from 1, and ${given(text)}; save the weights with activation, baseWidth, inChannels and classes in the header's metadata`,
    );
  };
  const activation = metadata["activation"];
  if (activation !== "elu" && activation !== "relu") {
    throw new IntakeError(
      file,
      `its metadata must give activation as elu or relu, and ${given(activation)}; save the weights with activation, baseWidth, inChannels and classes in the header's metadata`,
    );
  }
  const classes = hasDecoder || metadata["classes"] !== undefined ? count("classes") : 2;
  return { baseWidth: count("baseWidth"), inChannels: count("inChannels"), classes, activation: activation satisfies Activation };
}

/** A convolution's row may be followed in the file by a normalisation: then its weight and bias are replaced by the folded ones. */
function foldAfter({ name, shape }: TableRow, stored: Weights, tensors: Weights, architecture: UNetArchitecture, file: string): void {
  const layer = normalisationAfter(name);
  if (!layer || !NORM_PARTS.some((part) => stored.has(`${layer}.${part}`))) return;
  const missing = NORM_PARTS.find((part) => !stored.has(`${layer}.${part}`));
  if (missing)
    throw new IntakeError(file, `${layer} has no ${missing}; a batch normalisation needs ${NORM_PARTS.join(", ")}. Save them all`);
  const biasName = name.replace(/weight$/, "bias");
  const bias = stored.get(biasName);
  if (bias) checkShape({ name: biasName, shape: [shape[0]!] }, bias, architecture, file);
  const parts = Object.fromEntries(NORM_PARTS.map((part) => [part, stored.get(`${layer}.${part}`)])) as Record<
    (typeof NORM_PARTS)[number],
    StoredTensor
  >;
  const folded = foldNormalisation(tensors.get(name)!, bias, parts, { file, layer });
  tensors.set(name, folded.weight).set(biasName, folded.bias);
}

/** encoder.2.conv1.weight -> encoder.2.norm1 */
function normalisationAfter(name: string): string | null {
  const match = /^(.*)\.conv([12])\.weight$/.exec(name);
  return match ? `${match[1]}.norm${match[2]}` : null;
}

function refuseUnknown(stored: Weights, table: readonly TableRow[], file: string): void {
  const known = new Set(table.map(({ name }) => name));
  for (const { name } of table) {
    const layer = normalisationAfter(name);
    if (layer) for (const part of NORM_PARTS) known.add(`${layer}.${part}`);
  }
  const unknown = [...stored.keys()].filter((name) => !known.has(name));
  if (unknown.length === 0) return;
  const listed = unknown.slice(0, 3).join(", ") + (unknown.length > 3 ? ` and ${unknown.length - 3} more` : "");
  throw new IntakeError(
    file,
    `${listed} ${unknown.length === 1 ? "is" : "are"} no part of the network; names are encoder.{0..4}.conv{1,2}.*, decoder.{3..0}.up.*, decoder.{3..0}.conv{1,2}.* and head.*. Rename the tensors before saving`,
  );
}

function checkShape({ name, shape }: TableRow, tensor: StoredTensor, architecture: UNetArchitecture, file: string): void {
  if (tensor.shape.join() === shape.join()) return;
  throw new IntakeError(
    file,
    `${name} has shape [${tensor.shape}], and its metadata (${describe(architecture)}) ask for [${shape}]; correct the metadata or use the weights that belong to them`,
  );
}

function describe({ baseWidth, inChannels, classes, activation }: UNetArchitecture): string {
  return `baseWidth ${baseWidth}, inChannels ${inChannels}, classes ${classes}, activation ${activation}`;
}

function given(text: string | undefined): string {
  return text === undefined ? "it is missing" : `it is "${text}"`;
}
