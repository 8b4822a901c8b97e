// The entry of a crew's thread in a browser: the membership comes as the first message.
import { serve } from "./crew-member.ts";
import type { Membership } from "./crew-member.ts";

interface WorkerScope {
  addEventListener(type: "message", listener: (event: { readonly data: Membership }) => void, options: { once: true }): void;
  postMessage(message: string): void;
}
const scope = globalThis as unknown as WorkerScope;
scope.addEventListener("message", ({ data }) => serve(data, () => scope.postMessage("ready")), { once: true });
