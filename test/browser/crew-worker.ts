// A worker of the page that lets threads of its own share its slices.
import { encodeOnThreads } from "./threads.ts";

interface WorkerScope {
  postMessage(message: unknown): void;
}
void encodeOnThreads().then((result) => (globalThis as unknown as WorkerScope).postMessage(result));
