// The page's side of the study worker.
import { wrap, type Remote } from "comlink";
import type { StudyDesk } from "./study.worker.ts";

/** The worker, started when first asked. */
export class StudyClient {
  #desk: Remote<StudyDesk> | null = null;
  readonly #onDeath: (sentence: string) => void;

  /** @param onDeath  told the sentence when the worker ends by itself */
  constructor(onDeath: (sentence: string) => void) {
    this.#onDeath = onDeath;
  }

  get desk(): Remote<StudyDesk> {
    if (this.#desk) return this.#desk;
    const worker = new Worker(new URL("./study.worker.ts", import.meta.url), { type: "module" });
    worker.addEventListener("error", ({ message }) => {
      worker.terminate();
      this.#desk = null;
      this.#onDeath(
        `The worker that computes ended (${message || "its script could not be loaded"}). What you entered is kept; close other pages and run again.`,
      );
    });
    return (this.#desk = wrap<StudyDesk>(worker));
  }
}
