// The command line as a user runs it: a process of its own.
import { spawn, type ChildProcess } from "node:child_process";
import { fileURLToPath } from "node:url";

const ISLET = fileURLToPath(new URL("../../apps/cli/bin/islet.js", import.meta.url));

/** What a command left behind. */
export interface CliResult {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `islet ARGS`. `killOnce` is asked again and again; once true, the process is ended with SIGKILL. */
export function islet(
  args: readonly string[],
  options: { readonly env?: Record<string, string>; readonly cwd?: string; readonly killOnce?: () => Promise<boolean> } = {},
): Promise<CliResult> {
  const { cwd } = options;
  const env = { ...process.env, ...options.env };
  const child = spawn(process.execPath, [ISLET, ...args], { env, ...(cwd !== undefined && { cwd }), stdio: ["ignore", "pipe", "pipe"] });
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on("data", (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  if (options.killOnce) void killOnce(child, options.killOnce);
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

async function killOnce(child: ChildProcess, isTime: () => Promise<boolean>): Promise<void> {
  while (child.exitCode === null && child.signalCode === null) {
    if (await isTime()) child.kill("SIGKILL");
    await new Promise(setImmediate);
  }
}
