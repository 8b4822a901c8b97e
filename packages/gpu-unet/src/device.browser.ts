// WebGPU in browsers: `navigator.gpu`, in pages and workers.
import { DeviceError } from "./errors.ts";

/**
 * The browser's own WebGPU.
 *
 * @throws DeviceError where the browser has none, or hides it because the page is not in a secure context
 */
export async function openWebGpu(): Promise<GPU> {
  const gpu = (globalThis.navigator as Partial<Navigator> | undefined)?.gpu;
  if (!gpu) {
    const way = globalThis.isSecureContext ? "use a browser with WebGPU switched on" : "open the page over https or from localhost";
    throw new DeviceError(`webgpu: this browser offers no navigator.gpu to this page; ${way}, or choose the wasm backend`);
  }
  return gpu;
}
