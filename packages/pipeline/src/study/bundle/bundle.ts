// The trained model as one file, opened: read the same way in Node and in a browser.
import type { z } from "zod";
import { IntakeError } from "../../errors.ts";
import { faultIn } from "../../schema-fault.ts";
import {
  modelSchema,
  provenanceSchema,
  referenceSchema,
  type BundleModel,
  type BundlePhase,
  type BundleProvenance,
  type BundleReference,
} from "./schema.ts";
import { BUNDLE_FORMAT, jsonOf, unpackBundle } from "./container.ts";
import { sha256 } from "../../host/cache.ts";

/** A bundle that has been opened and checked. */
export interface Bundle {
  /** What messages call it. */
  readonly file: string;
  readonly format: string;
  /** Of the whole file. */
  readonly sha256: string;
  readonly bytes: number;
  readonly model: BundleModel;
  readonly reference: BundleReference;
  readonly provenance: BundleProvenance;
  /** The network, where it travels along: a safetensors file. */
  readonly weights: Uint8Array | null;
}

/**
 * Opens `model.islet`.
 *
 * @param file  what messages call it
 * @throws IntakeError where it is no bundle, of another version, cut short, damaged, or its parts contradict each other
 */
export async function openBundle(bytes: Uint8Array, file = "model.islet"): Promise<Bundle> {
  const parts = await unpackBundle(bytes, file);
  const checked = <S extends z.ZodType>(name: string, schema: S): z.output<S> => {
    const result = schema.safeParse(jsonOf(parts, name, file));
    if (result.success) return result.data;
    throw new IntakeError(
      file,
      `its part ${name} is not what this version of Islet writes (${faultIn(result.error, schema)}); run the study again`,
    );
  };
  const model = checked("model.json", modelSchema);
  const reference = checked("reference.json", referenceSchema);
  const provenance = checked("provenance.json", provenanceSchema);
  const weights = weightsOf(model, parts, file);
  checkSizes(model, reference, file);
  return { file, format: BUNDLE_FORMAT, sha256: await sha256(bytes), bytes: bytes.length, model, reference, provenance, weights };
}

function weightsOf({ network }: BundleModel, parts: ReadonlyMap<string, Uint8Array>, file: string): Uint8Array | null {
  if (network?.source.kind !== "embedded") return null;
  const weights = parts.get(network.source.part);
  if (!weights) throw new IntakeError(file, `has no part ${network.source.part}, its network; run the study again`);
  return weights;
}

/** What the schema cannot say: parts that must agree. */
function checkSizes(model: BundleModel, reference: BundleReference, file: string): void {
  const width = reference.features.length;
  const known = new Set([...model.phases, ...model.tables].map((one) => one.name));
  const isDeep = model.phases.some((phase) => phase.deep);
  if (
    reference.patients.length !== reference.n ||
    reference.patients.some((patient) => patient.z.length !== width) ||
    model.blocks.some((block) => !known.has(block.split(".")[1] ?? "")) ||
    isDeep !== (model.network !== null)
  ) {
    throw new IntakeError(file, "its parts contradict each other; it was not written by Islet. Run the study again");
  }
}

/** What a phase of a new patient must bring. */
export interface PhaseNeeds {
  readonly name: string;
  readonly window: { readonly level: number; readonly width: number } | null;
  readonly percentiles: readonly [number, number] | null;
  readonly needs: { readonly rough: boolean; readonly mask: boolean };
}

/** A bundle for a screen: plain JSON. */
export interface BundleDescription {
  readonly file: string;
  readonly format: string;
  readonly sha256: string;
  readonly bytes: number;
  /** "Research use only." and whether the data were generated. */
  readonly notice: string;
  readonly study: string;
  readonly model: string;
  readonly synthetic: boolean;
  readonly phases: readonly PhaseNeeds[];
  /** Features made elsewhere that a patient's score needs. */
  readonly tables: readonly { readonly name: string; readonly columns: readonly string[] }[];
  readonly clinical: readonly VariableNeeds[];
  readonly findings: readonly VariableNeeds[];
  /** The column with the scanner or centre, where features are harmonised. */
  readonly batch: { readonly column: string; readonly known: readonly string[] } | null;
  /** Whether values may be missing. */
  readonly fillsGaps: boolean;
  readonly blocks: readonly string[];
  readonly threshold: number;
  readonly thresholdRule: string;
  readonly folds: number;
  readonly training: { readonly n: number; readonly events: number; readonly horizonMonths: number | null };
  readonly performance: BundleProvenance["performance"];
  readonly network: {
    readonly description: string;
    readonly sha256: string;
    readonly weights: "seeded" | "embedded" | "elsewhere";
    /** Where they are needed from. */
    readonly file: string | null;
  } | null;
  readonly warnings: readonly string[];
  readonly versions: { readonly islet: string; readonly backend: string; readonly simd: string; readonly engine: string };
}

/** A variable that a patient's score needs. */
export interface VariableNeeds {
  readonly name: string;
  readonly kind: "number" | "category";
  /** What a category may be. */
  readonly levels: readonly string[];
}

/** Describes a bundle for a screen. */
export function describeBundle({ file, format, sha256: hash, bytes, model, reference, provenance }: Bundle): BundleDescription {
  const variables = (room: "clinical" | "findings") =>
    model.variables.filter((v) => v.room === room).map(({ name, kind, levels }) => ({ name, kind, levels }));
  const { network } = model;
  return {
    file,
    format,
    sha256: hash,
    bytes,
    notice: noticeOf(model),
    study: model.study,
    model: model.model,
    synthetic: model.synthetic,
    phases: model.phases.map(needsOf),
    tables: model.tables,
    clinical: variables("clinical"),
    findings: variables("findings"),
    batch: batchOf(model),
    fillsGaps: model.fillsGaps,
    blocks: model.blocks,
    threshold: model.threshold,
    thresholdRule: model.thresholdRule,
    folds: model.folds.length,
    training: { n: reference.n, events: reference.events, horizonMonths: reference.horizonMonths },
    performance: provenance.performance,
    network: network && {
      description: network.description,
      sha256: network.sha256,
      weights: network.source.kind,
      file: network.source.kind === "elsewhere" ? network.source.file : null,
    },
    warnings: provenance.findings
      .filter(({ level }) => level === "warning")
      .map(({ id, found, consequence }) => `${found ?? `${id}:`} ${consequence}`),
    versions: { islet: provenance.islet, backend: provenance.backend, simd: provenance.simd, engine: provenance.engine },
  };
}

/** What stands beside every risk. */
export function noticeOf({ synthetic }: Pick<BundleModel, "synthetic">): string {
  return `Research use only: not a medical device, not for decisions about patients.${synthetic ? " The model was trained on SYNTHETIC data and says nothing about real tumours." : ""}`;
}

/** What a phase must bring. */
export function needsOf({ name, window, percentiles, deep, radiomics }: BundlePhase): PhaseNeeds {
  return { name, window: window ?? null, percentiles: percentiles ?? null, needs: { rough: deep, mask: radiomics.length > 0 } };
}

/** The harmonised batches of a model; null where there is no harmonisation. */
export function batchOf({ columns, folds }: BundleModel): BundleDescription["batch"] {
  if (columns.batch === undefined) return null;
  return { column: columns.batch, known: [...new Set(folds.flatMap((fold) => fold.combat?.batches ?? []))].sort() };
}
