// The model on the desk, and the score of the patient whose scans lie beside it.
import type { BundleDescription, ScoredCase } from "@islet/pipeline";
import { useCallback, useState } from "react";
import type { Dropped } from "../components/dropped-files.ts";
import { Cancelled, sentenceOf, type CaseClient } from "../worker/case-client.ts";
import type { Running } from "./use-scan.ts";

/** What was entered for the model, and what came of it. */
export interface ModelState {
  readonly description: BundleDescription | null;
  readonly variables: Readonly<Record<string, string>>;
  readonly batch: string;
  /** Which slot's scan is which phase. */
  readonly phases: Readonly<Record<string, string>>;
  /** Features made elsewhere, by table. */
  readonly tables: Readonly<Record<string, TableChoice>>;
  readonly scored: ScoredCase | null;
  readonly weights: File | null;
}

/** A table of features and the patient's row in it. */
export interface TableChoice {
  readonly file: string;
  readonly text: string;
  /** What its rows are called. */
  readonly rows: readonly string[];
  readonly row: number | null;
}

const EMPTY: ModelState = { description: null, variables: {}, batch: "", phases: {}, tables: {}, scored: null, weights: null };

/** The model, and what can be done with it. */
export function useModel(client: CaseClient, slots: readonly string[]) {
  const [state, setState] = useState<ModelState>(EMPTY);
  const [running, setRunning] = useState<Running>(null);
  const [fault, setFault] = useState<string | null>(null);
  const patch = useCallback((change: Partial<ModelState>) => setState((before) => ({ ...before, ...change })), []);
  const run = async (what: string, work: (tell: (stage: { stage: string; done: number | null }) => void) => Promise<void>) => {
    setFault(null);
    setRunning({ what, stage: "", done: null });
    try {
      await work((stage) => setRunning({ what, ...stage }));
    } catch (error) {
      setFault(
        error instanceof Cancelled ? `Stopped: ${what}. What you entered is kept; start it again whenever you like.` : sentenceOf(error),
      );
    } finally {
      setRunning(null);
    }
  };
  const open = (file: File) =>
    run("Opening the model", async () => {
      const description = await client.openModel(file);
      // Phases go to the scans in their order until someone says otherwise; what was entered for another model stays where names agree.
      const phases = Object.fromEntries(description.phases.map(({ name }, i) => [name, state.phases[name] ?? slots[i] ?? slots[0]!]));
      setState((before) => ({ ...before, description, phases, scored: null, weights: null }));
    });
  const readTable = (name: string, { name: file, files }: Dropped) =>
    run("Reading the table", async () => {
      const text = await files[0]!.file.text();
      const rows = await client.rowsOf(file, text);
      const choice = { file, text, rows, row: rows.length === 1 ? 0 : null };
      setState((before) => ({ ...before, tables: { ...before.tables, [name]: choice }, scored: null }));
    });
  const score = (backend: "auto" | "webgpu" | "wasm", openSlots: readonly string[]) =>
    run("Scoring", async (tell) => {
      const { description, variables, batch, weights, tables } = state;
      const known = [...description!.clinical, ...description!.findings].map(({ name }) => name);
      const phases = Object.fromEntries(Object.entries(state.phases).filter(([, slot]) => openSlots.includes(slot)));
      const question = {
        phases,
        variables: Object.fromEntries(known.map((name) => [name, variables[name] ?? ""])),
        tables: Object.fromEntries(
          description!.tables.flatMap(({ name }) => {
            const given = tables[name];
            return given ? [[name, { file: given.file, text: given.text, row: given.row }]] : [];
          }),
        ),
        backend,
        ...(batch && { batch }),
        ...(weights && { weights: { file: weights.name, bytes: new Uint8Array(await weights.arrayBuffer()) } }),
      };
      patch({ scored: await client.score(question, tell) });
    });
  return { state, running, fault, actions: { open, readTable, score, patch } };
}

/** Everything that `useModel` gives. */
export type ModelDesk = ReturnType<typeof useModel>;
