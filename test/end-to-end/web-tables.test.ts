// A model of features made elsewhere, in the page's case journey: no scan, the patient's row of two tables, and a variable.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { servePage, type PageServer } from "@islet/web";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { barriers } from "../helpers/barriers.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { islet } from "../helpers/cli.ts";
import { TABLE_STUDY, tableStudyTables } from "../helpers/table-study.ts";
import { choose, openWeb, takeAway, type WebPage } from "../helpers/web-page.ts";

const browser = await launchBrowser();
const MODEL = `models:
  - { name: Both, features: [features.arterial, features.venous], clinical: [age] }
report: { primaryModel: Both }
`;
const PATIENT = "S135";

describe.skipIf(!browser)("a model of tables in the page", () => {
  let folder: string;
  let server: PageServer;
  let web: WebPage;
  const at = (name: string) => join(folder, name);
  const cell = async (file: string, id: string, column: string) => {
    const [header, ...rows] = (await readFile(at(file), "utf8"))
      .trim()
      .split("\n")
      .map((line) => line.split(","));
    return rows.find((row) => row.includes(id))![header!.indexOf(column)]!;
  };
  const score = () => web.page.getByRole("button", { name: "Score this patient" }).click();
  const sentence = (text: string | RegExp) => web.page.getByRole("alert").getByText(text).waitFor();

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "islet-web-tables-"));
    const study = TABLE_STUDY.slice(0, TABLE_STUDY.indexOf("models:")) + MODEL;
    for (const [name, text] of Object.entries({ ...tableStudyTables(), "study.yaml": study })) await writeFile(at(name), text);
    await islet(["study", "run", at("study.yaml"), "-o", at("out"), "--json"]);
    server = await servePage(0);
    web = await openWeb(browser!, server.url);
  });
  afterAll(async () => {
    await browser?.close();
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("opens without a scan and says which tables it needs, by the sentence of the terminal while one is missing", async () => {
    const { page } = web;
    await choose(page, "Files of the model", at("out/model.islet"));
    await page.getByText(/^Features arterial \(\d+ columns\): drop the table/).waitFor();
    await page.getByLabel("age", { exact: true }).fill(await cell("cohort.csv", PATIENT, "age"));
    await score();
    await sentence(/^features arterial: the model "Both" needs \d+ features made elsewhere; give the table that has the patient's$/);
    expect(await page.getByLabel("age", { exact: true }).inputValue()).toBe(await cell("cohort.csv", PATIENT, "age"));
  });

  it("refuses what is no table, a table without a chosen row, and one that lacks a feature, and keeps what was entered", async () => {
    const { page } = web;
    await writeFile(at("broken.csv"), "a,b\n1\n");
    await choose(page, "Files of the features arterial", at("broken.csv"));
    await sentence("broken.csv, row 2: has 1 cells, the header has 2; a comma or a quote is probably missing");
    await choose(page, "Files of the features arterial", at("arterial.csv"));
    await page.getByLabel("Patient in arterial.csv").waitFor();
    await score();
    await sentence("arterial.csv: has 42 rows, and none was chosen; choose the patient's");
    await page.getByLabel("Patient in arterial.csv").selectOption(PATIENT);
    await choose(page, "Files of the features venous", at("cohort.csv"));
    await page.getByLabel("Patient in cohort.csv").selectOption(PATIENT);
    await score();
    await sentence(/^features venous: has no column "original_firstorder_F\d+"; make the features with the settings of the study$/);
    expect(await page.getByLabel("Patient in arterial.csv").locator("option:checked").innerText()).toBe(PATIENT);
  });

  it("gives the study's own risk for the patient's rows, to the last digit, to be taken away", async () => {
    const { page } = web;
    await choose(page, "Files of the features venous", at("venous-out.csv"));
    await page.getByLabel("Patient in venous-out.csv").selectOption(PATIENT);
    await score();
    const studied = await cell("out/predictions.csv", PATIENT, "risk");
    expect(await page.getByTestId("risk").getAttribute("data-risk")).toBe(studied);
    expect(String((JSON.parse((await takeAway(page, "Score (.json)")).toString()) as { risk: number }).risk)).toBe(studied);
    expect(await barriers(page)).toEqual([]);
    expect({ foreign: web.foreign, errors: web.errors }).toEqual({ foreign: [], errors: [] });
  });
});
