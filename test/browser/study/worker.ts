// The worker that a study runs in; it starts workers of its own for the models.
import { memoryCache, runStudyTexts } from "@islet/pipeline/browser";
import type { PageOutcome, PageStudy } from "./page.ts";

interface WorkerScope {
  addEventListener(type: "message", listen: (event: MessageEvent<PageStudy>) => void): void;
  postMessage(message: PageOutcome): void;
}
const scope = globalThis as unknown as WorkerScope;
const cache = memoryCache();

scope.addEventListener("message", ({ data }) => void run(data).then((outcome) => scope.postMessage(outcome)));

async function run({ texts, engine, cancelAfter }: PageStudy): Promise<PageOutcome> {
  const models: { model: string; cached: boolean }[] = [];
  const stop = new AbortController();
  try {
    const outputs = await runStudyTexts(texts, { engine, workers: 2, cache, signal: stop.signal }, (event) => {
      if (event.type !== "model") return;
      models.push({ model: event.model, cached: event.cached });
      if (models.length === cancelAfter) stop.abort(new Error("cancelled"));
    });
    const base64 = (bytes: Uint8Array) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
    return { outputs: Object.fromEntries([...outputs].map(([path, bytes]) => [path, base64(bytes)])), models, error: null };
  } catch (error) {
    return { outputs: {}, models, error: (error as Error).message };
  }
}
