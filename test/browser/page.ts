// Offers the computations to the test that drives the browser.
import { caseInWebWorker } from "./cases.ts";
import { readAndWrite } from "./intake.ts";
import { encodeOnThreadsOfWorker, encodeOnWebGpu, resampleOnWasm, trainOnWebGpu } from "./kernels.ts";
import { opsOnWebGpu } from "./ops.ts";
import { scoreWithBundle } from "./scores.ts";
import { encodeOnThreads } from "./threads.ts";

Object.assign(globalThis, {
  caseInWebWorker,
  encodeOnThreads,
  encodeOnThreadsOfWorker,
  encodeOnWebGpu,
  opsOnWebGpu,
  readAndWrite,
  resampleOnWasm,
  scoreWithBundle,
  trainOnWebGpu,
});
