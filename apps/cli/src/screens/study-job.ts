// A study that runs behind the screens: it goes on while the user looks elsewhere.
import { advance, NOTHING, type Progress } from "../components/study-progress.ts";
import { sentenceOf } from "../exit.ts";
import type { Engine } from "./engine.ts";

/** What is to be run: a study file, or the generated cohort of the demo, which is made first. */
export interface JobOrder {
  readonly file: string | null;
  readonly out: string;
}

/** A case that is done. */
export interface DoneCase {
  readonly patient: string;
  readonly phase: string;
  readonly cached: boolean;
  readonly error: string | null;
}

/** How a job stands. */
export interface JobState {
  readonly order: JobOrder;
  readonly stage: "cohort" | "reading" | "patients" | "models" | "report" | "finished" | "stopping" | "stopped" | "failed";
  /** The study file, once it is known. */
  readonly file: string | null;
  readonly name: string;
  readonly progress: Progress;
  /** Patients of the demo cohort made so far. */
  readonly made: { readonly done: number; readonly of: number };
  /** The cases done last, the latest first. */
  readonly latest: readonly DoneCase[];
  /** Why it failed. */
  readonly error: string;
  readonly began: number;
  /** When it came to rest, ms; null while it runs. */
  readonly ended: number | null;
}

/** A running study. */
export interface StudyJob {
  state(): JobState;
  /** Calls back after every change; gives what ends that. */
  subscribe(changed: () => void): () => void;
  /** Ends it after the cases in work; what is finished is kept. */
  stop(): void;
  /** Resolves when it has come to rest; never rejects. */
  readonly done: Promise<void>;
}

const KEPT = 50;

/** Whether a job has come to rest. */
export function isOver({ stage }: JobState): boolean {
  return stage === "finished" || stage === "stopped" || stage === "failed";
}

/** Starts a study, or goes on with one whose folder holds a part. */
export function startJob(engine: Engine, order: JobOrder): StudyJob {
  const stopper = new AbortController();
  const listeners = new Set<() => void>();
  let state: JobState = {
    order,
    stage: order.file === null ? "cohort" : "reading",
    file: order.file,
    name: order.file ?? "demo cohort (SYNTHETIC)",
    progress: NOTHING,
    made: { done: 0, of: 0 },
    latest: [],
    error: "",
    began: Date.now(),
    ended: null,
  };
  const set = (change: Partial<JobState>) => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };
  // A study on a full disk must still end with its own sentence.
  const remember = (outcome: "running" | "finished" | "stopped" | "failed") =>
    state.file === null
      ? Promise.resolve()
      : engine.remember({ file: state.file, out: order.out, name: state.name, state: outcome }).catch((error: unknown) => {
          const { progress } = state;
          const remark = `not remembered: ${sentenceOf(error)}`;
          if (!progress.remarks.includes(remark)) set({ progress: { ...progress, remarks: [...progress.remarks, remark] } });
        });

  const run = async () => {
    try {
      const file = order.file ?? (await engine.makeDemo(`${order.out}/cohort`, stopper.signal, (done, of) => set({ made: { done, of } })));
      if (state.stage === "cohort") set({ stage: "reading" });
      set({ file });
      await engine.run(file, order.out, stopper.signal, (event) => {
        const progress = advance(state.progress, event, Date.now());
        const latest =
          event.type === "case"
            ? [{ patient: event.patient, phase: event.phase, cached: event.cached, error: event.error }, ...state.latest].slice(0, KEPT)
            : state.latest;
        set({
          progress,
          latest,
          ...(event.type === "start" && { name: event.study }),
          ...(state.stage !== "stopping" && { stage: stageOf(progress) }),
        });
        if (event.type === "start") void remember("running");
      });
      set({ stage: "finished", ended: Date.now() });
      await remember("finished");
    } catch (error) {
      const isStopped = stopper.signal.aborted && (error as Error)?.name === "AbortError";
      set({ stage: isStopped ? "stopped" : "failed", error: isStopped ? "" : sentenceOf(error), ended: Date.now() });
      await remember(isStopped ? "stopped" : "failed");
    }
  };
  return {
    state: () => state,
    subscribe(changed) {
      listeners.add(changed);
      return () => void listeners.delete(changed);
    },
    stop() {
      if (isOver(state) || state.stage === "stopping") return;
      set({ stage: "stopping" });
      stopper.abort();
    },
    done: Promise.resolve().then(run),
  };
}

function stageOf({ start, cases, models }: Progress): JobState["stage"] {
  if (!start) return "reading";
  if (cases.done < cases.total) return "patients";
  return models.done < models.total ? "models" : "report";
}
