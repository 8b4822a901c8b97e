// How the threads of a crew call each other: a job's arguments and two counters in shared memory.
import { DeviceError } from "./errors.ts";

/** Loads before a thread goes to sleep: jobs of one slice follow each other within microseconds. */
const SPINS = 4000;
/** A member that needs longer than this for a part has died. */
const PATIENCE_MS = 60_000;
const ARGUMENTS = 14;
/** Places of the counters. */
const CALLS = 0;
const DONE = 1;

/** What a crew's threads share besides the wasm memory. */
export interface Signals {
  /** Jobs called out, and parts done, since the crew began. */
  readonly counters: Int32Array<SharedArrayBuffer>;
  /** Which kernel, then its arguments. */
  readonly job: Float64Array<SharedArrayBuffer>;
}

/** Signals at rest. */
export function createSignals(): Signals {
  return { counters: new Int32Array(new SharedArrayBuffer(8)), job: new Float64Array(new SharedArrayBuffer(8 * (1 + ARGUMENTS))) };
}

/** Calls a job out to all members. */
export function callOut({ counters, job }: Signals, kernel: number, args: readonly (number | boolean)[]): void {
  job[0] = kernel;
  args.forEach((value, i) => (job[i + 1] = Number(value)));
  Atomics.add(counters, CALLS, 1);
  Atomics.notify(counters, CALLS);
}

/** Waits until a job later than the `seen`-th is called out and gives the number of the last. */
export function awaitCall({ counters }: Signals, seen: number): number {
  for (let spin = 0; spin < SPINS; spin++) if (Atomics.load(counters, CALLS) !== seen) return Atomics.load(counters, CALLS);
  while (Atomics.load(counters, CALLS) === seen) Atomics.wait(counters, CALLS, seen);
  return Atomics.load(counters, CALLS);
}

/** Says that a part is done. */
export function sayDone({ counters }: Signals): void {
  Atomics.add(counters, DONE, 1);
  Atomics.notify(counters, DONE);
}

/**
 * Waits until `parts` parts are done since the crew began; the counters wrap round at 2^32.
 *
 * @param patienceMs  how long a part may take
 * @throws DeviceError when no part is done in that time
 */
export function awaitDone({ counters }: Signals, parts: number, patienceMs = PATIENCE_MS): void {
  for (let spin = 0; ; spin++) {
    const done = Atomics.load(counters, DONE);
    if (done === (parts | 0)) return;
    if (spin >= SPINS && Atomics.wait(counters, DONE, done, patienceMs) === "timed-out") {
      throw new DeviceError(
        `threads: a thread of the encoder has not answered for ${patienceMs / 1000} s; run the command again, or with one thread.`,
      );
    }
  }
}
