// Offers the computations to the test that drives the browser.
import { caseInWebWorker } from "./cases.ts";
import { encodeOnWebGpu, resampleOnWasm } from "./kernels.ts";

Object.assign(globalThis, { caseInWebWorker, encodeOnWebGpu, resampleOnWasm });
