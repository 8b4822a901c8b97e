// The worker that reads tables, checks and runs studies; it keeps finished models and outputs in memory, the page only shows.
import { guardsOfTables, proposeStudy, readStudyDraft, sketchTable, studyView, writeStudyDraft } from "@islet/pipeline";
import type { Finding, StudyDraft, StudyEvent, StudyView, TableSketch } from "@islet/pipeline";
import { memoryCache, openStudyTexts, runStudyTexts, type StudyTexts } from "@islet/pipeline/browser";
import { expose, transfer } from "comlink";
import { zipSync } from "fflate";

/** Identifies the engine's code that this page was built with: written in by the build. */
declare const __ISLET_ENGINE__: string;

/** What a study is before it runs. */
export interface StudyCheck {
  readonly internal: CohortCount;
  readonly external: CohortCount;
  readonly excluded: number;
  /** Sentences about what is passed over, and patients without features. */
  readonly notes: readonly string[];
  readonly findings: readonly Finding[];
}

/** Patients of a cohort. */
export interface CohortCount {
  readonly n: number;
  readonly events: number;
}

const cache = memoryCache();
let outputs = new Map<string, Uint8Array>();
let stop: AbortController | null = null;

const desk = {
  /** @throws ConfigError where a file is no table */
  sketch: (tables: StudyTexts["tables"]): TableSketch[] => Object.entries(tables).map(([file, text]) => sketchTable(text, file)),

  propose: (tables: readonly TableSketch[]): StudyDraft => proposeStudy(tables),

  readDraft: (text: string, file: string): StudyDraft => readStudyDraft(text, file),

  writeDraft: (draft: StudyDraft): string => writeStudyDraft(draft),

  /** @throws ConfigError with the sentence that `islet study validate` would print */
  async check(texts: StudyTexts): Promise<StudyCheck> {
    const opened = await openStudyTexts(texts);
    const { patients, excluded } = opened.cohort;
    const count = (name: "internal" | "external") => {
      const own = patients.filter(({ cohort }) => cohort === name);
      return { n: own.length, events: own.filter(({ outcome }) => outcome === 1).length };
    };
    const absent = opened.tables.missing.map(({ patient, phase, reason }) => `patient ${patient}, ${phase}: ${reason}`);
    return {
      internal: count("internal"),
      external: count("external"),
      excluded: excluded.length,
      notes: [...absent, ...opened.tables.notes],
      findings: guardsOfTables(opened),
    };
  },

  /** Runs a study; what it computes is kept for as long as the page is open, so a run that was stopped goes on where it was. */
  async run(texts: StudyTexts, tell: (event: StudyEvent) => void): Promise<StudyView> {
    stop = new AbortController();
    let findings: readonly Finding[] = [];
    const made = await runStudyTexts(texts, { engine: __ISLET_ENGINE__, cache, signal: stop.signal }, (event) => {
      if (event.type === "end") ({ findings } = event);
      tell(event);
    });
    outputs = made;
    return studyView(await openStudyTexts(texts), made, findings);
  },

  cancel(): void {
    const reason = new Error("stopped; finished models are kept, so running again goes on where it was");
    reason.name = "Cancelled";
    stop?.abort(reason);
  },

  /** An output of the last run by its path. */
  output: (path: string): Uint8Array => outputs.get(path)!,

  /** Every output of the last run in one zip. Its entries carry no time: equal outputs give equal bytes. */
  zip(): Uint8Array {
    const packed = zipSync(Object.fromEntries(outputs), { mtime: "1980-01-01T00:00:00" });
    return transfer(packed, [packed.buffer]);
  },
};

/** What the page may ask of the worker. */
export type StudyDesk = typeof desk;

expose(desk);
