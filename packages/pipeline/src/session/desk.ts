// One person's desk: the scans that lie open on it, their regions, and what is asked of them. A page's worker holds one.
import { loadCore, type Core } from "@islet/core-wasm";
import { plainNifti, writeNifti } from "../intake/nifti-writer.ts";
import type { MaskOptions } from "../intake/segmentation.ts";
import { rangeFor, type PreprocessSettings } from "../preprocess/region.ts";
import type { IntensityRange } from "../preprocess/window.ts";
import { planRadiomics, RADIOMICS_PRESETS, type PlanOptions } from "../radiomics/plan.ts";
import { describeBundle, openBundle, type Bundle, type BundleDescription } from "../study/bundle/bundle.ts";
import type { ImageSource } from "../intake/source.ts";
import { caseReport, type CaseReportParts } from "./case-report.ts";
import { openScan, readChosen, sourceOfFiles, type ChosenFile, type HeldScan, type Opening } from "./held-scan.ts";
import { measureDeep, measureRadiomics, type DeepQuestion, type MeasuredDeep, type MeasuredRadiomics, type Stage } from "./measure.ts";
import { maskRegion, roughRegion, type HeldRegion, type RegionFacts } from "./region.ts";
import { rowNames } from "./table-row.ts";
import { scoreCase, type ScoredCase, type ScoreQuestion, type SlotRegions } from "./score-case.ts";

/** What can be asked at a desk. A slot names one of the scans on it, such as one a phase. */
export interface Desk {
  /** Opens a scan in a slot, in place of what lay there. */
  open(slot: string, name: string, files: readonly ChosenFile[], series?: string): Promise<Opening>;
  /** The open scan as plain NIfTI, for a viewer. */
  scanForViewer(slot: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The intensities that a window means for this scan. */
  range(slot: string, window: PreprocessSettings["window"]): Promise<IntensityRange>;
  /** Takes a rough annotation as the slot's region. */
  annotate(slot: string, text: string, file: string): Promise<RegionFacts>;
  /** Takes a mask as the slot's region. */
  mask(slot: string, name: string, files: readonly ChosenFile[], pick: MaskOptions): Promise<RegionFacts>;
  /** Takes the slot's annotation or mask away; another region that lies there is measured from now on. */
  forget(slot: string, kind: "rough" | "mask"): Promise<void>;
  /** The region on the scan's voxels as plain NIfTI, for a viewer. */
  regionForViewer(slot: string): Promise<Uint8Array<ArrayBuffer>>;
  /** The region as a .nii.gz, byte for byte what `islet roi rough` writes of an annotation. */
  regionFile(slot: string): Promise<Uint8Array>;
  /** Every preset of hand-crafted features, with its description. */
  presets(): Promise<readonly { readonly name: string; readonly description: string }[]>;
  radiomics(slot: string, preset: string, options: PlanOptions, tell: (stage: Stage) => void): Promise<MeasuredRadiomics>;
  deep(slot: string, question: DeepQuestion, tell: (stage: Stage) => void): Promise<MeasuredDeep>;
  /** Takes a bundle as the model to score with. */
  model(name: string, file: Blob): Promise<BundleDescription>;
  /** What the rows of a table of features are called, for the model on the desk. */
  rowsOf(file: string, text: string): Promise<readonly string[]>;
  /** Scores the patient whose scans lie on the desk. */
  score(question: ScoreQuestion, tell: (stage: Stage) => void): Promise<ScoredCase>;
  /** The case as a page of HTML, without any name of a file. */
  report(slot: string, parts: CaseReportParts): Promise<string>;
}

/** The regions of a slot. */
interface HeldRegions extends SlotRegions {
  readonly latest: HeldRegion;
}

/** An empty desk; its engine is loaded with the first question that needs it. */
export function createDesk(): Desk {
  const scans = new Map<string, HeldScan>();
  const regions = new Map<string, HeldRegions>();
  let model: Bundle | null = null;
  let loading: Promise<Core> | undefined;
  const engine = () => (loading ??= loadCore());
  const scanIn = (slot: string) => held(scans, slot, "scan");
  const regionIn = (slot: string) => held(regions, slot, "region").latest;
  /** A slot may have an annotation and a mask: each is kept, and the one that came last is measured. */
  const take = (slot: string, kind: "rough" | "mask", region: HeldRegion): RegionFacts => {
    regions.set(slot, { ...regions.get(slot), [kind]: region, latest: region });
    return region.facts;
  };
  const namesOnDesk = () => [
    ...[...scans.values()].flatMap(({ names }) => names),
    ...[...regions.values()].flatMap(({ rough, mask }) => [rough, mask]).flatMap((region) => namesOf(region?.source)),
  ];
  return {
    async open(slot, name, files, series) {
      scans.delete(slot);
      regions.delete(slot);
      const opened = await openScan(await sourceOfFiles(name, files), series);
      if ("series" in opened) return { kind: "series", series: opened.series };
      scans.set(slot, opened.scan);
      const { report, geometry } = opened.scan;
      return { kind: "scan", report, geometry };
    },
    scanForViewer: async (slot) => plainNifti(scanIn(slot).volume),
    range: async (slot, window) => rangeFor(scanIn(slot).volume, window),
    async annotate(slot, text, file) {
      return take(slot, "rough", roughRegion(scanIn(slot), text, file));
    },
    async mask(slot, name, files, pick) {
      return take(slot, "mask", await maskRegion(scanIn(slot), await sourceOfFiles(name, files), pick));
    },
    async forget(slot, kind) {
      const rest: SlotRegions = { ...regions.get(slot), latest: undefined, [kind]: undefined } as SlotRegions;
      const left = rest.rough ?? rest.mask;
      if (left) regions.set(slot, { ...rest, latest: left });
      else regions.delete(slot);
    },
    regionForViewer: async (slot) => plainNifti((await regionIn(slot).onScan(undefined)).mask),
    regionFile: async (slot) => writeNifti(await regionIn(slot).toWrite()),
    presets: async () => RADIOMICS_PRESETS.map((name) => ({ name, description: planRadiomics(name).description })),
    async radiomics(slot, preset, options, tell) {
      return measureRadiomics(await engine(), scanIn(slot), regionIn(slot), planRadiomics(preset, options), tell);
    },
    async deep(slot, question, tell) {
      return measureDeep(await engine(), scanIn(slot), regionIn(slot), question, tell);
    },
    async model(name, file) {
      model = await openBundle(await readChosen(name, file), name);
      return { ...describeBundle(model), bytes: file.size };
    },
    async rowsOf(file, text) {
      if (!model) throw new Error("the desk has no model");
      return rowNames(model, { file, text });
    },
    async score(question, tell) {
      if (!model) throw new Error("the desk has no model");
      return scoreCase(model, question, (slot) => ({ scan: scanIn(slot), ...regions.get(slot) }), tell);
    },
    report: async (slot, parts) => caseReport(scanIn(slot), namesOnDesk(), parts),
  };
}

const namesOf = (source: ImageSource | undefined) => (source ? [source.path, ...source.files.map(({ name }) => name)] : []);

function held<T>(things: ReadonlyMap<string, T>, slot: string, what: string): T {
  const thing = things.get(slot);
  if (thing === undefined) throw new Error(`the desk has no ${what} in slot "${slot}"`);
  return thing;
}
