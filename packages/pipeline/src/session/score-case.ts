// The risk of the patient whose scans lie open: the shared scoring core, on scans that need not be read again.
import type { BackendChoice } from "../deep/encode.ts";
import { threadsOfMachine } from "../deep/network-core.ts";
import { plainNifti } from "../intake/nifti-writer.ts";
import { createScoreEngine, type ScoreEngine } from "../score/engine.ts";
import type { PatientInputs, PhaseInputs } from "../score/inputs.ts";
import { explainedScore, type ExplainedScore, type ScoreStage } from "../score/score-patient.ts";
import type { Bundle } from "../study/bundle/bundle.ts";
import type { HeldScan } from "./held-scan.ts";
import type { Stage } from "./measure.ts";
import type { HeldRegion } from "./region.ts";
import { encodingInParts } from "./slices-in-parts.ts";
import { cellsOf, type TableRow } from "./table-row.ts";

/** A patient to be scored with the model on the desk. */
export interface ScoreQuestion {
  /** Which slot's scan is which phase of the model. */
  readonly phases: Readonly<Record<string, string>>;
  /** Clinical variables and findings by name, as written; an empty one is a gap. */
  readonly variables: Readonly<Record<string, string>>;
  /** Features made elsewhere, by table. */
  readonly tables?: Readonly<Record<string, TableRow>>;
  /** The scanner or centre, where the model asks for it. */
  readonly batch?: string;
  readonly backend: BackendChoice;
  /** The network, where the bundle has only its hash. */
  readonly weights?: { readonly file: string; readonly bytes: Uint8Array };
}

/** The regions of a slot: an annotation, a mask, or both. */
export interface SlotRegions {
  readonly rough?: HeldRegion;
  readonly mask?: HeldRegion;
}

/** A score, where the risk comes from, and how long it took. */
export interface ScoredCase extends ExplainedScore {
  /** By phase, where the risk comes from: plain NIfTI on the tumour's box, for a viewer. */
  readonly heats: Readonly<Record<string, Uint8Array<ArrayBuffer>>>;
  readonly milliseconds: number;
}

/**
 * Scores a patient, with the explanation of every phase that the network looks at.
 *
 * Where the backend was left open and the adapter is lost on the way, WASM computes it all again, and a warning says so.
 *
 * @param slot  what lies in a slot
 * @throws ConfigError where what lies there is not what the model asks for
 */
export async function scoreCase(
  bundle: Bundle,
  question: ScoreQuestion,
  slot: (name: string) => { readonly scan: HeldScan } & SlotRegions,
  tell: (stage: Stage) => void,
): Promise<ScoredCase> {
  const start = performance.now();
  const phases = Object.fromEntries(Object.entries(question.phases).map(([phase, name]) => [phase, phaseOf(slot(name))]));
  const tables = Object.fromEntries(Object.entries(question.tables ?? {}).map(([name, row]) => [name, cellsOf(row)]));
  const inputs: PatientInputs = { phases, variables: question.variables, tables, ...(question.batch && { batch: question.batch }) };
  const runOn = async (backend: BackendChoice): Promise<ExplainedScore> => {
    tell({ stage: "loading the model's network", done: null });
    const engine = await engineOf(bundle, backend, question);
    try {
      const told =
        engine.encoder &&
        encodingInParts(engine.encoder, (done, total) => tell({ stage: `slice ${done} of ${total}`, done: done / total }));
      return await explainedScore(bundle, { ...engine, encoder: told }, inputs, true, (stage) => tell(stageOf(stage)));
    } finally {
      engine.destroy();
    }
  };
  const finished = async ({ score, explanation }: ExplainedScore): Promise<ScoredCase> => {
    const heats = await Promise.all(explanation.map(async ({ phase, onBox }) => [phase, await plainNifti(onBox)] as const));
    return { score, explanation, heats: Object.fromEntries(heats), milliseconds: performance.now() - start };
  };
  try {
    return await finished(await runOn(question.backend));
  } catch (error) {
    if (question.backend !== "auto" || (error as Error).name !== "DeviceError") throw error;
    const { score, explanation } = await runOn("wasm");
    const warning = `the graphics adapter failed (${(error as Error).message}); the network ran on WASM instead`;
    return finished({ score: { ...score, warnings: [...score.warnings, warning] }, explanation });
  }
}

/** A slot's scan as the core takes it: the mask alone serves for the box too. */
function phaseOf({ scan: { path, volume, report }, rough, mask }: { readonly scan: HeldScan } & SlotRegions): PhaseInputs {
  const box = rough?.source ?? mask?.source;
  return {
    image: { path, volume, report },
    ...(box && { rough: box }),
    ...(mask && { mask: mask.source, ...mask.pick }),
  };
}

function engineOf(bundle: Bundle, backend: BackendChoice, { weights }: ScoreQuestion): Promise<ScoreEngine> {
  return createScoreEngine(bundle, {
    backend,
    ...(weights && { weights }),
    threads: threadsOfMachine(),
    open: (path) => Promise.reject(new Error(`${path} is not on the desk`)),
  });
}

function stageOf({ stage, phase, done, total }: ScoreStage): Stage {
  const words = { features: "features", score: "the fold models", explanation: "where the risk comes from" }[stage];
  return { stage: phase === null ? words : `${words} of ${phase}`, done: done / total };
}
