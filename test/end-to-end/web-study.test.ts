import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { engineHash } from "@islet/pipeline/node";
import { servePage, type PageServer } from "@islet/web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { barriers } from "../helpers/barriers.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { islet } from "../helpers/cli.ts";
import { TABLE_STUDY, tableStudyTables } from "../helpers/table-study.ts";
import { unzip } from "../helpers/unzip.ts";
import { choose, openWeb, takeAway, type WebPage } from "../helpers/web-page.ts";

const browser = await launchBrowser();
/** What says when, and on what machine. */
const OF_THE_RUN = new Set(["log.jsonl", "provenance.json", "selftest.json"]);

describe.skipIf(!browser)("a study in the page", () => {
  let folder: string;
  let server: PageServer;
  let web: WebPage;
  const at = (name: string) => join(folder, name);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "islet-web-study-"));
    for (const [name, text] of Object.entries({ ...tableStudyTables(), "study.yaml": TABLE_STUDY })) await writeFile(at(name), text);
    server = await servePage(0);
    web = await openWeb(browser!, `${server.url}#/study`);
  });
  afterAll(async () => {
    await browser?.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("proposes a study from the tables that are dropped, and says the terminal's sentence of what is wrong, keeping the rest", async () => {
    const { page } = web;
    await page.getByRole("button", { name: "Try the example" }).waitFor();
    expect(await barriers(page)).toEqual([]);
    await choose(page, "Files of the tables", at("cohort.csv"), at("arterial.csv"));
    const run = page.getByRole("region", { name: "Run" });
    await run.getByText("30 patients, 10 with the event").waitFor();
    expect(await page.getByLabel("Event", { exact: true }).inputValue()).toBe("recurrence");
    expect(await page.getByRole("group", { name: "Radiomics arterial" }).count()).toBe(1);
    await page.getByLabel("Event", { exact: true }).selectOption("age");
    await run.getByRole("alert").waitFor();
    expect(await run.getByRole("alert").innerText()).toMatch(/^cohort\.csv, row 2, column age: expected 0 or 1; got "\d+"$/);
    await page.getByLabel("Event", { exact: true }).selectOption("recurrence");
    await run.getByText("30 patients, 10 with the event").waitFor();
    await writeFile(at("broken.csv"), "a,b\n1\n");
    await choose(page, "Files of the tables", at("broken.csv"));
    await run.getByText("broken.csv, row 2: has 1 cells, the header has 2; a comma or a quote is probably missing").waitFor();
    expect(await page.locator(".files .file").allInnerTexts()).toEqual(["cohort.csv", "arterial.csv"]);
  });

  it("takes a study file with its tables into the form, runs it, stops and goes on", async () => {
    const { page } = web;
    await choose(page, "Files of the tables", at("venous-in.csv"), at("venous-out.csv"), at("study.yaml"));
    const run = page.getByRole("region", { name: "Run" });
    await page.getByRole("group", { name: "Radiomics-A&V + a" }).waitFor();
    await run.getByText("30 patients, 10 with the event").waitFor();
    expect(await barriers(page)).toEqual([]);
    await run.getByRole("button", { name: "Run the study" }).click();
    await run.getByRole("button", { name: "Cancel" }).click();
    await run.getByText("stopped; finished models are kept").waitFor();
    await run.getByRole("button", { name: "Run the study" }).click();
    await page.getByRole("region", { name: "Results" }).waitFor();
  });

  it("shows tables to sort and filter, curves to read, another model when one is chosen", async () => {
    const { page } = web;
    const models = page.getByRole("region", { name: "Models by cohort" });
    expect(await models.locator("tbody tr").count()).toBe(6);
    await models.getByRole("button", { name: "AUC" }).click();
    const aucs = (await models.locator("tbody tr td:nth-child(4)").allInnerTexts()).map(Number);
    expect(aucs).toEqual(aucs.toSorted((a, b) => a - b));
    await page.getByLabel("Cohort").first().selectOption("external");
    expect(await models.locator("tbody tr").count()).toBe(3);
    await models.getByRole("button", { name: "Radiomics-V" }).click();
    await page.getByRole("heading", { name: "Risks by Radiomics-V" }).waitFor();
    await page.getByLabel("Search patients").fill("s13");
    expect(await page.getByRole("region", { name: "Patients with their risks by Radiomics-V" }).locator("tbody tr").count()).toBe(10);
    const plot = page.getByRole("img", { name: /^ROC curves/ });
    const box = (await plot.boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.125, box.y + box.height * 0.5);
    await page.getByText(/^Radiomics.*: sensitivity \d\.\d\d, specificity \d\.\d\d/).waitFor();
    const figures = page.getByRole("region", { name: "Figures of the report" });
    const [, second] = await figures.locator("option").allInnerTexts();
    await figures.getByRole("combobox").selectOption({ label: second! });
    await figures.getByRole("img", { name: second! }).waitFor();
    expect(await barriers(page)).toEqual([]);
  });

  it("hands out what the terminal writes for the study that it hands out: every table, figure, the report and the model, byte for byte", async () => {
    const { page } = web;
    const files = unzip(await takeAway(page, "Save everything (zip)"));
    const report = await takeAway(page, "Save the report");
    const { engine } = JSON.parse(files["provenance.json"]!.toString()) as { engine: string };
    expect(engine, "the page was built from other code than the terminal runs: build it again").toBe(await engineHash());
    await page.getByRole("button", { name: "Set-up" }).click();
    await writeFile(at("saved.yaml"), await takeAway(page, "Save study.yaml"));
    const { code } = await islet(["study", "run", at("saved.yaml"), "-o", at("out"), "--json"]);
    expect(code).toBe(0);
    const names = (await readdir(at("out"), { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(at("out").length + 1))
      .filter((name) => !name.startsWith("cache"));
    expect(Object.keys(files).toSorted()).toEqual(names.toSorted());
    const differing: string[] = [];
    for (const name of names)
      if (!OF_THE_RUN.has(name) && !(await readFile(join(at("out"), name))).equals(files[name]!)) differing.push(name);
    expect(differing).toEqual([]);
    expect(report.equals(files["report.html"]!)).toBe(true);
    expect(names).toContain("model.islet");
  });

  it("asks for nothing outside its own origin and logs no error", () => {
    expect({ foreign: web.foreign, errors: web.errors }).toEqual({ foreign: [], errors: [] });
  });
});
