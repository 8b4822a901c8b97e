// Lines of JSON about requests and jobs: what happened and how long it took, never what was sent, nor a sentence that might repeat it.
import { pino, type DestinationStream, type Logger } from "pino";

/** The service's log. */
export type Log = Logger;

/** A log on stderr, or where a test wants it. */
export function createLog(level: string, destination?: DestinationStream): Log {
  return pino({ level, base: null }, destination ?? pino.destination({ dest: 2, sync: true }));
}

/** An error without its message, which may repeat a name: its kind, and where it was thrown. */
export function traceOf(error: unknown): { name: string; at: string[] } {
  const { name, stack } = error instanceof Error ? error : new Error("not an error");
  const at = (stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  return { name, at: at.slice(0, 12).map((line) => line.trim()) };
}
