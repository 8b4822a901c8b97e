import { DeviceError } from "./errors.ts";
import type { BuildName } from "./simd-build.ts";

export { startMember } from "./start-member.browser.ts";

// Written out one by one, so that a bundler sees each file and takes it along.
const FILES: Record<BuildName, URL> = {
  relaxed: new URL("../build/core.relaxed.wasm", import.meta.url),
  simd: new URL("../build/core.simd.wasm", import.meta.url),
  "relaxed-shared": new URL("../build/core.relaxed-shared.wasm", import.meta.url),
  "simd-shared": new URL("../build/core.simd-shared.wasm", import.meta.url),
};

/** Fetches and compiles a build that is served beside the page's scripts. */
export async function compileBuild(build: BuildName): Promise<WebAssembly.Module> {
  const url = FILES[build];
  const response = await fetch(url);
  if (!response.ok)
    throw new DeviceError(
      `core-wasm: ${url.href} answered ${response.status}; the page's files are incomplete, so reload it or deploy it again.`,
    );
  const bytes = await response.arrayBuffer();
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new DeviceError(
      `core-wasm: this browser does not accept the ${build} build (${String(cause)}). Current Chrome, Firefox, Edge and Safari have WebAssembly SIMD.`,
      { cause },
    );
  }
}
