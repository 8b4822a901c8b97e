// Where the compiled tools come from in a browser or a worker: files that the application serves beside itself.
import { runPipeline, type PipelineInput, type PipelineOutput } from "itk-wasm";
import type { Dcm2niixFactory, Dcm2niixModule } from "./dcm2niix-module.ts";

let base: URL | null = null;

/**
 * Says where the tools lie: `dcm2niix.jpeg.{js,wasm}` of @niivue/dcm2niix, and `pipelines/` with ITK's of
 * @itk-wasm/image-io. Until it is called, `tools/` beside the page. Nothing is ever fetched from another origin.
 */
export function setToolsBase(url: string | URL | null): void {
  base = url === null ? null : new URL(url, globalThis.location.href);
}

const folder = () => base ?? new URL("tools/", globalThis.location.href);

/** Runs one ITK pipeline on inputs in memory, in this thread: intake already lives in a worker. */
export function runItk(
  pipeline: string,
  args: string[],
  outputs: PipelineOutput[],
  inputs: PipelineInput[],
): ReturnType<typeof runPipeline> {
  return runPipeline(pipeline, args, outputs, inputs, { webWorker: false, pipelineBaseUrl: new URL("pipelines", folder()).href });
}

let compiled: Promise<WebAssembly.Module> | null = null;

/** A fresh dcm2niix with an empty file system of its own; compiled once, instantiated for every series. */
export async function startDcm2niix(print: (line: string) => void): Promise<Dcm2niixModule> {
  compiled ??= WebAssembly.compileStreaming(fetch(new URL("dcm2niix.jpeg.wasm", folder())));
  const wasm = await compiled;
  const glue = new URL("dcm2niix.jpeg.js", folder()).href;
  const { default: create } = (await import(/* @vite-ignore */ glue)) as { default: Dcm2niixFactory };
  return create({
    print,
    printErr: print,
    instantiateWasm: async (imports, receive) => receive(await WebAssembly.instantiate(wasm, imports)),
  });
}
