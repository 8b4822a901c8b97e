import type { StudyDraft, StudyEvent, StudyView, TableSketch } from "@islet/pipeline";
import { useCallback, useEffect, useMemo, useState } from "react";
import type { Dropped } from "../components/dropped-files.ts";
import { sentenceOf, told } from "../worker/case-client.ts";
import { exampleStudy } from "./example.ts";
import { StudyClient } from "./study-client.ts";
import type { StudyCheck } from "./study.worker.ts";

/** What a run has done so far. */
export interface RunProgress {
  readonly done: number;
  readonly total: number;
  readonly last: string;
}

/** Everything that the page of a study shows, and what can be done on it. */
export interface StudyDeskState {
  readonly tables: Readonly<Record<string, string>>;
  readonly sketches: readonly TableSketch[];
  readonly draft: StudyDraft | null;
  /** What the pipeline says of the study as it stands: counts, or the sentence of what is wrong; null while it is being looked at. */
  readonly check: StudyCheck | { readonly fault: string } | null;
  readonly running: RunProgress | null;
  readonly view: StudyView | null;
  /** What went wrong with files or with a run. */
  readonly fault: string | null;
}

const FILE = "study.yaml";
const EMPTY: StudyDeskState = { tables: {}, sketches: [], draft: null, check: null, running: null, view: null, fault: null };
/** A form that is being typed into is checked when the hands rest, ms. */
const REST = 250;

/** The study of this page; what was entered stays through faults, cancelled runs and a worker's death. */
export function useStudy() {
  const [state, setState] = useState(EMPTY);
  const change = useCallback((part: Partial<StudyDeskState>) => setState((now) => ({ ...now, ...part })), []);
  const client = useMemo(() => new StudyClient((sentence) => setState((now) => ({ ...now, running: null, fault: sentence }))), []);
  const { draft, tables } = state;

  useEffect(() => {
    if (!draft) return;
    let isStale = false;
    const timer = setTimeout(async () => {
      try {
        const study = await client.desk.writeDraft(draft);
        const check = await client.desk.check({ file: FILE, study, tables });
        if (!isStale) change({ check });
      } catch (error) {
        if (!isStale) change({ check: { fault: sentenceOf(error) } });
      }
    }, REST);
    return () => {
      isStale = true;
      clearTimeout(timer);
    };
  }, [change, client, draft, tables]);

  /** Adds tables, and takes a study file where one is among them; the first tables bring a proposal. */
  const take = async (texts: Readonly<Record<string, string>>) => {
    try {
      const isStudy = (name: string) => /\.ya?ml$/i.test(name);
      const own = Object.fromEntries(Object.entries(texts).filter(([name]) => !isStudy(name)));
      const study = Object.entries(texts).find(([name]) => isStudy(name));
      const given = { ...tables, ...own };
      const sketches = await client.desk.sketch(given);
      const read = study && (await client.desk.readDraft(study[1], study[0]));
      const next = read ?? draft ?? (sketches.length > 0 ? await client.desk.propose(sketches) : null);
      change({ tables: given, sketches, draft: next, check: null, fault: null });
    } catch (error) {
      change({ fault: sentenceOf(error) });
    }
  };

  const actions = {
    async drop({ files }: Dropped) {
      const texts: Record<string, string> = {};
      for (const { name, file } of files) texts[name.split("/").at(-1)!] = await file.text();
      await take(texts);
    },
    async example() {
      const { study, tables: own } = await exampleStudy();
      await take({ ...own, [FILE]: study });
    },
    /** A new proposal from the tables as they are. */
    async propose() {
      change({ draft: await client.desk.propose(state.sketches), check: null });
    },
    remove(file: string) {
      const { [file]: _, ...rest } = tables;
      change({ tables: rest, sketches: state.sketches.filter((sketch) => sketch.file !== file), check: null });
    },
    edit: (next: StudyDraft) => change({ draft: next, check: null }),
    /** @returns whether it came to its end */
    async run(): Promise<boolean> {
      if (!draft) return false;
      change({ running: { done: 0, total: (draft["models"] as unknown[]).length, last: "" }, fault: null });
      try {
        const study = await client.desk.writeDraft(draft);
        const tell = (event: StudyEvent) => {
          if (event.type === "model") change({ running: { done: event.done, total: event.total, last: event.model } });
        };
        const view = await client.desk.run({ file: FILE, study, tables }, told(tell));
        change({ running: null, view });
        return true;
      } catch (error) {
        change({ running: null, fault: sentenceOf(error) });
        return false;
      }
    },
    cancel: () => void client.desk.cancel(),
    output: (path: string) => client.desk.output(path),
    zip: () => client.desk.zip(),
    studyFile: () => client.desk.writeDraft(draft!),
  };
  return { ...state, actions };
}

/** What `useStudy` gives. */
export type Study = ReturnType<typeof useStudy>;
