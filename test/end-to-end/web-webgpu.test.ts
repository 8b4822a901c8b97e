// The page's network on WebGPU beside the same on WASM, on a real CT.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { servePage, type PageServer } from "@islet/web";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser } from "../helpers/browser.ts";
import { islet } from "../helpers/cli.ts";
import { sharedData } from "../helpers/shared-data.ts";
import { choose, dropOn, openWeb, takeAway } from "../helpers/web-page.ts";

const browser = await launchBrowser();
const scan = sharedData("crlm-ct-1006", "dicom");
const annotation = sharedData("crlm-ct-1006", "rough-roi.json");

let folder: string;
let server: PageServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-webgpu-"));
  server = await servePage(0);
});
afterAll(async () => {
  await browser?.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** The deep features that the page computes, on a backend, in the order of their names. */
async function deepFeatures(page: Page, backend: "wasm" | "webgpu"): Promise<number[]> {
  await page.getByLabel("Runs on").selectOption(backend);
  await page.getByRole("button", { name: "Run the network" }).click();
  await page.getByRole("button", { name: "Stop" }).waitFor({ state: "detached", timeout: 240_000 });
  await page.getByText(backend === "wasm" ? /slices on wasm/i : /slices on (?!wasm)/i).waitFor();
  const [names, values] = (await takeAway(page, "Features (.csv)"))
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.split(","));
  return names!.flatMap((name, i) => (name.startsWith("deep_") ? [Number(values![i])] : []));
}

test.skipIf(!browser || !scan || !annotation)(
  "deep features on WebGPU are those on WASM to 1e-4 of the vector's length",
  async () => {
    const weights = join(folder, "small.safetensors");
    await islet(["unet", "init", "--base-width", "2", "--seed", "1", "-o", weights, "--json"]);
    const { page, errors } = await openWeb(browser!, server.url);
    await dropOn(page.locator(".drop-zone").first(), scan!);
    await page.locator(".slice-slider").waitFor();
    await choose(page, "Files of the annotation", annotation!);
    await page.getByTestId("box-facts").waitFor();
    await page.getByLabel("Network").selectOption("file");
    await page.getByLabel("Weights (.safetensors)").setInputFiles(weights);
    const wasm = await deepFeatures(page, "wasm");
    const gpu = await deepFeatures(page, "webgpu");
    const length = (values: readonly number[]) => Math.hypot(...values);
    expect(wasm).toHaveLength(32);
    expect(length(wasm)).toBeGreaterThan(1e-3);
    expect(length(wasm.map((value, i) => value - gpu[i]!)) / length(wasm)).toBeLessThan(1e-4);
    // Another arithmetic: were the digits the same, WebGPU would not have run.
    expect(gpu).not.toEqual(wasm);
    expect(errors).toEqual([]);
    await page.context().close();
  },
  300_000,
);
