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

/**
 * Unpacks one gzip stream with the browser's own inflater, which checks its length and checksum.
 *
 * @param length  bytes that the stream says it holds
 * @throws anything where the stream is damaged or holds more
 */
export async function inflateGzip(bytes: Uint8Array, length: number): Promise<Uint8Array> {
  const whole = new Uint8Array(length);
  let total = 0;
  const reader = new Blob([bytes as Uint8Array<ArrayBuffer>]).stream().pipeThrough(new DecompressionStream("gzip")).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (total + value.length > length) {
      await reader.cancel().catch(() => {});
      throw new RangeError(`more than the ${length} bytes came that the stream tells`);
    }
    whole.set(value, total);
    total += value.length;
  }
  return whole;
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
