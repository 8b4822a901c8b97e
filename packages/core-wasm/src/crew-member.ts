// What a thread of a crew does for as long as it lives: wait for a job, do its part, say so.
import { runDirect, runTransposed, runWinograd } from "./crew-part.ts";
import type { DirectArguments, TransposedArguments, WinogradArguments } from "./crew-part.ts";
import { awaitCall, sayDone } from "./crew-signals.ts";
import type { Signals } from "./crew-signals.ts";
import type { Kernels } from "./kernels.ts";

/** The kernels that a crew shares, by their numbers in a job. */
export const DIRECT = 0;
export const WINOGRAD = 1;
export const TRANSPOSED = 2;

/** What a thread is started with. */
export interface Membership {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly signals: Signals;
  /** Its part, 1 .. parts - 1; part 0 is the caller's. */
  readonly part: number;
  readonly parts: number;
  /** Address of a workspace of its own. */
  readonly workspace: number;
}

/** A running thread of a crew, seen from outside. */
export interface Member {
  end(): void;
}

/** Serves without end; the thread is ended from outside. */
export function serve({ module, memory, signals, part, parts, workspace }: Membership, onReady: () => void): never {
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
  onReady();
  for (let seen = 0; ;) {
    seen = awaitCall(signals, seen);
    const [kernel, ...args] = signals.job;
    if (kernel === DIRECT) runDirect(exports, args.slice(0, 9) as DirectArguments, part, parts);
    else if (kernel === TRANSPOSED) runTransposed(exports, args.slice(0, 8) as TransposedArguments, part, parts);
    else runWinograd(exports, [...args.slice(0, 10), args[10] === 1, ...args.slice(11, 13), workspace] as WinogradArguments, part, parts);
    sayDone(signals);
  }
}
