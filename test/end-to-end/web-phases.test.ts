// A model of two phases in the page: a scan for each, a box for one, a mask for the other, and what the reader knows of the patient.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { servePage, type PageServer } from "@islet/web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { barriers } from "../helpers/barriers.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { islet } from "../helpers/cli.ts";
import { choose, openWeb, type WebPage } from "../helpers/web-page.ts";

const browser = await launchBrowser();

const MODEL = `models:
  - { name: Mixed, features: [deep.arterial, radiomics.venous], clinical: [age] }
report: { primaryModel: Mixed }
`;

let folder: string;
let server: PageServer;
const at = (...parts: string[]) => join(folder, ...parts);
/** An external patient by column of the cohort's table, and the study's own risk. */
let patient: Record<string, string>;
let studied: string;

function rowsOf(text: string): Record<string, string>[] {
  const [header, ...lines] = text.trim().split("\n");
  const names = header!.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i]!, cell])));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-phases-"));
  server = await servePage(0);
  if (!browser) return;
  await islet(["demo", "generate", "-o", at("cohort"), "--patients", "12", "--format", "nifti"]);
  const study = await readFile(at("cohort", "study.yaml"), "utf8");
  const small = study.replace("baseWidth: 16", "baseWidth: 4").replace("inputSize: 256", "inputSize: 64");
  await writeFile(at("cohort", "study.yaml"), small.slice(0, small.indexOf("models:")) + MODEL);
  await islet(["study", "run", at("cohort", "study.yaml"), "-o", at("out"), "--backend", "wasm", "--json"]);
  const external = rowsOf(await readFile(at("out", "predictions.csv"), "utf8")).find((row) => row["cohort"] === "external")!;
  patient = rowsOf(await readFile(at("cohort", "cohort.csv"), "utf8")).find((row) => row["patient_id"] === external["patient_id"])!;
  studied = external["risk"]!;
}, 300_000);
afterAll(async () => {
  await browser?.close();
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

describe.skipIf(!browser)("a model of two phases in the page", () => {
  let web: WebPage;
  const file = (column: string) => at("cohort", patient[column]!);
  const score = () => web.page.getByRole("button", { name: "Score this patient" }).click();
  beforeAll(async () => {
    web = await openWeb(browser!, server.url);
  });
  afterAll(() => web?.page.context().close());

  it("says what it asks for, and refuses with a sentence while a phase is missing", async () => {
    const { page } = web;
    await choose(page, "Files of the scan", file("arterial_image"));
    await page.locator(".slice-slider").waitFor();
    await choose(page, "Files of the annotation", file("arterial_rough"));
    await page.getByTestId("box-facts").waitFor();
    await choose(page, "Files of the model", at("out", "model.islet"));
    await page.getByText("needs three boxes").waitFor();
    await page.getByText("needs a mask").waitFor();
    await score();
    const sentence = page.getByText('phase venous: the model "Mixed" needs its image, and there is none');
    await sentence.waitFor();
    expect(await page.getByTestId("box-facts").count()).toBe(1);
  });

  it("takes the second phase's scan and mask, and gives the study's own risk to the last digit", async () => {
    const { page } = web;
    await page.getByRole("button", { name: "Open its scan" }).click();
    await choose(page, "Files of the scan", file("venous_image"));
    await page.locator(".slice-slider").waitFor();
    await page.getByRole("button", { name: "Load a mask" }).click();
    await choose(page, "Files of the mask", file("venous_mask"));
    await page.getByTestId("mask-facts").waitFor();
    await page.getByLabel("age", { exact: true }).fill(patient["age"]!);
    await page.getByLabel("Runs on").selectOption("wasm");
    await score();
    expect(await page.getByTestId("risk").getAttribute("data-risk")).toBe(studied);
    expect(await barriers(page)).toEqual([]);
  });

  it("shows where the risk comes from over the scan that the network saw, and there alone", async () => {
    const { page } = web;
    const over = page.getByRole("button", { name: "Where the risk comes from" });
    expect(await over.count()).toBe(0);
    await page.getByRole("button", { name: "Scan 1: arterial" }).click();
    await over.waitFor();
    expect(await over.getAttribute("aria-pressed")).toBe("true");
    expect({ foreign: web.foreign, errors: web.errors }).toEqual({ foreign: [], errors: [] });
  });
});
