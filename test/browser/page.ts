// Offers the computations to the test that drives the browser.
import { caseInWebWorker } from "./cases.ts";
import { readAndWrite } from "./intake.ts";
import { encodeOnWebGpu, resampleOnWasm, trainOnWebGpu } from "./kernels.ts";

Object.assign(globalThis, { caseInWebWorker, encodeOnWebGpu, readAndWrite, resampleOnWasm, trainOnWebGpu });
