// One engine behind three doors: the same bundle scores the same patient in the terminal, in the browser and over HTTP.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { servePage } from "@islet/web";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ballCohort, sendBall, writeBallStudy } from "../helpers/ball-cohort.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { islet } from "../helpers/cli.ts";
import { answerOf, postJson, startIslet } from "../helpers/service.ts";
import { choose, openWeb } from "../helpers/web-page.ts";

const cohort = ballCohort(20);
const patient = cohort.at(-1)!;
const browser = await launchBrowser();
let folder: string;
let bundle: string;
let studied: string;
const at = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-doors-"));
  const study = await writeBallStudy(folder, cohort, ["deep"]);
  await islet(["study", "run", study, "-o", at("out"), "--backend", "wasm", "--json"]);
  bundle = at("out/model.islet");
  const rows = (await readFile(at("out/predictions.csv"), "utf8")).trim().split("\n");
  studied = rows
    .find((row) => row.startsWith(`${patient.id},external,`))!
    .split(",")
    .at(-1)!;
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** By the command. */
async function inTerminal(): Promise<number> {
  const files = ["--image", at(`${patient.id}.mha`), "--roi", at(`${patient.id}-rough.json`)];
  const { stdout } = await islet(["score", "--model", bundle, ...files, "--backend", "wasm", "--json"]);
  return (JSON.parse(stdout) as { risk: number }).risk;
}

/** By the page. */
async function inBrowser(): Promise<number> {
  const server = await servePage(0);
  try {
    const { page, foreign, errors } = await openWeb(browser!, server.url);
    await choose(page, "Files of the scan", at(`${patient.id}.mha`));
    await page.locator(".slice-slider").waitFor();
    await choose(page, "Files of the annotation", at(`${patient.id}-rough.json`));
    await page.getByTestId("box-facts").waitFor();
    await choose(page, "Files of the model", bundle);
    await page.getByLabel("Runs on").selectOption("wasm");
    await page.getByRole("button", { name: "Score this patient" }).click();
    const risk = await page.getByTestId("risk").getAttribute("data-risk");
    expect([foreign, errors]).toEqual([[], []]);
    await page.context().close();
    return Number(risk);
  } finally {
    await server.close();
  }
}

/** By the service. */
async function overHttp(): Promise<number> {
  const service = await startIslet(["serve", "--port", "0", "--data", at("service"), "--log-level", "warn"]);
  try {
    const url = service.told["url"] as string;
    const form = new FormData();
    form.append("model", new Blob([await readFile(bundle)]), "model.islet");
    const model = await answerOf<{ id: string }>(fetch(`${url}/v1/models`, { method: "POST", body: form }));
    const portal = await sendBall(url, patient);
    const job = postJson(`${url}/v1/jobs`, { kind: "score", model: model.id, cases: { portal }, backend: "wasm" }, { Prefer: "wait=60" });
    return (await answerOf<{ result: { risk: number } }>(job)).result.risk;
  } finally {
    await service.end("SIGTERM");
  }
}

test("terminal and service give the study's own external prediction, to the last digit", async () => {
  expect({ terminal: String(await inTerminal()), service: String(await overHttp()) }).toEqual({ terminal: studied, service: studied });
});

test.skipIf(!browser)("so does the browser", async () => {
  expect(String(await inBrowser())).toBe(studied);
});
