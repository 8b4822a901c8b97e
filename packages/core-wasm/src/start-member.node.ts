import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Member, Membership } from "./crew-member.ts";
import { DeviceError } from "./errors.ts";

/**
 * Starts a crew's thread; it does not keep the process alive.
 *
 * @throws DeviceError where the machine gives no thread, or not the memory for one
 */
export async function startMember(membership: Membership): Promise<Member> {
  const source = new URL("./crew-member.node.ts", import.meta.url);
  const entry = import.meta.url.endsWith(".ts") ? source : new URL(source.href.replace(/\.ts$/, ".js"));
  const thread = new Worker(entry, { workerData: membership });
  try {
    await once(thread, "message");
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new DeviceError(
      `threads: a thread could not start (${reason}); close other programs, or allow this one more threads and memory.`,
      {
        cause,
      },
    );
  }
  thread.unref();
  return { end: () => void thread.terminate() };
}
