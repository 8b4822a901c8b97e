// What a page's worker does with a bundle: opens it, keeps its network ready, scores patients.
import { describeBundle, openBundle, type Bundle, type BundleDescription } from "../study/bundle.ts";
import type { BackendChoice } from "../deep/encode.ts";
import type { ImageSource } from "../intake/source.ts";
import { createScoreEngine, type ScoreEngine } from "./engine.ts";
import type { PatientInputs } from "./inputs.ts";
import { explainedScore, type ExplainedScore, type ScoreStage } from "./score-patient.ts";

/** The interface that a page speaks to over comlink. To cancel, end the worker. */
export interface ScoreWorker {
  /** Opens and keeps a bundle; its network is made ready with the first score. */
  open(bytes: Uint8Array, file: string): Promise<BundleDescription>;
  /**
   * Scores a patient with the bundle that is open.
   *
   * @param tell  told of each stage (a comlink proxy)
   */
  score(inputs: PatientInputs, options?: ScoreWorkerOptions, tell?: (stage: ScoreStage) => void): Promise<ExplainedScore>;
}

/** How a patient is scored in a page. */
export interface ScoreWorkerOptions {
  readonly backend?: BackendChoice;
  /** The network, where the bundle has only its hash. */
  readonly weights?: { readonly file: string; readonly bytes: Uint8Array };
  /** Whether to say where in the tumour the risk comes from, too. */
  readonly explain?: boolean;
}

/**
 * A worker's own side.
 *
 * @param open  reads a path; rejects where there are none (browser)
 */
export function createScoreWorker(open: (path: string) => Promise<ImageSource>): ScoreWorker {
  let bundle: Bundle | null = null;
  let engine: { readonly ready: ScoreEngine; readonly key: string } | null = null;
  const engineFor = async (own: Bundle, { backend = "auto", weights }: ScoreWorkerOptions): Promise<ScoreEngine> => {
    const key = `${own.sha256} ${backend} ${weights?.file ?? ""} ${weights?.bytes.length ?? 0}`;
    if (engine?.key === key) return engine.ready;
    engine?.ready.destroy();
    engine = null;
    engine = { ready: await createScoreEngine(own, { backend, ...(weights && { weights }), open }), key };
    return engine.ready;
  };
  return {
    async open(bytes, file) {
      bundle = await openBundle(bytes, file);
      return { ...describeBundle(bundle), bytes: bytes.length };
    },
    async score(inputs, options = {}, tell = () => {}) {
      if (!bundle) throw new Error("a worker was asked for a score before open()");
      return explainedScore(bundle, await engineFor(bundle, options), inputs, options.explain === true, tell);
    },
  };
}
