import { afterEach, describe, expect, test, vi } from "vitest";
import { testDevice } from "./device.ts";

const absent = async () => {
  throw new Error("no adapter here");
};

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("a missing adapter", () => {
  test("is a skip with its reason printed on a developer's machine", async () => {
    vi.stubEnv("CI", "");
    const warn = vi.spyOn(console, "warn").mockImplementation(() => undefined);
    expect(await testDevice(absent)).toBeNull();
    expect(warn).toHaveBeenCalledExactlyOnceWith("skipped: the WGSL tests need a WebGPU adapter: no adapter here");
  });

  test("is a failure in CI", async () => {
    vi.stubEnv("CI", "true");
    await expect(testDevice(absent)).rejects.toThrow("no adapter here");
  });
});
