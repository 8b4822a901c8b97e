// The alternate screen, and the promise that it is left again whatever happens.
import { writeSync } from "node:fs";

const ENTER = "\u001b[?1049h\u001b[H";
/** Leaves the alternate screen, shows the cursor, ends colours, and the synchronised update that a crash may have cut short. */
const LEAVE = "\u001b[?2026l\u001b[0m\u001b[?1049l\u001b[?25h";

/** A terminal that was taken over. */
export interface TakenTerminal {
  /** Gives it back; more calls do nothing. */
  restore(): void;
}

/**
 * Switches a terminal to its alternate screen until `restore`, the end of the process, an uncaught error, or a signal that ends it.
 *
 * Node itself takes the keyboard out of raw mode when the process ends.
 */
export function takeTerminal(stream: NodeJS.WriteStream & { readonly fd?: number }): TakenTerminal {
  let taken = true;
  stream.write(ENTER);
  // At the end of a process only what is written at once is still written.
  const leave = () => {
    if (!taken) return;
    taken = false;
    try {
      if (process.stdin.isTTY) process.stdin.setRawMode(false);
      if (stream.fd === undefined) stream.write(LEAVE);
      else writeSync(stream.fd, LEAVE);
    } catch {
      // The terminal is gone; there is nothing to give back.
    }
  };
  const crash = (error: unknown) => {
    restore();
    process.stderr.write(`islet: this should not have happened; please report it with the lines below.\n${traceOf(error)}\n`);
    process.exit(1);
  };
  const signal = (name: NodeJS.Signals) => {
    restore();
    process.kill(process.pid, name);
  };
  const SIGNALS = ["SIGTERM", "SIGHUP"] as const;
  const restore = () => {
    leave();
    process.removeListener("exit", leave);
    process.removeListener("uncaughtException", crash);
    process.removeListener("unhandledRejection", crash);
    for (const name of SIGNALS) process.removeListener(name, signal);
  };
  process.on("exit", leave);
  process.on("uncaughtException", crash);
  process.on("unhandledRejection", crash);
  for (const name of SIGNALS) process.on(name, signal);
  return { restore };
}

const traceOf = (error: unknown) => (error instanceof Error ? (error.stack ?? error.message) : String(error));
