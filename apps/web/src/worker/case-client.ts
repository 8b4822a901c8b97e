// The page's side of the case worker: a worker that was cancelled or died is replaced, and gets back what lay on its desk.
import type { BundleDescription, ChosenFile, Desk, Opening, RegionFacts, ScoredCase, ScoreQuestion, Stage } from "@islet/pipeline";
import { proxy, wrap, type Remote } from "comlink";

/** A computation that was stopped by the person who had started it. */
export class Cancelled extends Error {
  override readonly name = "Cancelled";
}

/** Which part of a mask's file is the region. */
export interface MaskPick {
  readonly label?: number;
  readonly structure?: string;
}

type Region =
  | { readonly kind: "rough"; readonly text: string; readonly file: string }
  | { readonly kind: "mask"; readonly name: string; readonly files: readonly ChosenFile[]; readonly pick: MaskPick };

/** What lay in a slot: enough to lay it there again. */
interface Laid {
  readonly name: string;
  readonly files: readonly ChosenFile[];
  readonly series?: string;
  /** An annotation, a mask or both; the one that is measured last. */
  readonly regions: readonly Region[];
}

interface Living {
  readonly worker: Worker;
  readonly desk: Remote<Desk>;
  /** What this worker holds of each slot. */
  readonly holds: Map<string, Laid>;
  /** The bundle that it holds. */
  model: File | null;
  /** Rejects when the worker is ended or dies. */
  readonly ended: Promise<never>;
  end(reason: Error): void;
}

/** One worker at a time, and what it must hold. */
export class CaseClient {
  #living: Living | null = null;
  readonly #laid = new Map<string, Laid>();
  #model: File | null = null;

  /** Opens a scan in a slot; several DICOM series come back as a list to choose from. */
  async open(slot: string, name: string, files: readonly ChosenFile[], series?: string): Promise<Opening> {
    this.#laid.delete(slot);
    this.#living?.holds.delete(slot);
    const opening = await this.#ask((desk) => desk.open(slot, name, files, series) as Promise<Opening>);
    if (opening.kind === "scan") this.#hold(slot, { name, files, regions: [], ...(series !== undefined && { series }) });
    return opening;
  }

  /** Takes a region for a slot's scan; the one before stays where this one is refused. */
  async setRegion(slot: string, region: Region): Promise<RegionFacts> {
    const laid = await this.#ready(slot);
    const facts = await this.#ask((desk) => layRegion(desk, slot, region));
    this.#hold(slot, { ...laid, regions: [...laid.regions.filter(({ kind }) => kind !== region.kind), region] });
    return facts;
  }

  /** Takes a slot's annotation or mask away. */
  async forgetRegion(slot: string, kind: Region["kind"]): Promise<void> {
    const laid = await this.#ready(slot);
    if (!laid.regions.some((region) => region.kind === kind)) return;
    await this.#ask((desk) => desk.forget(slot, kind));
    this.#hold(slot, { ...laid, regions: laid.regions.filter((region) => region.kind !== kind) });
  }

  /** Asks the desk about a slot, once its scan and regions lie there. */
  async ask<T>(slot: string, question: (desk: Remote<Desk>) => Promise<T>): Promise<T> {
    await this.#ready(slot);
    return this.#ask(question);
  }

  /** Opens a bundle; the one before stays where this one is refused. */
  async openModel(file: File): Promise<BundleDescription> {
    const description = await this.#ask((desk) => desk.model(file.name, file));
    this.#model = file;
    this.#start().model = file;
    return description;
  }

  /** What the rows of a table of features are called. */
  async rowsOf(file: string, text: string): Promise<readonly string[]> {
    await this.#withModel();
    return this.#ask((desk) => desk.rowsOf(file, text));
  }

  /** Scores with the bundle, once it and the scans of these slots lie on the desk. */
  async score(question: ScoreQuestion, tell: (stage: Stage) => void): Promise<ScoredCase> {
    for (const slot of Object.values(question.phases)) await this.#ready(slot);
    await this.#withModel();
    return this.#ask((desk) => desk.score(question, told(tell)));
  }

  /** Lays the bundle on the desk, where a worker before this one held it. */
  async #withModel(): Promise<void> {
    const model = this.#model;
    if (model && this.#start().model !== model) await this.openModel(model);
  }

  /** Stops what is being computed; what was entered stays. */
  cancel(): void {
    this.#living?.end(new Cancelled("stopped"));
  }

  #hold(slot: string, laid: Laid): void {
    this.#laid.set(slot, laid);
    this.#start().holds.set(slot, laid);
  }

  /** Lays on the desk what a worker before this one held. */
  async #ready(slot: string): Promise<Laid> {
    const laid = this.#laid.get(slot);
    if (!laid) throw new Error(`nothing is open in slot "${slot}"`);
    const { holds } = this.#start();
    if (holds.get(slot) === laid) return laid;
    await this.#ask((desk) => desk.open(slot, laid.name, laid.files, laid.series) as Promise<Opening>);
    for (const region of laid.regions) await this.#ask((desk) => layRegion(desk, slot, region));
    holds.set(slot, laid);
    return laid;
  }

  #ask<T>(question: (desk: Remote<Desk>) => Promise<T>): Promise<T> {
    const living = this.#start();
    return Promise.race([question(living.desk), living.ended]);
  }

  #start(): Living {
    if (this.#living) return this.#living;
    const worker = new Worker(new URL("./case.worker.ts", import.meta.url), { type: "module" });
    const { promise: ended, reject } = Promise.withResolvers<never>();
    ended.catch(() => {});
    const end = (reason: Error) => {
      worker.terminate();
      if (this.#living?.worker === worker) this.#living = null;
      reject(reason);
    };
    worker.addEventListener("error", (event) => {
      const why = event.message || "its script could not be loaded";
      end(
        new Error(
          `the worker that computes ended (${why}); most likely memory ran out: close other pages and try again. What you entered is kept.`,
        ),
      );
    });
    this.#living = { worker, desk: wrap<Desk>(worker), holds: new Map(), model: null, ended, end };
    return this.#living;
  }
}

function layRegion(desk: Remote<Desk>, slot: string, region: Region): Promise<RegionFacts> {
  if (region.kind === "rough") return desk.annotate(slot, region.text, region.file);
  return desk.mask(slot, region.name, region.files, region.pick);
}

/** A listener that a worker may call. */
export const told = <T>(listener: (value: T) => void): ((value: T) => void) => proxy(listener);

/** What a person reads of an error: the pipeline's sentence, or that the program is at fault. */
export function sentenceOf(error: unknown): string {
  const { name, message } = error as Error;
  if (["IntakeError", "ConfigError", "DeviceError", "Cancelled"].includes(name)) return message;
  return `This should not have happened: ${message}. What you entered is kept; try again, and report it if it comes back.`;
}
