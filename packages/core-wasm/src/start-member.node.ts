import { once } from "node:events";
import { Worker } from "node:worker_threads";
import type { Member, Membership } from "./crew-member.ts";

/** Starts a crew's thread; it does not keep the process alive. */
export async function startMember(membership: Membership): Promise<Member> {
  const source = new URL("./crew-member.node.ts", import.meta.url);
  const entry = import.meta.url.endsWith(".ts") ? source : new URL(source.href.replace(/\.ts$/, ".js"));
  const thread = new Worker(entry, { workerData: membership });
  await once(thread, "message");
  thread.unref();
  return { end: () => void thread.terminate() };
}
