// How the threads of a crew share a job: its arguments, and counters from which whoever is awake takes the next part.
import { DeviceError } from "./errors.ts";

/** A thread without a part stays awake so long, because the next job of a slice follows within a fraction of it; waking costs as much as a small layer. */
const AWAKE_MS = 0.5;
/** The caller, when all parts are taken, waits at least so long before it takes over what another thread holds. */
const LENIENCE_MS = 0.1;
/** Looks at the counters between two looks at the clock. */
const LOOKS = 256;
/** How long a waiting caller sleeps before it looks whether a member can be relieved. */
const NAP_MS = 2;
/** A thread that needs longer than this for a part has died. */
const PATIENCE_MS = 60_000;
const ARGUMENTS = 15;
/** Places of the counters. */
const CALLS = 0;
const OPEN = 1;
const DONE = 2;
const HELD = 3;
/** What stands in a member's place of HELD: nothing, the number of its part from 1, that number negated while the member writes, or that it is relieved of it. */
const NOTHING = 0;
const RELIEVED = 2 ** 30;
/** Places in the job's description; the arguments follow. */
const NUMBER = 0;
const KERNEL = 1;
const FIRST_ARGUMENT = 2;

/** What a crew's threads share besides the wasm memory. */
export interface Signals {
  /** Jobs called out since the crew began; parts of the last one that nobody has taken; those of its parts that members have done; then a place for each member, for the part it holds. */
  readonly counters: Int32Array<SharedArrayBuffer>;
  /** The job's number, how many parts it has, which kernel, then the arguments. Changed only while no part is open, or under way with a member that has not read it. */
  readonly job: Float64Array<SharedArrayBuffer>;
}

/** Signals at rest, of a caller and so many members. */
export function createSignals(members: number): Signals {
  return {
    counters: new Int32Array(new SharedArrayBuffer(4 * (HELD + members))),
    job: new Float64Array(new SharedArrayBuffer(8 * (FIRST_ARGUMENT + ARGUMENTS))),
  };
}

/** Calls a job out, when all parts of the one before are done: those a member was relieved of by whoever took them over. */
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
 * Takes a part of the job that is called out: its index from 0, or -1 when none is left. The job stays as it is until the part is done or, once it is shown (`hold`), taken over.
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

/** Shows that a member works on a part it took, when it has read the job: from now on the caller may take the part over. */
export function hold({ counters }: Signals, member: number, part: number): void {
  Atomics.store(counters, HELD + member, part + 1);
}

/** Whether a member that holds a part may write: then it is not relieved before it has said `hold` or `sayDone`. */
export function mayWrite({ counters }: Signals, member: number, part: number): boolean {
  return Atomics.compareExchange(counters, HELD + member, part + 1, -part - 1) === part + 1;
}

/** Ends a member's hold of a part, and says that it is done unless the member was relieved of it. */
export function sayDone({ counters }: Signals, member: number): void {
  if (Atomics.exchange(counters, HELD + member, NOTHING) === RELIEVED) return;
  Atomics.add(counters, DONE, 1);
  Atomics.notify(counters, DONE);
}

/** Relieves a member of the part it holds and is not writing: its index, or -1 where there is none. */
function relieve({ counters }: Signals): number {
  for (let place = HELD; place < counters.length; place++) {
    const held = Atomics.load(counters, place);
    if (held <= NOTHING || held === RELIEVED) continue;
    if (Atomics.compareExchange(counters, place, held, RELIEVED) === held) return held - 1;
  }
  return -1;
}

/**
 * Waits until `parts` parts of the job are done that members took. A member that other programs keep from its processor is relieved of its part.
 *
 * @param usualMs     what a part takes; twice as long is waited before one is taken over
 * @param takeOver    computes a part that a member is relieved of
 * @param patienceMs  how long a part may take that cannot be taken over
 * @throws DeviceError when no part is done in that time
 */
export function awaitDone(
  signals: Signals,
  parts: number,
  usualMs: number,
  takeOver: (part: number) => void,
  patienceMs = PATIENCE_MS,
): void {
  const { counters } = signals;
  const lenience = LENIENCE_MS + 2 * usualMs;
  let since = performance.now();
  for (let look = 1, before = 0; ; look++) {
    const done = Atomics.load(counters, DONE);
    if (done === parts) return;
    if (look % LOOKS > 0) continue;
    if (done > before) [before, since] = [done, performance.now()];
    const waited = performance.now() - since;
    if (waited < lenience) continue;
    const part = relieve(signals);
    if (part >= 0) {
      takeOver(part);
      parts--;
    } else if (waited > lenience + AWAKE_MS) {
      Atomics.wait(counters, DONE, done, NAP_MS);
      if (waited < patienceMs) continue;
      throw new DeviceError(
        `threads: a thread of the encoder has not answered for ${patienceMs / 1000} s; run the command again, or with one thread.`,
      );
    }
  }
}
