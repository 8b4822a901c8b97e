// How the threads of a crew share a job: its arguments, and counters from which whoever is awake takes the next part.
import { DeviceError } from "./errors.ts";

/** A thread without a part stays awake so long, because the next job of a slice follows within a fraction of it; waking costs as much as a small layer. */
const AWAKE_MS = 2;
/** Looks at the counters between two looks at the clock. */
const LOOKS = 256;
/** A thread that needs longer than this for a part has died. */
const PATIENCE_MS = 60_000;
const ARGUMENTS = 14;
/** Places of the counters. */
const CALLS = 0;
const OPEN = 1;
const DONE = 2;
/** Places in the job's description; the arguments follow. */
const NUMBER = 0;
const KERNEL = 1;
const FIRST_ARGUMENT = 2;

/** What a crew's threads share besides the wasm memory. */
export interface Signals {
  /** Jobs called out since the crew began; parts of the last one that nobody has taken; those of its parts that members have done. */
  readonly counters: Int32Array<SharedArrayBuffer>;
  /** The job's number, how many parts it has, which kernel, then the arguments. Changed only while no part is open or under way. */
  readonly job: Float64Array<SharedArrayBuffer>;
}

/** Signals at rest. */
export function createSignals(): Signals {
  return {
    counters: new Int32Array(new SharedArrayBuffer(12)),
    job: new Float64Array(new SharedArrayBuffer(8 * (FIRST_ARGUMENT + ARGUMENTS))),
  };
}

/** Calls a job out, when all parts of the one before are done. */
export function callOut({ counters, job }: Signals, kernel: number, args: readonly number[], parts: number): void {
  job[NUMBER]!++;
  job[KERNEL] = kernel;
  job.set(args, FIRST_ARGUMENT);
  Atomics.store(counters, DONE, 0);
  Atomics.store(counters, OPEN, parts << 16);
  Atomics.add(counters, CALLS, 1);
  Atomics.notify(counters, CALLS);
}

/**
 * Takes a part of the job that is called out: its index from 0, or -1 when none is left. The job stays as it is until the part is done.
 *
 * @param end  which end of the open parts to take from: `first` for the caller, `last` for members, so that each goes through what lies together
 */
export function takePart({ counters }: Signals, end: "first" | "last"): number {
  for (;;) {
    const open = Atomics.load(counters, OPEN);
    const [first, stop] = [open & 0xffff, open >>> 16];
    if (first === stop) return -1;
    const rest = end === "first" ? open + 1 : open - 0x10000;
    if (Atomics.compareExchange(counters, OPEN, open, rest) === open) return end === "first" ? first : stop - 1;
  }
}

/** Waits for a part and takes it. */
export function awaitPart(signals: Signals): number {
  const { counters } = signals;
  for (let since = performance.now(), look = 1; ; look++) {
    const calls = Atomics.load(counters, CALLS);
    const part = takePart(signals, "last");
    if (part >= 0) return part;
    if (look % LOOKS > 0 || performance.now() - since < AWAKE_MS) continue;
    Atomics.wait(counters, CALLS, calls);
    since = performance.now();
  }
}

/** The number of the job that a taken part belongs to; no two jobs in turn have the same. */
export function jobNumber({ job }: Signals): number {
  return job[NUMBER]!;
}

/** The job that a taken part belongs to. */
export function readJob({ job }: Signals): { kernel: number; args: number[] } {
  return { kernel: job[KERNEL]!, args: Array.from(job.subarray(FIRST_ARGUMENT)) };
}

/** Says that a member has done a part. */
export function sayDone({ counters }: Signals): void {
  Atomics.add(counters, DONE, 1);
  Atomics.notify(counters, DONE);
}

/**
 * Waits until members have done `parts` parts of the job.
 *
 * @param patienceMs  how long a part may take
 * @throws DeviceError when no part is done in that time
 */
export function awaitDone({ counters }: Signals, parts: number, patienceMs = PATIENCE_MS): void {
  for (let since = performance.now(), look = 1; ; look++) {
    const done = Atomics.load(counters, DONE);
    if (done === parts) return;
    if (look % LOOKS > 0 || performance.now() - since < AWAKE_MS) continue;
    if (Atomics.wait(counters, DONE, done, patienceMs) === "timed-out") {
      throw new DeviceError(
        `threads: a thread of the encoder has not answered for ${patienceMs / 1000} s; run the command again, or with one thread.`,
      );
    }
  }
}
