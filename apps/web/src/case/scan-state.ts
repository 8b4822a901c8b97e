// What the page knows of one scan: everything that was entered, and everything that was computed.
import type { MeasuredDeep, MeasuredRadiomics, Opening, RegionFacts, ScanView } from "@islet/pipeline";
import type { Dropped } from "../components/dropped-files.ts";
import type { Drawn, Role } from "./annotation.ts";
import type { Tool } from "./drawing-layer.tsx";
import type { Overlay } from "./viewer.tsx";
import type { Window } from "./windows.ts";

/** One of a source's DICOM series. */
export type Series = Extract<Opening, { kind: "series" }>["series"][number];

/** A scan on the page. */
export interface ScanState {
  readonly slot: string;
  readonly dropped: Dropped | null;
  /** Series to choose from, where the source has several. */
  readonly series: readonly Series[] | null;
  readonly view: ScanView | null;
  /** The scan as the viewer takes it. */
  readonly picture: Uint8Array<ArrayBuffer> | null;
  readonly window: Window;
  readonly shown: { readonly low: number; readonly high: number } | null;
  readonly drawn: Drawn;
  /** What was drawn before each step, for undo. */
  readonly past: readonly Drawn[];
  readonly role: Role | null;
  readonly tool: Tool;
  /** When the reader began to draw, ms of `performance.now()`; null before, and after an annotation was read from a file. */
  readonly startedAt: number | null;
  /** How long the three took, s. */
  readonly seconds: number | null;
  /** The annotation's box and the mask, where there are such; features are measured of the latest. */
  readonly rough: RegionFacts | null;
  readonly mask: RegionFacts | null;
  readonly latest: "rough" | "mask" | null;
  /** The mask's file. */
  readonly maskName: string | null;
  readonly maskPicture: Overlay | null;
  readonly radiomics: MeasuredRadiomics | null;
  readonly deep: MeasuredDeep | null;
  /** Milliseconds from the drop to the scan on the page. */
  readonly openedIn: number | null;
}

/** An empty place for a scan. */
export function emptyScan(slot: string): ScanState {
  return {
    slot,
    dropped: null,
    series: null,
    view: null,
    picture: null,
    window: { level: 60, width: 400 },
    shown: null,
    drawn: {},
    past: [],
    role: null,
    tool: "box",
    startedAt: null,
    seconds: null,
    rough: null,
    mask: null,
    latest: null,
    maskName: null,
    maskPicture: null,
    radiomics: null,
    deep: null,
    openedIn: null,
  };
}

/** What no longer holds once the region is another. */
export const WITHOUT_RESULTS = { radiomics: null, deep: null } as const;
