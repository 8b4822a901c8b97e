// A study on tables of features, in a worker of a page: from texts to outputs in memory. Nothing is stored.
import { loadCore } from "@islet/core-wasm";
import { ConfigError, DeviceError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import { rasterise } from "../report/figures/raster.browser.ts";
import { certify } from "../selftest/certificate.ts";
import type { Cache } from "../host/cache.ts";
import { planCases } from "./plan-cases.ts";
import { openStudy, type OpenStudy } from "./load.ts";
import { inspectBrowser } from "../selftest/machine.browser.ts";
import { createWebWorkerPool } from "./pool.browser.ts";
import { runStudy } from "./run.ts";
import { type StudyEvent } from "./study-host.ts";

/** A study and its tables as texts, by the names that the study file uses. */
export interface StudyTexts {
  /** What messages call the study file. */
  readonly file: string;
  readonly study: string;
  readonly tables: Readonly<Record<string, string>>;
}

/** How a study runs in a page. */
export interface BrowserRunOptions {
  /** Identifies the engine's code: `engineHash()` of the Node side when the page was built. */
  readonly engine: string;
  /** Web Workers that learn models; default: the machine's threads. */
  readonly workers?: number;
  /** What is kept of finished models; a memory cache that outlives the run makes a cancelled one go on where it was. */
  readonly cache?: Cache;
  readonly signal?: AbortSignal;
  readonly strict?: boolean;
}

/** Results kept for as long as somebody holds the cache. */
export function memoryCache(): Cache {
  const kept = new Map<string, string>();
  return {
    get: async (key) => (kept.has(key) ? JSON.parse(kept.get(key)!) : null),
    put: async (key, value) => void kept.set(key, JSON.stringify(value)),
  };
}

/**
 * Reads and checks a study whose tables are texts.
 *
 * @throws ConfigError naming file, row and column; also where a table that the study names was not given
 */
export function openStudyTexts({ file, study, tables }: StudyTexts): Promise<OpenStudy> {
  return openStudy(study, file, async (path) => {
    const text = tables[path];
    if (text !== undefined) return { file: path, folder: "", text };
    const near = nearest(path, Object.keys(tables));
    throw new ConfigError(
      file,
      `names the table "${path}", which is not among the files given (${Object.keys(tables).join(", ") || "none"})${near ? `; did you mean "${near}"?` : ""}`,
    );
  });
}

/**
 * Runs a study on tables of features; gives every output by its path, as `islet study run` writes it into its folder.
 *
 * @throws ConfigError where the study needs images: those are for the terminal, or a case at a time for the page
 */
export async function runStudyTexts(
  texts: StudyTexts,
  options: BrowserRunOptions,
  tell: (event: StudyEvent) => void,
): Promise<Map<string, Uint8Array>> {
  const opened = await openStudyTexts(texts);
  const noPaths = { resolve: (_: string, path: string) => path };
  if (planCases(opened.study, opened.cohort, noPaths).length > 0) {
    throw new ConfigError(
      texts.file,
      "has models of deep or radiomics features, which need the patients' images; a page runs studies on tables (features.NAME), the terminal runs both: islet study run",
    );
  }
  const size = Math.max(1, options.workers ?? navigator.hardwareConcurrency ?? 1);
  const pool = createWebWorkerPool(Math.min(size, opened.study.models.length), { backend: "wasm", inputSize: 16 });
  const outputs = new Map<string, Uint8Array>();
  const log: string[] = [];
  const { promise: aborted, reject: abort } = Promise.withResolvers<never>();
  const stop = () => abort(options.signal!.reason);
  options.signal?.addEventListener("abort", stop, { once: true });
  try {
    options.signal?.throwIfAborted();
    const run = runStudy(
      opened,
      {
        cache: options.cache ?? memoryCache(),
        engine: options.engine,
        backend: "wasm",
        pool,
        weights: null,
        ...noPaths,
        hashInput: () => Promise.reject(new DeviceError("a page has no files to look at")),
        rasterise,
        write: async (path, data) => void outputs.set(path, typeof data === "string" ? new TextEncoder().encode(data) : data),
        now: () => new Date().toISOString(),
        strict: options.strict === true,
        ...(options.signal && { signal: options.signal }),
      },
      (event) => {
        if (event.type !== "end") log.push(JSON.stringify({ time: new Date().toISOString(), ...event }));
        tell(event);
      },
    );
    await Promise.race([run, aborted]);
    const about = { machine: await inspectBrowser(), engine: options.engine, date: new Date().toISOString() };
    const certificate = await certify(await loadCore(), about);
    outputs.set("selftest.json", new TextEncoder().encode(`${JSON.stringify(certificate, null, 2)}\n`));
    outputs.set("log.jsonl", new TextEncoder().encode(`${log.join("\n")}\n`));
    return outputs;
  } finally {
    options.signal?.removeEventListener("abort", stop);
    pool.close();
  }
}
