import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { studyReport } from "../../packages/pipeline/src/report/study-report.ts";
import { launchBrowser } from "../helpers/browser.ts";
import { studyResults } from "../helpers/study-results.ts";

let folder: string;
let browser: Browser | null;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-report-"));
  const fixture = await studyResults({ only: ["Radiomics-A", "DLR-A", "DLR-A&V", "DLR-A + sag"] });
  const models = fixture.study.models.filter(({ name }) => fixture.models.some(({ model }) => model === name));
  const results = { ...fixture, study: { ...fixture.study, models }, failures: [] };
  const { files } = studyReport(results, [], { backend: "wasm", engine: "engine" });
  await writeFile(join(folder, "report.html"), files["report.html"]!);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await rm(folder, { recursive: true, force: true });
});

/** Opens the report; tells what the page complained of and what it asked for. */
async function open(width: number): Promise<{ page: Page; complaints: string[] }> {
  const complaints: string[] = [];
  const page = await browser!.newPage({ viewport: { width, height: 900 } });
  page.on("console", (message) => complaints.push(message.text()));
  page.on("pageerror", (error) => complaints.push(error.message));
  page.on("request", (request) => {
    if (!/^(file|data):/.test(request.url())) complaints.push(request.url());
  });
  await page.goto(`file://${join(folder, "report.html")}`);
  return { page, complaints };
}

describe("a study's report in a browser", () => {
  it.each([
    ["desktop", 1200],
    ["phone", 390],
  ])("asks for nothing, complains of nothing and is no wider than the screen: %s", async (_, width) => {
    if (!browser) return;
    const { page, complaints } = await open(width);
    expect(complaints).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    // Nothing is taller or wider than what holds it, and no figure is empty.
    const figures = await page.evaluate(() =>
      [...document.querySelectorAll(".figure svg")].map((svg) => ({
        height: svg.getBoundingClientRect().height,
        marks: svg.querySelectorAll("path, line, rect, circle, text").length,
      })),
    );
    expect(figures.length).toBeGreaterThan(8);
    for (const { height, marks } of figures) {
      expect(height).toBeGreaterThan(60);
      expect(marks).toBeGreaterThan(8);
    }
    await page.close();
  });

  it("prints on several pages of A4", async () => {
    if (!browser) return;
    const { page } = await open(1200);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    expect(pdf.match(/\/Type\s*\/Page\b/g)!.length).toBeGreaterThan(4);
    expect(pdf).toMatch(/\/MediaBox\s*\[0 0 59[45]\.?\d* 84[12]\.?\d*\]/);
    await page.close();
  });
});
