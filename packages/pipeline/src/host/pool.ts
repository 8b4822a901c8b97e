// One pool of workers for Node and the browser: who runs what, and what happens when a worker dies.
import { DeviceError } from "../errors.ts";

/** One worker: a remote interface, its death, and its end. */
export interface PoolWorker<Api> {
  readonly api: Api;
  /** Rejects when the worker dies; never resolves. */
  readonly died: Promise<never>;
  terminate(): void;
}

/**
 * A function that gives a job's result, or rejects once the worker dies.
 *
 * A race with `died` would do the same and keep every result for as long as the worker lives: a promise that never settles holds on to all
 * that wait for it.
 */
export function untilDeath(died: Promise<never>): <T>(job: Promise<T>) => Promise<T> {
  const waiting = new Set<(error: unknown) => void>();
  let death: { readonly error: unknown } | null = null;
  died.catch((error: unknown) => {
    death = { error };
    for (const reject of waiting) reject(error);
    waiting.clear();
  });
  return (job) =>
    new Promise((resolve, reject) => {
      if (death) reject(death.error);
      else waiting.add(reject);
      job.then(resolve, reject).finally(() => waiting.delete(reject));
    });
}

/** Runs jobs on a fixed number of workers, each one job at a time, in the order given. */
export interface Pool<Api> {
  readonly size: number;
  /** Runs a job on the next free worker. A dead worker fails its job with a DeviceError and is replaced. */
  run<T>(job: (api: Api) => Promise<T>): Promise<T>;
  close(): void;
}

/**
 * A pool of `size` workers, each spawned when its first job comes.
 *
 * @param spawn  makes a worker ready to take jobs
 */
export function createPool<Api>(size: number, spawn: () => Promise<PoolWorker<Api>>): Pool<Api> {
  type Living = PoolWorker<Api> & { readonly orDeath: ReturnType<typeof untilDeath> };
  type Seat = { worker: Promise<Living> | null };
  const idle: Seat[] = Array.from({ length: size }, () => ({ worker: null }));
  const waiting: ((seat: Seat) => void)[] = [];
  const all = new Set<Promise<Living>>();

  const release = (seat: Seat) => {
    const next = waiting.shift();
    if (next) next(seat);
    else idle.push(seat);
  };

  return {
    size,
    async run(job) {
      const seat = idle.shift() ?? (await new Promise<Seat>((resolve) => waiting.push(resolve)));
      try {
        if (!seat.worker) all.add((seat.worker = spawn().then((worker) => ({ ...worker, orDeath: untilDeath(worker.died) }))));
        const worker = await seat.worker;
        return await worker.orDeath(job(worker.api));
      } catch (error) {
        if (error instanceof WorkerDeath || !(await seat.worker?.catch(() => null))) {
          if (seat.worker) all.delete(seat.worker);
          seat.worker = null;
        }
        throw error;
      } finally {
        release(seat);
      }
    },
    close() {
      for (const worker of all) worker.then((w) => w.terminate()).catch(() => {});
      all.clear();
    },
  };
}

/** A worker ended before its job did: out of memory, or a crash of the engine. */
export class WorkerDeath extends DeviceError {
  constructor(reason: string, options?: ErrorOptions) {
    super(
      `a worker ended before its work was done (${reason}); most likely memory ran out. Close other programs or run with fewer workers, and run the same command again: finished patients are kept.`,
      options,
    );
  }
}
