import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { engineHash, rasterFiles, runStudyFile } from "@islet/pipeline/node";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PageStudy, studyInPage } from "../browser/study/page.ts";
import { launchBrowser, openPage, servePage } from "../helpers/browser.ts";
import { TABLE_STUDY, tableStudyTables } from "../helpers/table-study.ts";

type StudyPage = typeof globalThis & { studyInPage: typeof studyInPage };

/** What says when, where and on what machine. */
const OF_THE_RUN = new Set(["log.jsonl", "provenance.json", "selftest.json"]);

const browser = await launchBrowser();

describe.skipIf(!browser)("a study on tables in headless Chromium", () => {
  let folder: string;
  let page: Page;
  let foreign: readonly string[];
  let errors: readonly string[];
  let close: () => Promise<void>;
  let engine: string;
  const texts = { file: "study.yaml", study: TABLE_STUDY, tables: tableStudyTables() };
  const run = (asked: Partial<PageStudy>) =>
    page.evaluate((value) => (globalThis as StudyPage).studyInPage(value), { texts, engine, cancelAfter: 0, ...asked });

  beforeAll(async () => {
    engine = await engineHash();
    folder = await mkdtemp(join(tmpdir(), "islet-tables-"));
    for (const [name, text] of Object.entries({ ...texts.tables, "study.yaml": TABLE_STUDY })) await writeFile(join(folder, name), text);
    const files = Object.fromEntries(Object.entries(rasterFiles()).map(([name, file]) => [`assets/figures/${name}`, file]));
    const served = await servePage(fileURLToPath(new URL("../browser/study/", import.meta.url)), files);
    close = served.close;
    ({ page, foreign, errors } = await openPage(browser!, served.url));
  });
  afterAll(async () => {
    await browser?.close();
    await close();
    await rm(folder, { recursive: true, force: true });
  });

  it("stops when it is cancelled, keeps the finished models, and writes what the terminal writes: tables, figures and report, byte for byte", async () => {
    const cancelled = await run({ cancelAfter: 1 });
    expect(cancelled).toMatchObject({ error: "cancelled", outputs: {} });

    const out = join(folder, "out");
    await runStudyFile(join(folder, "study.yaml"), out, { workers: 1 }, () => {});
    const names = (await readdir(out, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(out.length + 1))
      .filter((name) => !name.startsWith("cache"));
    const want = Object.fromEntries(
      await Promise.all(names.map(async (name) => [name, (await readFile(join(out, name))).toString("base64")] as const)),
    );
    const { outputs, models, error } = await run({});
    expect(error).toBeNull();
    expect(models.filter(({ cached }) => cached)).toEqual(cancelled.models.map(({ model }) => ({ model, cached: true })));
    expect(Object.keys(outputs).toSorted()).toEqual(names.toSorted());
    expect(names.length).toBeGreaterThan(30);
    const differing = names.filter((name) => !OF_THE_RUN.has(name) && outputs[name] !== want[name]);
    expect(differing).toEqual([]);
    const json = (name: string) => JSON.parse(atob(outputs[name]!)) as Record<string, unknown>;
    expect(json("provenance.json")["outputs"]).toEqual(
      (JSON.parse(Buffer.from(want["provenance.json"]!, "base64").toString()) as Record<string, unknown>)["outputs"],
    );
    expect(json("selftest.json")["agrees"]).toBe(true);
  });

  it("refuses in the terminal's sentences: a table that was not given, a study that needs images", async () => {
    const { "arterial.csv": _, ...others } = texts.tables;
    expect((await run({ texts: { ...texts, tables: others } })).error).toMatch(
      /^study\.yaml: names the table "arterial\.csv", which is not among the files given/,
    );
    const study = TABLE_STUDY.replace("features: [features.venous]", "features: [radiomics.ct]").replace(
      "clinical:",
      "phases: { ct: { image: age, mask: age, window: { level: 0, width: 1 } } }\nclinical:",
    );
    expect((await run({ texts: { ...texts, study } })).error).toMatch(/need the patients' images; a page runs studies on tables/);
  });

  it("asks for nothing outside its own origin and logs no error", () => {
    expect({ foreign, errors }).toEqual({ foreign: [], errors: [] });
  });
});
