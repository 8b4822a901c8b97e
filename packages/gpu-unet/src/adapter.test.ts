import { afterEach, describe, expect, test, vi } from "vitest";
import { testDevice } from "../../../test/helpers/device.ts";
import { describeAdapter } from "./adapter-info.ts";
import { probeAdapters, requestGpu } from "./adapter.ts";
import { openWebGpu } from "./device.node.ts";
import { openWebGpu as openInBrowser } from "./device.browser.ts";

const dawn = await testDevice(openWebGpu);

/** Answers `create()` of the npm package with a device seam of the test's own. */
const create = vi.hoisted(() => ({ instead: null as null | (() => unknown) }));
vi.mock("webgpu", async (original) => {
  const { create: real } = await original<{ create: (options: string[]) => GPU }>();
  return { create: (options: string[]) => (create.instead ? create.instead() : real(options)) };
});
afterEach(() => {
  create.instead = null;
  vi.unstubAllGlobals();
});

const adapter = (info: Partial<GPUAdapterInfo>, limits: Record<string, number> = {}) => ({
  requestAdapter: async () => ({ info, limits, requestDevice: async () => Promise.reject(new Error("in use")) }),
});

describe("choosing an adapter", () => {
  test.each([
    [{ vendor: "google", architecture: "swiftshader", description: "SwiftShader driver 5.0.0" }, true],
    [{ vendor: "mesa", description: "llvmpipe (LLVM 15.0.6, 256 bits)" }, true],
    [{ vendor: "microsoft", description: "Microsoft Basic Render Driver" }, true],
    [{ vendor: "unknown", isFallbackAdapter: true }, true],
    [{ vendor: "nvidia", architecture: "hopper", description: "NVIDIA H200" }, false],
    [{ vendor: "apple", architecture: "metal-3" }, false],
    [{ vendor: "intel", architecture: "gen-12lp", description: "Intel(R) Iris(R) Xe Graphics" }, false],
    [{}, false],
  ])("%j computes on the CPU: %s", (info, isSoftware) => {
    expect(describeAdapter(info).isSoftware).toBe(isSoftware);
  });

  test.each([
    [{ vendor: "apple", architecture: "metal-3" }, "apple metal-3"],
    [{ vendor: "nvidia", device: "0x2330" }, "0x2330"],
    [{}, "an adapter without a name"],
  ])("%j is called %s where the browser hides its description", (info, name) => {
    expect(describeAdapter(info).description).toBe(name);
  });

  test("no adapter is a DeviceError that says what to do", async () => {
    create.instead = () => ({ requestAdapter: async () => null });
    expect(await probeAdapters()).toEqual([]);
    await expect(requestGpu()).rejects.toMatchObject({
      name: "DeviceError",
      message: "webgpu: this machine offers no WebGPU adapter; use --backend wasm or install a Vulkan driver",
    });
  });

  test("a tuning without an adapter is not sent to another backend, which it could not measure", async () => {
    create.instead = () => ({ requestAdapter: async () => null });
    await expect(requestGpu({ tunes: true })).rejects.toMatchObject({
      name: "DeviceError",
      message: "webgpu: this machine offers no WebGPU adapter; install a Vulkan driver",
    });
  });

  test("a native library that does not load is a DeviceError that gives the loader's reason", async () => {
    create.instead = () => {
      throw new Error("version `GLIBCXX_3.4.32' not found");
    };
    await expect(probeAdapters()).rejects.toMatchObject({
      name: "DeviceError",
      message: expect.stringMatching(/does not load on this machine .*GLIBCXX_3\.4\.32' not found\); use --backend wasm/),
    });
  });

  test("a limit that the adapter falls short of is named with both numbers", async () => {
    create.instead = () => adapter({ description: "Small GPU" }, { maxBufferSize: 1000 });
    await expect(requestGpu({ limits: { maxBufferSize: 2000 } })).rejects.toMatchObject({
      name: "DeviceError",
      message:
        "webgpu: maxBufferSize of 2000 is needed and the adapter Small GPU offers 1000; use a smaller network, image or batch, or --backend wasm",
    });
  });

  test("an adapter that refuses a device is a DeviceError that gives its reason", async () => {
    create.instead = () => adapter({ vendor: "nvidia" });
    await expect(requestGpu()).rejects.toMatchObject({
      name: "DeviceError",
      message: expect.stringMatching(/the adapter nvidia refused a device \(in use\)/),
    });
  });

  test("a browser without navigator.gpu is a DeviceError with the way out", async () => {
    vi.stubGlobal("navigator", {});
    vi.stubGlobal("isSecureContext", false);
    await expect(openInBrowser()).rejects.toMatchObject({
      name: "DeviceError",
      message: expect.stringMatching(/no navigator\.gpu to this page; open the page over https or from localhost/),
    });
  });
});

const [found] = dawn ? await probeAdapters() : [];

describe.skipIf(!found?.isSoftware)("a software adapter under Dawn", () => {
  test("is listed once, as software", async () => {
    expect(await probeAdapters()).toEqual([expect.objectContaining({ isSoftware: true })]);
  });

  test("is refused unless software adapters are allowed", async () => {
    await expect(requestGpu()).rejects.toMatchObject({
      name: "DeviceError",
      message: expect.stringMatching(/adapter here, .* computes on the CPU.*use --backend wasm, or allow software adapters explicitly/),
    });
  });

  test("gives a device with the limits that were asked for", async () => {
    const gpu = await requestGpu({ allowSoftware: true, limits: { maxComputeWorkgroupStorageSize: 2 ** 15, maxBufferSize: 2 ** 29 } });
    expect(gpu.device.limits).toMatchObject({ maxComputeWorkgroupStorageSize: 2 ** 15, maxBufferSize: 2 ** 29 });
    gpu.destroy();
  });
});
