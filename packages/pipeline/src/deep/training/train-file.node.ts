// islet unet train: a table of scans in, weights and the record of their training out.
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { loadCore, type Core } from "@islet/core-wasm";
import type { Checkpoint } from "@islet/gpu-unet";
import { ConfigError, IntakeError } from "../../errors.ts";
import { readSource } from "../../intake/source.node.ts";
import { cacheKey, sha256 } from "../../host/cache.ts";
import { engineHash, hashInput } from "../../host/hash.node.ts";
import type { Json } from "../../host/json.ts";
import { checkFileOutput, writeAtomic } from "../../host/output.node.ts";
import { tuningNamed } from "../tuning-named.node.ts";
import { VERSION } from "../../version.ts";
import { resolveBackend, type BackendChoice } from "../encode.ts";
import type { Tuning } from "../tuning.ts";
import { readWeightsFile } from "../weights-file.node.ts";
import { seededWeights, writeWeights } from "../weights.ts";
import { eachCase, openCaseTable, type CaseProgress, type CaseTable } from "./case-table.node.ts";
import type { CaseRow } from "./cases.ts";
import type { LabelledCase } from "./labelled-case.ts";
import { labelledCase, loadCase } from "./load-case.ts";
import { curveTable, recordedWeights, type RecordedCase, type TrainingRecord } from "./record.ts";
import type { TrainingSettings } from "./settings.ts";
import { webGpuTrainer } from "./webgpu-trainer.ts";
import { splitPatients } from "./split.ts";
import { decodeState, encodeState, type TrainingState } from "./state.ts";
import { threadedTrainer } from "./threads.node.ts";
import { endOf, train, type TrainingEvent } from "./train.ts";

/** What `islet unet train` is asked. */
export interface TrainingRequest {
  /** The table; paths in it are relative to it. */
  readonly cases: string;
  /** The weights to write; the record, the curve and the checkpoint lie beside it. */
  readonly out: string;
  readonly settings: TrainingSettings;
  /** The first weights: drawn from the settings' seed, or a file's. */
  readonly network: { readonly baseWidth: number; readonly activation: "elu" | "relu" } | { readonly file: string };
  readonly backend: BackendChoice;
  /** A record of `islet unet tune --for training`, a file; `auto`; or absent for the standard workgroups. */
  readonly tuning?: string;
  /** Threads on the CPU (default: the cores); they do not change the result. */
  readonly threads?: number;
  /** Whether a checkpoint of another training may be replaced. */
  readonly fresh: boolean;
  readonly signal?: AbortSignal;
}

/** What else is told while a training is prepared. */
export type TrainingFileEvent =
  | TrainingEvent
  | (Omit<CaseProgress<unknown>, "result"> & { readonly kind: "case"; readonly slices: number })
  | {
      readonly kind: "ready";
      readonly split: { readonly training: number; readonly validation: number };
      readonly slices: number;
      /** Epochs that an earlier run of the command has trained. */
      readonly resumed: number;
      /** Whether these were all: nothing is left to train. */
      readonly isFinished: boolean;
    };

/** What a training left. */
export interface TrainingResult {
  readonly files: {
    readonly weights: string;
    readonly record: string;
    readonly curve: string;
    readonly figure: string;
    readonly checkpoint: string;
  };
  readonly record: TrainingRecord;
}

/** The files of a training beside its weights. */
function trainingFiles(out: string): TrainingResult["files"] {
  const stem = out.replace(/\.safetensors$/i, "");
  return {
    weights: out,
    record: `${stem}.training.json`,
    curve: `${stem}.training.csv`,
    figure: `${stem}.training.svg`,
    checkpoint: `${stem}.checkpoint.safetensors`,
  };
}

/**
 * Trains a network on the cases of a table.
 *
 * A case that cannot be used is told and left out. The state is kept after each epoch, so the same command goes on where it was stopped.
 *
 * @throws ConfigError for a table or settings that cannot be used, or a checkpoint of another training; IntakeError where no case can be used
 */
export async function trainFile(request: TrainingRequest, tell: (event: TrainingFileEvent) => void): Promise<TrainingResult> {
  const { settings } = request;
  const files = trainingFiles(request.out);
  const table = await openCaseTable(request.cases);
  const read = [request.cases, request.tuning, "file" in request.network ? request.network.file : undefined, ...table.paths];
  for (const file of Object.values(files)) await checkFileOutput(file, read);
  const { start, origin } = await firstWeights(request);
  const backend = await resolveBackend(request.backend);
  const { architecture } = start;
  const tuning = await tuningNamed(request.tuning, backend, () => ({
    architecture,
    inputSize: settings.inputSize,
    use: "training",
    batch: settings.batch,
  }));
  const core = await loadCore();
  const { results, excluded } = await eachCase(
    table,
    (row) => trainingCase(core, row, table, settings),
    ({ result, ...told }) => tell({ kind: "case", ...told, slices: result?.recorded.slices ?? 0 }),
  );
  const loaded = results.map(({ labelled }) => labelled);
  const recorded = results.map((one) => one.recorded);
  const split = splitPatients(
    loaded.map(({ patient }) => patient),
    settings.validationShare,
    settings.seed,
    request.cases,
  );
  const identity = await identityOf(request, recorded, origin, backend, tuning);
  const from = await stateIn(files.checkpoint, identity, request.fresh);
  const [training, validation] = [split.training, split.validation].map((ids) => loaded.filter(({ patient }) => ids.includes(patient))) as [
    LabelledCase[],
    LabelledCase[],
  ];
  tell({
    kind: "ready",
    split: { training: split.training.length, validation: split.validation.length },
    slices: training.reduce((sum, { roi }) => sum + roi.shape[0], 0),
    resumed: from?.curve.length ?? 0,
    isFinished: from !== null && endOf(from, settings) !== null,
  });

  let device = "";
  const engine = await engineHash();
  const recordOf = ({ curve, best }: TrainingState, end: TrainingRecord["end"]): TrainingRecord => ({
    format: "islet-training-record/1",
    islet: VERSION,
    engine,
    backend,
    device,
    ...(tuning && { tuning }),
    settings,
    network: start.architecture,
    start: origin,
    cases: recorded,
    excluded,
    split,
    curve,
    best: { epoch: best.epoch, dsc: best.dsc },
    end,
    seconds: curve.reduce((sum, { seconds }) => sum + seconds, 0),
  });
  const write = async (state: TrainingState, end: TrainingRecord["end"]) => {
    const record = recordOf(state, end);
    if (end !== "running" || state.best.epoch === state.curve.length)
      await writeAtomic(files.weights, writeWeights(recordedWeights(state, record)));
    await writeAtomic(files.record, `${JSON.stringify(record, null, 2)}\n`);
    await writeAtomic(files.curve, curveTable(state.curve));
    // What draws is large; most commands never need it.
    const { trainingCurveFigure } = await import("../../report/figures/training-curve.ts");
    await writeAtomic(files.figure, trainingCurveFigure(state.curve, state.best, settings.loss.kind).svg);
    return record;
  };
  const { state, end } = await train(
    { training, validation, settings, identity, start, from },
    {
      core,
      createTrainer: backend === "webgpu" ? webGpuTrainer(tuning) : threadedTrainer(request.threads ?? availableParallelism()),
      async save(next) {
        await writeAtomic(files.checkpoint, encodeState(next));
        await write(next, "running");
      },
      now: () => performance.now(),
      ...(request.signal && { signal: request.signal }),
      tell(event) {
        if (event.kind === "device") device = event.device;
        tell(event);
      },
    },
  );
  return { files, record: await write(state, end) };
}

async function firstWeights({ network, settings }: TrainingRequest): Promise<{ start: Checkpoint; origin: TrainingRecord["start"] }> {
  if (!("file" in network)) {
    const start = seededWeights(network.baseWidth, settings.seed, { activation: network.activation });
    return { start, origin: { seed: settings.seed } };
  }
  const { bytes, checkpoint: start } = await readWeightsFile(network.file);
  const { classes, inChannels } = start.architecture;
  if (start.parts !== "unet" || classes !== 2 || inChannels !== 1) {
    throw new ConfigError(
      network.file,
      `training starts from a whole network with 1 input channel and 2 classes; these weights are ${start.parts === "unet" ? `a network with ${inChannels} channels and ${classes} classes` : "an encoder alone"}`,
    );
  }
  return { start, origin: { sha256: await sha256(bytes) } };
}

/** A case ready to be trained on, and what the record keeps of it. */
async function trainingCase(core: Core, row: CaseRow, { at }: CaseTable, settings: TrainingSettings) {
  const { patient, phase } = row;
  const files = await loadCase(row, settings, (path) => readSource(at(path)));
  const { labelled, notes } = labelledCase(core, row, files, settings);
  const hashes = {
    image: await hashInput(at(row.image)),
    mask: await hashInput(at(row.mask)),
    ...(row.rough !== null && { rough: await hashInput(at(row.rough)) }),
  };
  const recorded: RecordedCase = { patient, phase, slices: labelled.roi.shape[0], sha256: hashes };
  return { result: { labelled, recorded }, warnings: [...files.warnings, ...notes] };
}

/** What must be the same for a training to go on. More epochs or another patience may be asked for later, unless the schedule depends on the number of epochs. */
async function identityOf(
  { settings }: TrainingRequest,
  cases: readonly RecordedCase[],
  start: TrainingRecord["start"],
  backend: string,
  tuning: Tuning | null,
): Promise<string> {
  const { epochs, patience: _, ...rest } = settings;
  const counted = settings.schedule.kind === "cosine" ? { epochs } : {};
  return cacheKey({ settings: { ...rest, ...counted }, cases, start, backend, ...(tuning && { tuning }) } as unknown as Json);
}

async function stateIn(file: string, identity: string, fresh: boolean): Promise<TrainingState | null> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw new IntakeError(file, `cannot be read (${error.code}); check its permissions`, { cause: error });
  });
  if (!bytes || fresh) return null;
  const state = decodeState(bytes, file);
  if (state.identity === identity) return state;
  throw new ConfigError(
    file,
    "holds a training with other images, settings, first weights, backend or tuning, and cannot go on with these; choose another output, or --fresh to start again in its place",
  );
}
