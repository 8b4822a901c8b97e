import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadCore } from "@islet/core-wasm";
import { createThreadPool, generateDemo, toolFiles } from "@islet/pipeline/node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Page } from "playwright-core";
import type * as Cases from "../browser/cases.ts";
import { readAndWrite, type TravellingFiles } from "../browser/intake.ts";
import type * as Intake from "../browser/intake.ts";
import type * as Kernels from "../browser/kernels.ts";
import { encodeOnWebGpu, resampleOnWasm } from "../browser/kernels.ts";
import type * as Ops from "../browser/ops.ts";
import type * as Threads from "../browser/threads.ts";
import { encodeOn } from "../browser/threads.ts";
import { CASE, SETTINGS, type CaseInput } from "../helpers/case.ts";
import { launchBrowser, openPage, servePage } from "../helpers/browser.ts";
import { relativeL2 } from "../helpers/close.ts";
import { testDevice } from "../helpers/device.ts";
import { ctSeries } from "../helpers/dicom.ts";
import { golden } from "../helpers/golden.ts";
import { opCases } from "../ops/table.ts";

const browser = await launchBrowser();
const onNode = await testDevice(encodeOnWebGpu);

/** What kernels.ts puts on the page's global object. */
type KernelsPage = typeof globalThis & typeof Kernels;
/** What ops.ts puts there. */
type OpsPage = typeof globalThis & typeof Ops;
/** What threads.ts puts there. */
type ThreadsPage = typeof globalThis & typeof Threads;
/** What intake.ts puts there. */
type IntakePage = typeof globalThis & typeof Intake;
/** What cases.ts puts there. */
type CasesPage = typeof globalThis & typeof Cases;

describe.skipIf(!browser)("headless Chromium", () => {
  let page: Page;
  let foreign: readonly string[];
  let errors: readonly string[];
  let close: () => Promise<void>;

  beforeAll(async () => {
    const tools = Object.fromEntries(Object.entries(toolFiles()).map(([name, file]) => [`assets/tools/${name}`, file]));
    const served = await servePage(fileURLToPath(new URL("../browser/", import.meta.url)), tools);
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

  test("lets two threads share a slice in a worker, to the bits that one thread of Node gets, and not on the page's own thread", async () => {
    const there = await page.evaluate(() => (globalThis as KernelsPage).encodeOnThreadsOfWorker());
    expect(there).toEqual({ build: "relaxed", pooled: encodeOn(await loadCore("relaxed")) });
    const refused = await page.evaluate(() => (globalThis as ThreadsPage).encodeOnThreads().catch((error: Error) => error.message));
    expect(refused).toContain("threads: several can share a slice only in a worker of a cross-origin isolated page");
  });

  test("runs every layer's forward and backward on WebGPU within the bounds that hold on Dawn", async () => {
    const results = await page.evaluate(() => (globalThis as OpsPage).opsOnWebGpu());
    expect(results.filter(({ wrong }) => wrong.length > 0)).toEqual([]);
    // SwiftShader has subgroups and no shader-f16.
    expect(results.map(({ title }) => title)).toEqual(opCases.filter(({ needs }) => needs !== "shader-f16").map(({ title }) => title));
  });

  test.skipIf(!onNode)("encodes on WebGPU to the numbers that Dawn gives in Node", async () => {
    const there = await page.evaluate(() => (globalThis as KernelsPage).encodeOnWebGpu());
    expect(there.isSoftware).toBe(true);
    expect(there.pooled).toHaveLength(2 * 32);
    // Two builds of one compiler may fuse multiply-adds differently: the distance is that of two float32 runs, see encoder.test.ts.
    expect(relativeL2(there.pooled, onNode!.pooled)).toBeLessThan(1e-6);
  });

  test.skipIf(!onNode)("trains the whole network on WebGPU with PyTorch's losses and gradients", async () => {
    const want = golden<{ cases: { losses: number[]; gradients: Record<string, number[]> }[] }>("unet-training").cases[0]!;
    const there = await page.evaluate(() => (globalThis as KernelsPage).trainOnWebGpu());
    // The distances of a float32 run, see train.test.ts of gpu-unet.
    expect(relativeL2(there.losses, want.losses.slice(0, 3))).toBeLessThan(1e-6);
    for (const [name, gradient] of Object.entries(want.gradients)) {
      expect(relativeL2(there.gradients[name]!, gradient), name).toBeLessThan(1e-5);
    }
  });

  test("computes a patient in a Web Worker to the last digit that a worker thread of Node gives", async () => {
    const folder = await mkdtemp(join(tmpdir(), "islet-browser-"));
    const { study } = await generateDemo(folder, { seed: 1, patients: 8, signal: 1, format: "nifti" });
    const file = (name: string) => join(study, "..", "patients", CASE.patient, `${name}.nii.gz`);
    const [image, mask] = [file("arterial"), file("arterial-mask")];
    const pool = createThreadPool(1, SETTINGS);
    const here = await pool.run((worker) =>
      worker.runCase({ ...CASE, image, mask: { input: mask }, roughFrom: { ...CASE.roughFrom, mask } }),
    );
    pool.close();
    const base64 = async (path: string) => (await readFile(path)).toString("base64");
    const input: CaseInput = { task: CASE, settings: SETTINGS, image: await base64(image), mask: await base64(mask) };
    const there = await page.evaluate((value) => (globalThis as CasesPage).caseInWebWorker(value), input);
    await rm(folder, { recursive: true });
    expect(here.deep!.features).toHaveLength(32);
    expect(Object.keys(here.radiomics!["song-2021"]!.features)).toHaveLength(143);
    expect(there).toEqual(here);
  });

  const nrrd = Buffer.concat([
    Buffer.from("NRRD0004\ntype: short\ndimension: 3\nspace: left-posterior-superior\nsizes: 4 3 2\n"),
    Buffer.from("space directions: (-1,0,0) (0,2,0) (0,0,3)\nspace origin: (5,6,7)\nendian: little\nencoding: raw\n\n"),
    Buffer.from(Int16Array.from({ length: 24 }, (_, i) => i * i - 100).buffer),
  ]);
  const sources: [string, TravellingFiles][] = [
    ["a DICOM series", ctSeries({ slices: 4 }).map(({ name, bytes }) => ({ name, base64: Buffer.from(bytes).toString("base64") }))],
    ["an NRRD file", [{ name: "scan.nrrd", base64: nrrd.toString("base64") }]],
  ];
  test.each(sources)("reads %s and writes NIfTI as Node does, byte for byte", async (path, files) => {
    const here = await readAndWrite(path, files);
    const there = await page.evaluate(([name, scan]) => (globalThis as IntakePage).readAndWrite(name, scan), [path, files] as const);
    expect(here.values.length).toBeGreaterThan(20);
    expect(there).toEqual(here);
  });

  test("asks for nothing outside its own origin and logs no error", () => {
    expect({ foreign, errors }).toEqual({ foreign: [], errors: [] });
  });
});
