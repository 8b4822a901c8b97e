// Several threads on one slice: a core whose convolutions are cut into parts, one a thread, on one shared memory.
import { compileBuild, startMember } from "#load";
import { Arena } from "./arena.ts";
import type { Core } from "./core.ts";
import { ALWAYS, cutJob, DIRECT, TRANSPOSED, WINOGRAD } from "./crew-part.ts";
import { awaitDone, callOut, createSignals, takePart } from "./crew-signals.ts";
import { DeviceError } from "./errors.ts";
import type { Kernels } from "./kernels.ts";
import { hasRelaxedSimd } from "./simd-build.ts";
import type { SimdBuild } from "./simd-build.ts";

/** Pages of 64 KiB: 4 GiB, of which only what is used is held. */
const LARGEST_MEMORY = 65536;
/** Channels in and out for which each thread has a workspace: the widest layer of the paper's network. A layer that needs more is not shared. */
const WIDEST = 1024;

/** Threads that share a core. */
export interface Crew {
  /** Its `conv2d`, `conv2dWinograd` and `convTranspose2d` run on all threads at once; all else, and all memory, is as in any core. Use it from the thread that made it. */
  readonly core: Core;
  readonly threads: number;
  /** Ends the threads; the core must not be used after it. */
  end(): void;
}

/**
 * Whether a crew can work for the calling thread: in Node always; in a browser where the page is cross-origin isolated, which shares memory, and in
 * a worker, because a page's own thread may not wait.
 */
export function canShareWork(): boolean {
  const scope = globalThis as { crossOriginIsolated?: boolean; document?: unknown };
  return typeof SharedArrayBuffer === "function" && scope.crossOriginIsolated !== false && scope.document === undefined;
}

/**
 * Loads the kernels into a memory that several threads share.
 *
 * An encoder or a network on `core` gives the same bits as on one thread, and each call returns when all threads have done their parts.
 *
 * @param threads  2 or more, the calling thread counted in
 * @param build    by default `relaxed` where the engine has it, else `simd`
 * @throws DeviceError where memory cannot be shared or a thread does not start
 */
export async function loadCrew(threads: number, build: SimdBuild = hasRelaxedSimd() ? "relaxed" : "simd"): Promise<Crew> {
  if (!canShareWork()) {
    throw new DeviceError(
      "threads: several can share a slice only in a worker of a cross-origin isolated page; serve the page with COOP and COEP headers, or use one thread.",
    );
  }
  const module = await compileBuild(`${build}-shared`);
  const memory = new WebAssembly.Memory({ initial: 16, maximum: LARGEST_MEMORY, shared: true });
  const alone = (await WebAssembly.instantiate(module, { env: { memory } })).exports as unknown as Kernels;
  const arena = new Arena(memory, alone.heapBase() >>> 0);
  const signals = createSignals(threads - 1);
  const workspaceBytes = alone.winogradWorkspaceBytes(WIDEST, WIDEST, 4);
  const members = await Promise.all(
    Array.from({ length: threads - 1 }, (_, member) => {
      const workspace = arena.keep(Uint8Array, workspaceBytes).ptr;
      return startMember({ module, memory, signals, workspace, member, threads });
    }),
  );

  const together = (kernel: number, args: readonly (number | boolean)[], workspace: number) => {
    const numbers = args.map(Number);
    const { parts, run } = cutJob(alone, kernel, numbers, workspace, threads);
    callOut(signals, kernel, numbers, parts);
    let others = parts;
    let [last, now] = [performance.now(), performance.now()];
    for (let part = takePart(signals, "first"); part >= 0; part = takePart(signals, "first"), others--) {
      run(part, ALWAYS);
      [last, now] = [now, performance.now()];
    }
    awaitDone(signals, others, now - last, (part) => run(part, ALWAYS));
  };
  const exports: Kernels = {
    ...alone,
    conv2d: (...args) => together(DIRECT, args, 0),
    convTranspose2d: (...args) => together(TRANSPOSED, args, 0),
    conv2dWinograd: (...args) => {
      if (alone.winogradWorkspaceBytes(args[3], args[8], args[14]) > workspaceBytes) alone.conv2dWinograd(...args);
      else together(WINOGRAD, args, args[13]);
    },
  };
  return { core: { exports, arena, build }, threads, end: () => members.forEach((member) => member.end()) };
}
