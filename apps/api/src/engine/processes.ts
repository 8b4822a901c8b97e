// Engine processes: started when needed, watched, ended when they take too much, and replaced.
import { fork, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { flagsOf, type Reach } from "./reach.ts";
import type { TaskAnswer, TaskKind, Tasks } from "./tasks.ts";

/** How a task is run. */
export interface TaskOptions {
  readonly seconds: number;
  /** Ends the task, and the process with it. */
  readonly signal?: AbortSignal;
  readonly tell?: (data: Record<string, unknown>) => void;
}

/** A fixed number of engine processes, each with one task at a time. */
export interface Engines {
  readonly size: number;
  /** Tasks that run, and processes that died or were ended so far. */
  readonly running: () => number;
  readonly deaths: () => number;
  /**
   * Runs a task on the next free process.
   *
   * @throws the task's own error by name and message; a DeviceError where its process died, took too much memory or too long; an AbortError
   */
  run<K extends TaskKind>(kind: K, given: Tasks[K]["given"], options: TaskOptions): Promise<Tasks[K]["result"]>;
  close(): void;
}

/** Milliseconds between looks at a process's memory. */
const WATCH_MS = 200;
/** Tasks that a process does before a fresh one takes its place, so that no leak grows for long. */
const TASKS_EACH = 500;

/**
 * Engine processes.
 *
 * @param bytes  most resident memory of one; looked at where the system tells it (Linux), else only the JavaScript heap is bounded
 * @param reach  the files that one may touch
 */
export function createEngines(size: number, bytes: number, reach: Reach): Engines {
  type Seat = { process: ChildProcess | null; tasks: number };
  const idle: Seat[] = Array.from({ length: size }, () => ({ process: null, tasks: 0 }));
  const waiting: ((seat: Seat) => void)[] = [];
  const living = new Set<ChildProcess>();
  let [running, deaths, next] = [0, 0, 0];

  const release = (seat: Seat) => {
    const waiter = waiting.shift();
    if (waiter) waiter(seat);
    else idle.push(seat);
  };
  const start = (): ChildProcess => {
    const child = startProcess(bytes, reach);
    living.add(child);
    child.once("exit", () => living.delete(child));
    return child;
  };

  return {
    size,
    running: () => running,
    deaths: () => deaths,
    async run(kind, given, { seconds, signal, tell }) {
      const seat = idle.shift() ?? (await new Promise<Seat>((resolve) => waiting.push(resolve)));
      running++;
      try {
        signal?.throwIfAborted();
        if (!seat.process || seat.process.exitCode !== null || seat.process.signalCode !== null || !seat.process.connected) {
          seat.process = start();
          seat.tasks = 0;
        }
        return await runOn(seat.process, next++, kind, given, { seconds, bytes, ...(signal && { signal }), ...(tell && { tell }) });
      } catch (error) {
        // Its own refusal leaves a process sound; anything that ended it does not.
        if (error instanceof Ended) {
          if (error.name === "DeviceError") deaths++;
          seat.process?.kill("SIGKILL");
          seat.process = null;
        }
        throw error;
      } finally {
        running--;
        if (++seat.tasks >= TASKS_EACH) {
          seat.process?.kill("SIGKILL");
          seat.process = null;
        }
        release(seat);
      }
    },
    close() {
      for (const child of living) child.kill("SIGKILL");
    },
  };
}

/** An error that says a process was ended or must be; its name is the remedy's. */
class Ended extends Error {
  override readonly name: "DeviceError" | "AbortError";
  constructor(name: Ended["name"], message: string) {
    super(message);
    this.name = name;
  }
}

function startProcess(bytes: number, reach: Reach): ChildProcess {
  const entry = new URL("./child.ts", import.meta.url);
  const program = import.meta.url.endsWith(".ts") ? entry : new URL(entry.href.replace(/\.ts$/, ".js"));
  return fork(fileURLToPath(program), [], {
    execArgv: [`--max-old-space-size=${Math.max(64, Math.floor(bytes / 2 ** 20))}`, ...flagsOf(reach)],
    serialization: "advanced",
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    // Nothing of the service's own surroundings (its database's password, say) is this process's business.
    env: Object.fromEntries(
      ["PATH", "HOME", "LD_LIBRARY_PATH", "VK_ICD_FILENAMES", "TMPDIR"].flatMap((k) => (process.env[k] ? [[k, process.env[k]]] : [])),
    ),
  });
}

function runOn<K extends TaskKind>(
  child: ChildProcess,
  id: number,
  kind: K,
  given: Tasks[K]["given"],
  { seconds, bytes, signal, tell }: TaskOptions & { readonly bytes: number },
): Promise<Tasks[K]["result"]> {
  return new Promise((resolve, reject) => {
    const settle = (end: () => void) => {
      clearTimeout(timer);
      clearInterval(watch);
      signal?.removeEventListener("abort", onAbort);
      child.removeListener("message", onMessage);
      child.removeListener("exit", onExit);
      child.removeListener("error", onExit);
      end();
    };
    const fail = (name: Ended["name"], message: string) => settle(() => reject(new Ended(name, message)));
    const onAbort = () => fail("AbortError", "the task was stopped");
    const onExit = () =>
      fail(
        "DeviceError",
        "the process that worked on this ended before it was done; most likely memory ran out: send a smaller image, or run the service on a machine with more",
      );
    const onMessage = (answer: TaskAnswer) => {
      if (answer.id !== id) return;
      if (answer.type === "progress") return tell?.(answer.data);
      if (answer.type === "done") return settle(() => resolve(answer.result as Tasks[K]["result"]));
      const { name, message, stack } = answer;
      return settle(() => reject(Object.assign(new Error(message), { name, stack })));
    };
    const timer = setTimeout(
      () =>
        fail(
          "DeviceError",
          `this took longer than the ${seconds} seconds that the service gives it; send a smaller image, or ask who runs the service for more time`,
        ),
      seconds * 1000,
    );
    const look = async () => {
      if ((await residentBytes(child.pid)) <= bytes) return;
      fail(
        "DeviceError",
        `this took more than the ${(bytes / 2 ** 30).toPrecision(2)} GiB of memory that the service gives it; send a smaller image`,
      );
    };
    const watch = setInterval(() => {
      void look();
    }, WATCH_MS);
    child.on("message", onMessage);
    child.once("exit", onExit);
    child.once("error", onExit);
    signal?.addEventListener("abort", onAbort, { once: true });
    if (signal?.aborted) return onAbort();
    child.send({ id, kind, given }, (error) => error && onExit());
  });
}

/** Resident memory of a process, bytes; 0 where the system does not tell. */
async function residentBytes(pid: number | undefined): Promise<number> {
  const text = await readFile(`/proc/${pid}/statm`, "utf8").catch(() => "");
  const pages = Number(text.split(" ")[1]);
  return Number.isFinite(pages) ? pages * 4096 : 0;
}
