import type { Member, Membership } from "./crew-member.ts";
import { DeviceError } from "./errors.ts";

/** Starts a crew's thread. */
export function startMember(membership: Membership): Promise<Member> {
  const worker = new Worker(new URL("./crew-member.browser.js", import.meta.url), { type: "module" });
  return new Promise((resolve, reject) => {
    worker.addEventListener("message", () => resolve({ end: () => worker.terminate() }), { once: true });
    worker.addEventListener(
      "error",
      ({ message }) => reject(new DeviceError(`threads: a thread could not start (${message}); reload the page, or use one thread.`)),
      { once: true },
    );
    worker.postMessage(membership);
  });
}
