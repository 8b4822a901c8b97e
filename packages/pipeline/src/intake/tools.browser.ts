// Where the compiled tools come from in a browser or a worker: files that the application serves beside itself.
import { runPipeline, type PipelineInput, type PipelineOutput } from "itk-wasm";
import type { Dcm2niixFactory, Dcm2niixModule } from "./dcm2niix-module.ts";

let base: URL | null = null;

/**
 * Says where the tools lie: the files that `toolFiles()` of the Node side lists. Until it is called they are looked for in
 * `tools/` beside the script that this module is bundled into, so that a page and its workers find the same ones. Nothing
 * is ever fetched from elsewhere. ITK's unpacker is compiled from a data: address, so a content security policy
 * needs `connect-src 'self' data:` and `script-src 'self' 'wasm-unsafe-eval'`.
 */
export function setToolsBase(url: string | URL | null): void {
  base = url === null ? null : new URL(url, globalThis.location.href);
}

// In two steps, so that bundlers leave the folder alone.
const here = import.meta.url;
const folder = () => base ?? new URL("tools/", here);

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
