// Offers the kernels to the test that drives the browser.
import { encodeOnWebGpu, resampleOnWasm } from "./kernels.ts";

Object.assign(globalThis, { encodeOnWebGpu, resampleOnWasm });
