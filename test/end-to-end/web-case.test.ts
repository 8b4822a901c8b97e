import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { servePage, type PageServer } from "@islet/web";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { barriers } from "../helpers/barriers.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { islet } from "../helpers/cli.ts";
import { sharedData } from "../helpers/shared-data.ts";
import { dragBox, dropOn, openWeb, showSlice, takeAway, type WebPage } from "../helpers/web-page.ts";

const browser = await launchBrowser();
const liver = sharedData("crlm-ct-1006", "dicom");

let folder: string;
let server: PageServer;
const at = (...parts: string[]) => join(folder, ...parts);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-web-"));
  server = await servePage(0);
});
afterAll(async () => {
  await browser?.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** What a command prints with --json. */
async function json<T>(...args: string[]): Promise<T> {
  const { code, stdout, stderr } = await islet([...args, "--json"]);
  expect(stderr).not.toContain("islet:");
  expect(code).toBe(0);
  return JSON.parse(stdout) as T;
}

const faults = (page: Page) => page.locator(".notice.bad").allInnerTexts();

describe.skipIf(!browser || !liver)("a real CT in the page", () => {
  let web: WebPage;
  beforeAll(async () => {
    web = await openWeb(browser!, server.url);
  });
  afterAll(() => web?.page.context().close());

  it("opens by dropping its DICOM folder, and says what it is", async () => {
    const { page } = web;
    expect(await barriers(page)).toEqual([]);
    await dropOn(page.locator(".drop-zone").first(), liver!);
    await page.locator(".slice-slider").waitFor();
    expect(await page.locator(".facts-line").first().innerText()).toContain("DICOM CT · 512 × 512 × 51 voxels · 0.805 × 0.805 × 5 mm");
  });

  it("takes three boxes drawn with the mouse, one of them taken back, and tells the time that they took", async () => {
    const { page } = web;
    await page.getByRole("button", { name: /^Top/ }).click();
    await showSlice(page, 29);
    await dragBox(page, [0.2, 0.4], [0.3, 0.5]);
    await page.getByRole("button", { name: /^Top slice 29/ }).waitFor();
    await page.keyboard.press("Control+z");
    await page.getByRole("button", { name: /^Top not drawn/ }).waitFor();
    for (const [slice, side] of [
      [29, 0.07],
      [27, 0.1],
      [25, 0.08],
    ] as const) {
      if (slice !== 29) await showSlice(page, slice);
      await dragBox(page, [0.24, 0.44], [0.24 + side, 0.44 + side]);
      await page.getByText(`slice ${slice}`, { exact: true }).waitFor();
    }
    expect(await page.getByTestId("box-facts").innerText()).toMatch(/Box: \d+ × \d+ × 21 mm/);
    expect(await page.getByRole("timer").innerText()).toMatch(/^\d+\.\d s$/);
  });

  it("gives the annotation, the mask and every feature that the terminal gives for it, to the last digit", async () => {
    const { page } = web;
    await page.getByLabel("Runs on").selectOption("wasm");
    await page.getByRole("button", { name: "Measure features" }).click();
    await page.getByRole("heading", { name: "215 features" }).waitFor();
    await page.getByRole("button", { name: "Run the network" }).click();
    await page.getByRole("heading", { name: "471 features" }).waitFor();
    const annotation = at("rough-roi.json");
    await writeFile(annotation, await takeAway(page, "Annotation (.json)"));
    const table = (await takeAway(page, "Features (.csv)")).toString().trim().split("\n");
    const [names, values] = table.map((line) => line.split(","));
    const there = Object.fromEntries(names!.map((name, i) => [name, values![i]]));

    await json("roi", "rough", annotation, "--image", liver!, "-o", at("mask.nii.gz"));
    expect(await takeAway(page, "Mask (.nii.gz)")).toEqual(await readFile(at("mask.nii.gz")));
    const radiomics = await json<{ features: Record<string, number | null> }>("radiomics", "--image", liver!, "--mask", at("mask.nii.gz"));
    const weights = ["--weights", "shipped:sarcoma-ct-16", "--window", "60,400", "--backend", "wasm"];
    const deep = await json<{ features: number[] }>("deep", "--image", liver!, "--roi", annotation, ...weights);
    const here = { ...radiomics.features, ...Object.fromEntries(deep.features.map((value, i) => [`deep_${i}`, value])) };
    expect(there).toEqual(Object.fromEntries(Object.entries(here).map(([name, value]) => [name, value === null ? "" : String(value)])));
  }, 300_000);

  it("has a report that names no file, searches features, and puts nothing in the way of anyone, in light and dark", async () => {
    const { page } = web;
    const report = (await takeAway(page, "Report (.html)")).toString();
    expect(report).toContain("cm_contrast");
    expect(report).not.toMatch(/dicom\/|\.dcm/);
    await page.getByLabel("Search").fill("contrast");
    await expect.poll(() => page.locator("tbody tr").count()).toBeLessThan(20);
    expect(await barriers(page)).toEqual([]);
    await page.emulateMedia({ colorScheme: "dark" });
    expect(await barriers(page)).toEqual([]);
  });

  it("keeps what was drawn when a computation is stopped, and goes on afterwards", async () => {
    const { page } = web;
    await page.getByLabel("Network").selectOption("seeded");
    await page.getByRole("button", { name: "Run the network" }).click();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText("Stopped: Deep features").waitFor();
    expect(await page.getByTestId("box-facts").innerText()).toContain("21 mm");
    await page.getByRole("button", { name: "Measure features" }).click();
    await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached" });
    expect(await faults(page)).toEqual([]);
  });

  it("asked for nothing outside its own origin, broke none of its own policy and logged no error", () => {
    expect({ foreign: web.foreign, errors: web.errors }).toEqual({ foreign: [], errors: [] });
  });
});
