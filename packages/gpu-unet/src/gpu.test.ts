import { describe, expect, test } from "vitest";
import { testDevice } from "../../../test/helpers/device.ts";
import { requestGpu } from "./adapter.ts";
import { compileShader, Gpu } from "./gpu.ts";
import { createTensor } from "./tensor.ts";

const open = () => testDevice(() => requestGpu({ allowSoftware: true }));
const gpu = await open();
const pass = { setPipeline() {}, setBindGroup() {}, dispatchWorkgroups() {} } as unknown as GPUComputePassEncoder;

describe.skipIf(!gpu)("a device", () => {
  test("tells file, line and text of a shader that does not compile", async () => {
    const compilations: Promise<void>[] = [];
    await expect(
      gpu!.guarded("compiling", () => {
        compileShader(gpu!.device, "broken", "@compute @workgroup_size(1)\nfn main() { let a = absent + 1; }", compilations);
      }),
    ).rejects.toMatchObject({ name: "DeviceError" });
    await expect(compilations[0]).rejects.toMatchObject({
      name: "DeviceError",
      message: expect.stringMatching(
        /a shader does not compile.*\nkernels\/broken\.wgsl:2:21: .*absent.*\n {4}fn main\(\) \{ let a = absent \+ 1; \}/,
      ),
    });
  });

  test("refuses a grid beyond its limit, naming the kernel and the limit", () => {
    expect(() =>
      gpu!.run(pass, "relu-backward", { SIZE: 1 }, [createTensor(gpu!, "y", [1]), createTensor(gpu!, "d", [1])], [1, 70000, 1]),
    ).toThrow(
      "webgpu: relu-backward needs a grid of 1 x 70000 x 1 workgroups, and maxComputeWorkgroupsPerDimension is 65535; use a smaller batch, or --backend wasm",
    );
  });

  test("turns an invalid call into a DeviceError that says what was being done", async () => {
    const work = gpu!.guarded("testing the scopes", () => gpu!.device.createBuffer({ size: 4, usage: 0x1 | 0x80 }));
    await expect(work).rejects.toMatchObject({
      name: "DeviceError",
      message: expect.stringMatching(/^webgpu: testing the scopes: the device refused the work: /),
    });
  });

  test("throws what the recording throws, and goes on working", async () => {
    const mistake = () => {
      throw new RangeError("mistake");
    };
    await expect(gpu!.guarded("testing", mistake)).rejects.toThrow(RangeError);
    await expect(gpu!.guarded("testing", () => 1)).resolves.toBe(1);
  });

  test("compiles a kernel once for each set of sizes", async () => {
    const other = await open();
    let compiled = 0;
    const { createComputePipeline } = other!.device;
    other!.device.createComputePipeline = (descriptor) => {
      compiled++;
      return createComputePipeline.call(other!.device, descriptor);
    };
    const both = [createTensor(other!, "y", [6]), createTensor(other!, "d", [6])];
    for (const SIZE of [2, 3, 2, 3, 2]) other!.run(pass, "relu-backward", { SIZE }, both, [1, 1, 1]);
    expect(compiled).toBe(2);
    other!.destroy();
  });

  test("says so when it was destroyed before it is used", async () => {
    const other = await open();
    other!.destroy();
    await other!.device.lost;
    await expect(other!.guarded("testing", () => 1)).rejects.toMatchObject({
      name: "DeviceError",
      message: expect.stringMatching(/^webgpu: the device was already destroyed/),
    });
  });
});

describe("a device that complains", () => {
  const info = { vendor: "v", architecture: "", device: "", description: "Tired GPU", isSoftware: false };
  /** A device whose error scopes give these messages and which is lost with this reason, if any. */
  function complaining(messages: Partial<Record<GPUErrorFilter, string>>, lost?: GPUDeviceLostReason): Gpu {
    const scopes: GPUErrorFilter[] = [];
    const device = {
      lost: lost ? Promise.resolve({ reason: lost, message: "hang" }) : new Promise(() => undefined),
      pushErrorScope: (filter: GPUErrorFilter) => scopes.push(filter),
      popErrorScope: async () => {
        const message = messages[scopes.pop()!];
        return message ? { message } : null;
      },
    };
    return new Gpu(device as unknown as GPUDevice, info, {} as GPU);
  }

  test.each([
    [
      "out-of-memory",
      "webgpu: encoding: the device's memory ran out (too much); use a smaller batch, close other programs that use it, or use --backend wasm",
    ],
    ["validation", "webgpu: encoding: the device refused the work: too much"],
    ["internal", "webgpu: encoding: the device refused the work: too much"],
  ] as const)("of %s gives a DeviceError with its message", async (filter, sentence) => {
    const gpu = complaining({ [filter]: "too much" });
    await expect(gpu.guarded("encoding", () => 1)).rejects.toMatchObject({ name: "DeviceError", message: sentence });
  });

  test("and is lost says so, with the remedy, to whoever waits for it and whoever comes later", async () => {
    const gpu = complaining({}, "unknown");
    const sentence =
      "webgpu: Tired GPU was lost during the computation (hang); run again with a smaller batch, update its driver, or use --backend wasm";
    await expect(gpu.survive("reading", Promise.reject(new Error("aborted")))).rejects.toMatchObject({
      name: "DeviceError",
      message: sentence,
    });
    await expect(gpu.guarded("encoding", () => 1)).rejects.toMatchObject({ name: "DeviceError", message: sentence });
  });
});
