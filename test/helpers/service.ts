// islet serve and islet worker as a user runs them: processes of their own, which a test may kill.
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const ISLET = fileURLToPath(new URL("../../apps/cli/bin/islet.js", import.meta.url));

/** A process that says in one line of JSON when it is ready. */
export interface ServiceProcess {
  /** What it said; a service says its `url`. */
  readonly told: Record<string, unknown>;
  /** Ends it by a signal and waits until it is gone; gives its exit code. */
  end(signal: NodeJS.Signals): Promise<number | null>;
  /** Its log so far. */
  stderr(): string;
}

/**
 * Starts `islet ARGS --json` and waits for its line.
 *
 * @param program  another islet than the repository's
 */
export async function startIslet(args: readonly string[], env: Record<string, string> = {}, program = ISLET): Promise<ServiceProcess> {
  const child = spawn(process.execPath, [program, ...args, "--json"], {
    env: { ...process.env, DATABASE_URL: "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let stderr = "";
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const closed = new Promise<number | null>((resolve) => child.once("close", resolve));
  const line = await firstLine(child).catch(() => {
    throw new Error(`islet ${args.join(" ")} ended before it was ready: ${stderr}`);
  });
  return {
    told: JSON.parse(line) as Record<string, unknown>,
    end(signal) {
      if (child.exitCode === null && child.signalCode === null) child.kill(signal);
      return closed;
    },
    stderr: () => stderr,
  };
}

function firstLine(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    child.stdout!.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text.split("\n")[0]!);
    });
    child.once("close", () => reject(new Error("closed")));
    child.once("error", reject);
  });
}

/** JSON of an answer; an answer that is no success throws with its problem. */
export async function answerOf<T>(asked: Promise<Response>): Promise<T> {
  const answer = await asked;
  if (!answer.ok) throw new Error(`${answer.status}: ${await answer.text()}`);
  return (await answer.json()) as T;
}

/** POSTs JSON. */
export const postJson = (url: string, body: object, headers: Record<string, string> = {}) =>
  fetch(url, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json", ...headers } });

/** Asks again and again until `isSo`. */
export async function untilTrue(isSo: () => Promise<boolean>, everyMs = 50): Promise<void> {
  while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, everyMs));
}
