// Where the compiled tools come from in Node: dcm2niix and ITK's readers and writers, out of their own packages.
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { gunzip, gunzipSync } from "node:zlib";
import type { PipelineInput, PipelineOutput, runPipelineNode } from "itk-wasm";
import type { Dcm2niixFactory, Dcm2niixModule } from "./dcm2niix-module.ts";
import { letToolsStart } from "./held-process.node.ts";

let base: URL | null = null;

/**
 * Says where copies of the tools lie: `dcm2niix.jpeg.{js,wasm}`, and `pipelines/` with ITK's. In Node the packages
 * themselves serve unless a bundle has left them behind.
 */
export function setToolsBase(url: string | URL | null): void {
  base = url === null ? null : new URL(url);
}

/** ITK's pipelines that intake runs. */
const PIPELINES = ["nifti-write-image", "nrrd-read-image", "meta-read-image"];

/**
 * The files that a web application must serve beside its scripts, as `tools/NAME`, for intake to read DICOM, NRRD and
 * MetaImage and to write NIfTI in a browser: path below `tools/` to path on this disk.
 */
export function toolFiles(): Record<string, string> {
  const dcm2niix = new URL(import.meta.resolve("@niivue/dcm2niix"));
  const itk = new URL("pipelines/", import.meta.resolve("@itk-wasm/image-io"));
  const files = new Map<string, string>();
  for (const name of ["dcm2niix.jpeg.js", "dcm2niix.jpeg.wasm"]) files.set(name, fileURLToPath(new URL(name, dcm2niix)));
  for (const name of PIPELINES.flatMap((pipeline) => [`${pipeline}.js`, `${pipeline}.wasm.zst`])) {
    files.set(`pipelines/${name}`, fileURLToPath(new URL(name, itk)));
  }
  return Object.fromEntries(files);
}

/** Fewer packed bytes than these are unpacked sooner than another thread takes them up. */
const WORTH_A_THREAD = 2 ** 16;

const inflate = promisify(gunzip);

/**
 * Unpacks one gzip stream with zlib, which checks its length and checksum: into one buffer, in a quarter of the time that a stream of chunks
 * takes, and a long one on another thread, so that the caller may go on with something else.
 *
 * @param length  bytes that the stream says it holds
 * @throws anything where the stream is damaged or holds more
 */
export async function inflateGzip(bytes: Uint8Array, length: number): Promise<Uint8Array> {
  // A byte more than is needed, or zlib makes a second buffer to see that nothing follows.
  const options = { chunkSize: Math.max(64, length + 1), maxOutputLength: Math.max(1, length) };
  const whole = bytes.length < WORTH_A_THREAD ? gunzipSync(bytes, options) : await inflate(bytes, options);
  return new Uint8Array(whole.buffer, whole.byteOffset, whole.byteLength);
}

/** Runs one ITK pipeline on inputs in memory; every run has a module of its own, so nothing is left behind. The library is loaded with the first. */
export async function runItk(
  pipeline: string,
  args: string[],
  outputs: PipelineOutput[],
  inputs: PipelineInput[],
): ReturnType<typeof runPipelineNode> {
  letToolsStart();
  const itk = await import("itk-wasm");
  const folder = base ? new URL("pipelines/", base) : new URL("pipelines/", import.meta.resolve("@itk-wasm/image-io"));
  return itk.runPipelineNode(fileURLToPath(new URL(pipeline, folder)), args, outputs, inputs);
}

let compiled: Promise<WebAssembly.Module> | null = null;

/** A fresh dcm2niix with an empty file system of its own; compiled once, instantiated for every series. */
export async function startDcm2niix(print: (line: string) => void): Promise<Dcm2niixModule> {
  const folder = base ?? new URL(import.meta.resolve("@niivue/dcm2niix"));
  compiled ??= readFile(new URL("dcm2niix.jpeg.wasm", folder)).then((bytes) => WebAssembly.compile(bytes));
  const wasm = await compiled;
  letToolsStart();
  const { default: create } = (await import(new URL("dcm2niix.jpeg.js", folder).href)) as { default: Dcm2niixFactory };
  return create({
    print,
    printErr: print,
    instantiateWasm: async (imports, receive) => receive(await WebAssembly.instantiate(wasm, imports)),
  });
}
