// What a thread of a crew does for as long as it lives: take a part of a job, compute it, say so.
import { cutJob } from "./crew-part.ts";
import type { Cut } from "./crew-part.ts";
import { awaitPart, hold, jobNumber, mayWrite, readJob, sayDone } from "./crew-signals.ts";
import type { Signals } from "./crew-signals.ts";
import type { Kernels } from "./kernels.ts";

/** What a thread is started with. */
export interface Membership {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  readonly signals: Signals;
  /** Address of a workspace of its own. */
  readonly workspace: number;
  /** Which of the members it is, from 0. */
  readonly member: number;
  /** Threads of the crew. */
  readonly threads: number;
}

/** A running thread of a crew, seen from outside. */
export interface Member {
  end(): void;
}

/** Serves without end; the thread is ended from outside. */
export function serve({ module, memory, signals, workspace, member, threads }: Membership, onReady: () => void): never {
  const exports = new WebAssembly.Instance(module, { env: { memory } }).exports as unknown as Kernels;
  onReady();
  let cut: Cut | null = null;
  for (let number = 0; ;) {
    const part = awaitPart(signals);
    if (cut === null || jobNumber(signals) !== number) {
      const { kernel, args } = readJob(signals);
      cut = cutJob(exports, kernel, args, workspace, threads);
      number = jobNumber(signals);
    }
    hold(signals, member, part);
    cut.run(part, { ask: () => mayWrite(signals, member, part), written: () => hold(signals, member, part) });
    sayDone(signals, member);
  }
}
