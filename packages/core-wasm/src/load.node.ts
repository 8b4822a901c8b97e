import { readFile } from "node:fs/promises";
import { DeviceError } from "./errors.ts";
import type { BuildName } from "./simd-build.ts";

export { startMember } from "./start-member.node.ts";

const compiled = new Map<BuildName, Promise<WebAssembly.Module>>();

/** The compiled code of a build that lies beside this package; compiled once, since code has no state. */
export function compileBuild(build: BuildName): Promise<WebAssembly.Module> {
  const module = compiled.get(build) ?? compileFile(build);
  compiled.set(build, module);
  return module;
}

async function compileFile(build: BuildName): Promise<WebAssembly.Module> {
  const url = new URL(`../build/core.${build}.wasm`, import.meta.url);
  let bytes: Uint8Array<ArrayBuffer>;
  try {
    bytes = await readFile(url);
  } catch (cause) {
    throw new DeviceError(`core-wasm: ${url.pathname} cannot be read; build the package ("npm run build") or reinstall Islet.`, { cause });
  }
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new DeviceError(
      `core-wasm: this engine does not accept the ${build} build (${String(cause)}). Node 20 or newer has WebAssembly SIMD.`,
      { cause },
    );
  }
}
