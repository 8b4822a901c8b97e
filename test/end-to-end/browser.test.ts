import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import type * as Kernels from "../browser/kernels.ts";
import { encodeOnWebGpu, resampleOnWasm } from "../browser/kernels.ts";
import { launchBrowser, openPage, servePage } from "../helpers/browser.ts";
import { relativeL2 } from "../helpers/close.ts";
import { testDevice } from "../helpers/device.ts";

const browser = await launchBrowser();
const onNode = await testDevice(encodeOnWebGpu);

/** What kernels.ts puts on the page's global object. */
type KernelsPage = typeof globalThis & typeof Kernels;

describe.skipIf(!browser)("headless Chromium", () => {
  let page: Page;
  let foreign: readonly string[];
  let errors: readonly string[];
  let close: () => Promise<void>;

  beforeAll(async () => {
    const served = await servePage(fileURLToPath(new URL("../browser/", import.meta.url)));
    close = served.close;
    ({ page, foreign, errors } = await openPage(browser!, served.url));
  }, 120_000);
  afterAll(async () => {
    await browser?.close();
    await close();
  });

  test("offers the page WebGPU, shared memory and relaxed SIMD", async () => {
    const offers = await page.evaluate(() => ({
      gpu: "gpu" in navigator,
      isolated: crossOriginIsolated,
      shared: typeof SharedArrayBuffer,
    }));
    expect(offers).toEqual({ gpu: true, isolated: true, shared: "function" });
  });

  test("resamples on WASM to the bits that Node gets", async () => {
    const [there, here] = [await page.evaluate(() => (globalThis as KernelsPage).resampleOnWasm()), await resampleOnWasm()];
    expect(there.build).toBe("relaxed");
    expect(there).toEqual(here);
  });

  test.skipIf(!onNode)("encodes on WebGPU to the numbers that Dawn gives in Node", async () => {
    const there = await page.evaluate(() => (globalThis as KernelsPage).encodeOnWebGpu());
    expect(there.isSoftware).toBe(true);
    expect(there.pooled).toHaveLength(2 * 32);
    // Two builds of one compiler may fuse multiply-adds differently: the distance is that of two float32 runs, see encoder.test.ts.
    expect(relativeL2(there.pooled, onNode!.pooled)).toBeLessThan(1e-6);
  });

  test("asks for nothing outside its own origin and logs no error", () => {
    expect({ foreign, errors }).toEqual({ foreign: [], errors: [] });
  });
});
