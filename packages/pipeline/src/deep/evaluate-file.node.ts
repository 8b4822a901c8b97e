// islet unet eval: how well a network segments the cases of a table.
import { join } from "node:path";
import { loadCore, type Core } from "@islet/core-wasm";
import { diceScore } from "@islet/gpu-unet";
import { stringify } from "csv-stringify/sync";
import { readSource } from "../intake/source.node.ts";
import { boxAround } from "../preprocess/box.ts";
import type { PreprocessSettings } from "../preprocess/region.ts";
import { rangeFor } from "../preprocess/region.ts";
import { boundingBox } from "../preprocess/roi.ts";
import { encodePng } from "../png.ts";
import { sha256 } from "../host/cache.ts";
import { hashInput } from "../host/hash.node.ts";
import { checkFileOutput, makeFolder, writeAtomic } from "../host/output.node.ts";
import { summariseDice, type DiceSummary } from "./dice-summary.ts";
import { networkSettings, type NetworkSettings } from "./network-settings.ts";
import { BOX_COLOUR, drawSlices, NETWORK_COLOUR, threeSlices, TRUTH_COLOUR } from "./overlay.ts";
import { segmentTumour } from "./segment.ts";
import type { SliceSegmenter } from "./segmenter.ts";
import { eachCase, openCaseTable, type CaseProgress, type CaseTable, type ExcludedCase } from "./training/case-table.node.ts";
import { caseName, type CaseRow } from "./training/cases.ts";
import { loadCase } from "./training/load-case.ts";
import { recordOf, type TrainingRecord } from "./training/record.ts";
import { openSegmenter, type WantedBackend } from "./open-segmenter.node.ts";
import type { Tuning } from "./tuning.ts";
import { readWeightsFile } from "./weights-file.node.ts";
import { describeWeights } from "./weights.ts";

/** What `islet unet eval` is asked. */
export interface EvaluationRequest extends WantedBackend {
  /** The table of `islet unet train`; paths in it are relative to it. */
  readonly cases: string;
  readonly weights: string;
  /** Seeds the bootstrap and the simulated readers of cases without a rough annotation. */
  readonly seed: number;
  readonly jitterMm: number;
  readonly flips: boolean;
  /** Null: as the weights were trained. */
  readonly window: PreprocessSettings["window"] | null;
  readonly inputSize: number | null;
  /** A CSV to write, one row a case; null for none. */
  readonly table: string | null;
  /** A folder for one picture a case; null for none. */
  readonly overlays: string | null;
}

/** What the network knew of a case: an image that trained it says nothing about others. */
type CaseRole = "trained" | "validated" | "unseen" | "unknown";

/** One case's agreement. */
export interface EvaluatedCase {
  readonly patient: string;
  readonly phase: string;
  readonly role: CaseRole;
  /** DSC of the network's mask with the given one, on the image's voxels; 0 where the network finds nothing. */
  readonly dsc: number;
  /** DSC of the box itself, the trivial answer. */
  readonly box: number;
  readonly slices: number;
  readonly overlay: string | null;
}

/** How well a network segments a table of cases. */
export interface Evaluation {
  readonly cases: readonly EvaluatedCase[];
  readonly excluded: readonly ExcludedCase[];
  /** Over patients (a patient's phases averaged): the network, the box, and what the network adds to it. */
  readonly summary: { readonly network: DiceSummary; readonly box: DiceSummary; readonly gain: DiceSummary };
  readonly provenance: NetworkSettings & {
    readonly network: string;
    readonly weightsSha256: string;
    readonly device: string;
    readonly tuning: Tuning | null;
    readonly seed: number;
    readonly jitterMm: number;
    readonly flips: boolean;
  };
}

/**
 * Segments every case of a table as `islet segment` would and compares with its mask. A case that cannot be used is told and left out.
 *
 * @throws ConfigError for a table or weights that cannot be used; IntakeError where no case can be
 */
export async function evaluateFile(request: EvaluationRequest, tell: (progress: CaseProgress<EvaluatedCase>) => void): Promise<Evaluation> {
  const { seed, jitterMm, flips } = request;
  const table = await openCaseTable(request.cases);
  if (request.table !== null) await checkFileOutput(request.table, [request.cases, request.weights, request.tuning, ...table.paths]);
  if (request.overlays !== null) await makeFolder(request.overlays);
  const { bytes, checkpoint } = await readWeightsFile(request.weights);
  const settings = networkSettings(checkpoint, request.weights, request);
  const core = await loadCore();
  const { segmenter, tuning } = await openSegmenter(checkpoint, settings.inputSize, request);
  const tools = { core, segmenter, settings, record: recordOf(checkpoint) };
  const { results: cases, excluded } = await eachCase(table, (row) => evaluateCase(row, table, request, tools), tell).finally(() =>
    segmenter.destroy(),
  );
  if (request.table !== null) await writeAtomic(request.table, tableOf(cases));
  return {
    cases,
    excluded,
    summary: summarise(cases, seed),
    provenance: {
      network: describeWeights(checkpoint),
      weightsSha256: await sha256(bytes),
      device: segmenter.device,
      tuning,
      ...settings,
      seed,
      jitterMm,
      flips,
    },
  };
}

/** What every case is evaluated with. */
interface Tools {
  readonly core: Core;
  readonly segmenter: SliceSegmenter;
  readonly settings: NetworkSettings;
  readonly record: TrainingRecord | null;
}

/** Segments one case, compares, and draws it where pictures are wanted. */
async function evaluateCase(row: CaseRow, { at }: CaseTable, request: EvaluationRequest, { core, segmenter, settings, record }: Tools) {
  const { volume, mask: truth, around, warnings } = await loadCase(row, request, (path) => readSource(at(path)));
  const notes: string[] = [];
  const boxOn = (grid: Parameters<typeof boxAround>[2]) => {
    const found = boxAround(core, around, grid);
    notes.push(...found.notes);
    return found.box;
  };
  const { mask, boxMask, slices, voxels } = await segmentTumour(core, segmenter, volume, boxOn, { ...settings, flips: request.flips });
  if (voxels.kept === 0) notes.push("the network finds no tumour in the box");
  const overlay = request.overlays === null ? null : join(request.overlays, `${caseName(row)}.png`);
  if (overlay !== null) {
    const outlines = [
      { mask: boxMask, colour: BOX_COLOUR, thickness: 1 },
      { mask: truth, colour: TRUTH_COLOUR, thickness: 3 },
      { mask, colour: NETWORK_COLOUR, thickness: 2 },
    ];
    const range = rangeFor(volume, settings.preprocess.window);
    const picture = drawSlices(volume, boundingBox(boxMask), threeSlices(truth), range, outlines);
    await writeAtomic(overlay, encodePng(picture));
  }
  const result: EvaluatedCase = {
    patient: row.patient,
    phase: row.phase,
    role: roleOf(record, await hashInput(at(row.image))),
    dsc: diceScore(mask.data, truth.data),
    box: diceScore(boxMask.data, truth.data),
    slices,
    overlay,
  };
  return { result, warnings: [...warnings, ...notes] };
}

/** By the image's content, so that another name for it does not hide what it was used for. */
function roleOf(record: TrainingRecord | null, image: string): CaseRole {
  if (!record) return "unknown";
  const used = record.cases.find(({ sha256: { image: known } }) => known === image);
  if (!used) return "unseen";
  return record.split.validation.includes(used.patient) ? "validated" : "trained";
}

function summarise(cases: readonly EvaluatedCase[], seed: number): Evaluation["summary"] {
  const patients = [...Map.groupBy(cases, ({ patient }) => patient).values()];
  const over = (value: (one: EvaluatedCase) => number) =>
    summariseDice(
      patients.map((group) => group.reduce((sum, one) => sum + value(one), 0) / group.length),
      seed,
    );
  return { network: over(({ dsc }) => dsc), box: over(({ box }) => box), gain: over(({ dsc, box }) => dsc - box) };
}

function tableOf(cases: readonly EvaluatedCase[]): string {
  return stringify([
    ["patient_id", "phase", "role", "dsc", "dsc_box", "slices"],
    ...cases.map(({ patient, phase, role, dsc, box, slices }) => [patient, phase, role, dsc, box, slices]),
  ] as string[][]);
}
