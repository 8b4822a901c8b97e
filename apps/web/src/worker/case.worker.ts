// The worker that holds the scans and computes; the page only shows.
import { createDesk } from "@islet/pipeline";
import { expose, transfer } from "comlink";

const desk = createDesk();
const sent = (bytes: Uint8Array<ArrayBuffer>) => transfer(bytes, [bytes.buffer]);

expose({
  ...desk,
  scanForViewer: async (slot: string) => sent(await desk.scanForViewer(slot)),
  regionForViewer: async (slot: string) => sent(await desk.regionForViewer(slot)),
});
