// comlink ships this adapter without types that Node's resolution finds.
declare module "comlink/dist/esm/node-adapter.mjs" {
  import type { Endpoint } from "comlink";
  import type { MessagePort, Worker } from "node:worker_threads";
  /** Makes a worker thread, or the port to its parent, speak like a Web Worker. */
  export default function nodeEndpoint(port: MessagePort | Worker): Endpoint;
}
