// Runs a study on tables in a worker of the page, for the test that drives the browser.
import type { StudyTexts } from "@islet/pipeline/browser";

/** What is asked of the worker. */
export interface PageStudy {
  readonly texts: StudyTexts;
  readonly engine: string;
  /** Cancel after this event of a model; 0: let it run. */
  readonly cancelAfter: number;
}

/** What came of it: outputs as base64 by their path, or the sentence. */
export interface PageOutcome {
  readonly outputs: Readonly<Record<string, string>>;
  readonly models: readonly { readonly model: string; readonly cached: boolean }[];
  readonly error: string | null;
}

const worker = new Worker(new URL("./worker.ts", import.meta.url), { type: "module" });

/** One study at a time; the worker keeps finished models between them. */
export function studyInPage(asked: PageStudy): Promise<PageOutcome> {
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", ({ data }: MessageEvent<PageOutcome>) => resolve(data), { once: true });
    worker.addEventListener("error", ({ message }) => reject(new Error(message)), { once: true });
    worker.postMessage(asked);
  });
}

Object.assign(globalThis, { studyInPage });
