// What can be done with a scan on the page; the worker does it, and its answers become the page's state.
import type { ChosenFile, Opening, ScoredCase, Stage } from "@islet/pipeline";
import { useCallback, useMemo, useRef, useState } from "react";
import type { Dropped } from "../components/dropped-files.ts";
import { Cancelled, sentenceOf, told, type CaseClient, type MaskPick } from "../worker/case-client.ts";
import { annotationText, drawnOf, nextRole, type Drawn, type Quadrilateral, type Role } from "./annotation.ts";
import { emptyScan, WITHOUT_RESULTS, type ScanState } from "./scan-state.ts";
import { presetsFor, type Window } from "./windows.ts";

/** What is being done, for the progress line; null while nothing is. */
export type Running = (Stage & { readonly what: string }) | null;

/** What went wrong, and with what: shown where it was asked for. */
export interface Fault {
  readonly where: "scan" | "region" | "features" | "model" | "export";
  readonly sentence: string;
}

/** A network as the page offers it. */
export type WeightsChoice =
  | { readonly kind: "shipped"; readonly name: string }
  | { readonly kind: "seeded"; readonly baseWidth: number; readonly seed: number }
  | { readonly kind: "file"; readonly file: File };

/** One scan, and what can be done with it. */
export function useScan(slot: string, client: CaseClient) {
  const [state, setState] = useState<ScanState>(() => emptyScan(slot));
  const [running, setRunning] = useState<Running>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const now = useRef(state);

  const patch = useCallback((change: Partial<ScanState>) => {
    now.current = { ...now.current, ...change };
    setState(now.current);
  }, []);
  /** Does something in the worker: shows that it runs, and says what went wrong where it was asked for. */
  const run = useCallback(async (where: Fault["where"], what: string, work: (tell: (stage: Stage) => void) => Promise<void>) => {
    setFault(null);
    setRunning({ what, stage: "", done: null });
    try {
      await work((stage) => setRunning({ what, ...stage }));
    } catch (error) {
      if (error instanceof Cancelled)
        setFault({ where, sentence: `Stopped: ${what}. What you entered is kept; start it again whenever you like.` });
      else setFault({ where, sentence: sentenceOf(error) });
    } finally {
      setRunning(null);
    }
  }, []);

  const actions = useMemo(() => {
    const show = async (opening: Opening, dropped: Dropped, began: number) => {
      if (opening.kind === "series") {
        patch({ ...emptyScan(slot), dropped, series: opening.series });
        return;
      }
      const view = { report: opening.report, geometry: opening.geometry };
      const { window } = presetsFor(view.report)[0]!;
      const picture = await client.ask(slot, (desk) => desk.scanForViewer(slot));
      const shown = await client.ask(slot, (desk) => desk.range(slot, window));
      // Series stay, so that another of them can be chosen.
      patch({ ...emptyScan(slot), series: now.current.series, dropped, view, picture, window, shown, openedIn: performance.now() - began });
    };
    const open = (dropped: Dropped, series?: string) =>
      run("scan", "Opening the scan", async () => {
        const began = performance.now();
        if (series === undefined) patch({ series: null });
        await show(await client.open(slot, dropped.name, chosen(dropped), series), dropped, began);
      });
    const place = (drawn: Drawn, seconds: number | null) => {
      const text = annotationText(drawn, seconds);
      if (text === null && now.current.rough === null) return;
      void run("region", "Placing the annotation", async () => {
        if (text === null) {
          await client.forgetRegion(slot, "rough");
          patch({ ...WITHOUT_RESULTS, rough: null, latest: now.current.mask && "mask" });
          return;
        }
        const rough = await client.setRegion(slot, { kind: "rough", text, file: "annotation" });
        patch({ ...WITHOUT_RESULTS, rough, latest: "rough" });
      });
    };
    const draw = (drawn: Drawn, role: Role | null) => {
      const { drawn: before, past, startedAt, seconds } = now.current;
      const isWhole = nextRole(drawn) === null;
      const took = isWhole && startedAt !== null ? (seconds ?? (performance.now() - startedAt) / 1000) : null;
      patch({ drawn, past: [...past, before], role, seconds: took });
      place(drawn, took);
    };
    return {
      open,
      patch,
      chooseSeries: (series: string) => void open(now.current.dropped!, series),
      setWindow: (window: Window) =>
        run("scan", "Changing the window", async () => {
          patch({ window, shown: await client.ask(slot, (desk) => desk.range(slot, window)) });
        }),
      startDrawing: () => patch({ startedAt: now.current.startedAt ?? performance.now() }),
      drawn: (role: Role, quadrilateral: Quadrilateral) => {
        const drawn = { ...now.current.drawn, [role]: quadrilateral };
        draw(drawn, nextRole(drawn));
      },
      undo: () => {
        const { past } = now.current;
        const before = past.at(-1);
        if (!before) return;
        patch({ drawn: before, past: past.slice(0, -1), role: nextRole(before), seconds: null });
        place(before, null);
      },
      startOver: () => {
        draw({}, "top");
        patch({ startedAt: null });
      },
      readAnnotation: (dropped: Dropped) =>
        run("region", "Reading the annotation", async () => {
          const { file } = dropped.files[0]!;
          const rough = await client.setRegion(slot, { kind: "rough", text: await file.text(), file: dropped.name });
          const { drawn: before, past } = now.current;
          const drawn = drawnOf(rough.rough!);
          patch({ ...WITHOUT_RESULTS, rough, latest: "rough", drawn, past: [...past, before], role: null, seconds: null, startedAt: null });
        }),
      readMask: (dropped: Dropped, pick: MaskPick) =>
        run("region", "Reading the mask", async () => {
          const mask = await client.setRegion(slot, { kind: "mask", name: dropped.name, files: chosen(dropped), pick });
          const bytes = await client.ask(slot, (desk) => desk.regionForViewer(slot));
          const maskPicture = { bytes, name: "mask.nii", kind: "mask" } as const;
          patch({ ...WITHOUT_RESULTS, mask, latest: "mask", maskName: dropped.name, maskPicture, role: null });
        }),
      forgetMask: () =>
        run("region", "Taking the mask away", async () => {
          await client.forgetRegion(slot, "mask");
          patch({ ...WITHOUT_RESULTS, mask: null, maskName: null, maskPicture: null, latest: now.current.rough && "rough" });
        }),
      radiomics: (preset: string, isClipped: boolean) =>
        run("features", "Hand-crafted features", async (tell) => {
          const { window } = now.current;
          const options = isClipped && "level" in window ? { window } : {};
          patch({ radiomics: await client.ask(slot, (desk) => desk.radiomics(slot, preset, options, told(tell))) });
        }),
      deep: (choice: WeightsChoice, backend: "auto" | "webgpu" | "wasm", inputSize: number) =>
        run("features", "Deep features", async (tell) => {
          tell({ stage: "fetching the network", done: null });
          const weights = await weightsOf(choice);
          const question = { weights, window: now.current.window, backend, inputSize, seed: 1 };
          patch({ deep: await client.ask(slot, (desk) => desk.deep(slot, question, told(tell))) });
        }),
      report: (scored: ScoredCase | null) => {
        const { rough, mask, latest, seconds, radiomics, deep } = now.current;
        const parts = { region: latest === "mask" ? mask : rough, seconds, radiomics, deep, scored };
        return client.ask(slot, (desk) => desk.report(slot, parts));
      },
      regionFile: () => client.ask(slot, (desk) => desk.regionFile(slot)),
      cancel: () => client.cancel(),
      run,
    };
  }, [client, patch, run, slot]);

  return { state, running, fault, actions };
}

/** Everything that `useScan` gives. */
export type ScanDesk = ReturnType<typeof useScan>;

const chosen = ({ files }: Dropped): readonly ChosenFile[] => files;

async function weightsOf(choice: WeightsChoice) {
  if (choice.kind === "seeded") return { init: "seeded" as const, baseWidth: choice.baseWidth, seed: choice.seed };
  if (choice.kind === "file") return { file: choice.file.name, bytes: new Uint8Array(await choice.file.arrayBuffer()) };
  const response = await fetch(`weights/${choice.name}.safetensors`);
  if (!response.ok) throw new Error(`the page's own copy of ${choice.name} answered ${response.status}; reload the page`);
  return { file: `shipped:${choice.name}`, bytes: new Uint8Array(await response.arrayBuffer()) };
}
