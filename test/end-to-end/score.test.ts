import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { readImage, writeNifti, type BundleDescription, type Score } from "@islet/pipeline";
import { readSource, toolFiles } from "@islet/pipeline/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TravellingFiles } from "../browser/intake.ts";
import { scoreWithBundle, type ScoreInput } from "../browser/scores.ts";
import type * as Scores from "../browser/scores.ts";
import { launchBrowser, openPage, servePage } from "../helpers/browser.ts";
import { islet } from "../helpers/cli.ts";

/** One model of two phases, with everything that a bundle can hold; a small untrained network. */
const MODEL = `models:
  - { name: Mixed, features: [deep.arterial, radiomics.venous], findings: [shape], clinical: [symptom, age] }
report: { primaryModel: Mixed }
`;

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
const bundle = () => at("out", "model.islet");
let cohort: Record<string, string>[];
let predicted: Map<string, string>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-score-"));
  await islet(["demo", "generate", "-o", at("cohort"), "--patients", "12", "--format", "dicom"]);
  const study = await readFile(at("cohort", "study.yaml"), "utf8");
  const small = study.replace("baseWidth: 16", "baseWidth: 4").replace("inputSize: 256", "inputSize: 64");
  await writeFile(at("cohort", "study.yaml"), small.slice(0, small.indexOf("models:")) + MODEL);
  await islet(["study", "run", at("cohort", "study.yaml"), "-o", at("out"), "--backend", "wasm", "--json"]);
  cohort = rowsOf(await readFile(at("cohort", "cohort.csv"), "utf8"));
  const rows = rowsOf(await readFile(at("out", "predictions.csv"), "utf8"));
  predicted = new Map(rows.filter((row) => row["cohort"] === "external").map((row) => [row["patient_id"]!, row["risk"]!]));
}, 240_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A table without quoted cells, by its header. */
function rowsOf(text: string): Record<string, string>[] {
  const [header, ...lines] = text.trim().split("\n");
  const names = header!.split(",");
  return lines.map((line) => Object.fromEntries(line.split(",").map((cell, i) => [names[i]!, cell])));
}

const patient = (id: string) => cohort.find((row) => row["patient_id"] === id)!;
const externals = () => [...predicted.keys()];

/** The arguments that score a patient of the cohort; images may be other files. */
function argumentsFor(id: string, images: Record<string, string> = {}): string[] {
  const row = patient(id);
  const file = (column: string) => at("cohort", row[column]!);
  return [
    "score",
    "--model",
    bundle(),
    ...["arterial", "venous"].flatMap((phase) => ["--image", `${phase}=${images[phase] ?? file(`${phase}_image`)}`]),
    "--roi",
    `arterial=${file("arterial_rough")}`,
    "--mask",
    `venous=${file("venous_mask")}`,
    ...["symptom", "age", "shape"].flatMap((name) => ["--clinical", `${name}=${row[name]}`]),
    "--backend",
    "wasm",
  ];
}

describe("islet score", () => {
  it("gives an external patient, from DICOM folders, a rough annotation and a mask, the study's own risk to the last digit, and explains it", async () => {
    expect(externals()).toHaveLength(3);
    const id = externals()[2]!;
    const unread = ["--mask", `arterial=${at("cohort", patient(id)["arterial_mask"]!)}`];
    const { code, stdout, stderr } = await islet([...argumentsFor(id), ...unread, "--explain", at("why"), "--json"]);
    expect(code).toBe(0);
    expect(stderr).toContain("phase arterial: the mask was not looked at");
    const score = JSON.parse(stdout) as Score & { files: string[] };
    expect(String(score.risk)).toBe(predicted.get(id));
    expect(score).toMatchObject({ model: "Mixed", synthetic: true, group: score.risk >= score.threshold ? "high" : "low" });
    expect(score.notice).toMatch(/^Research use only.*SYNTHETIC/);
    expect(score.provenance.inputs).toHaveLength(4);
    expect(score.files).toEqual([at("why", "contributions.csv"), at("why", "arterial-heat.nii.gz"), at("why", "arterial-heat.png")]);
    const table = await readFile(at("why", "contributions.csv"), "utf8");
    expect(table.trim().split("\n")).toHaveLength(1 + score.contributions.features.length);
    expect(table).toContain("Research use only");
  });

  it("gives the same scan as NIfTI the same risk", async () => {
    const id = externals()[0]!;
    const images: Record<string, string> = {};
    for (const phase of ["arterial", "venous"]) {
      images[phase] = at(`${phase}.nii.gz`);
      const { volume } = await readImage(await readSource(at("cohort", patient(id)[`${phase}_image`]!)));
      await writeFile(images[phase]!, await writeNifti(volume));
    }
    const { stdout } = await islet([...argumentsFor(id, images), "--json"]);
    expect(String((JSON.parse(stdout) as Score).risk)).toBe(predicted.get(id));
  });

  it("scores a study's own table as the study did, goes on where it stopped, and lets one bad patient end nothing", async () => {
    const table = (name: string, ...more: string[]) =>
      islet([
        "score",
        "--model",
        bundle(),
        "--table",
        name,
        "--where",
        "cohort=external",
        "-o",
        at("scores.csv"),
        "--backend",
        "wasm",
        ...more,
      ]);
    const first = await table(at("cohort", "cohort.csv"));
    expect(first.code).toBe(0);
    expect(first.stdout).toContain("Research use only");
    const before = await readFile(at("scores.csv"), "utf8");
    for (const id of externals()) expect(before).toMatch(new RegExp(`^${id},Mixed,${predicted.get(id)},(high|low),`, "m"));

    const again = await table(at("cohort", "cohort.csv"));
    expect(again.stderr.match(/\(kept from before\)/g)).toHaveLength(3);
    expect(await readFile(at("scores.csv"), "utf8")).toBe(before);

    const bad = patient(externals()[1]!)["venous_image"]!;
    await writeFile(at("cohort", "bad.csv"), (await readFile(at("cohort", "cohort.csv"), "utf8")).replace(bad, "patients/nobody"));
    const { code, stdout } = await table(at("cohort", "bad.csv"), "--json");
    expect(code).toBe(0);
    const { rows } = JSON.parse(stdout) as { rows: { patient_id: string; score: Score | null; error: string | null }[] };
    expect(rows.map(({ score }) => score === null)).toEqual([false, true, false]);
    expect(rows[1]!.error).toMatch(/^bad\.csv, row \d+, column venous_image: patients\/nobody: does not exist/);
  });

  it("says what a model is and what it asks for", async () => {
    const { stdout } = await islet(["score", "--model", bundle(), "--describe", "--json"]);
    const description = JSON.parse(stdout) as BundleDescription;
    expect(description.phases.map(({ name, needs }) => [name, needs])).toEqual([
      ["arterial", { rough: true, mask: false }],
      ["venous", { rough: false, mask: true }],
    ]);
    expect(description).toMatchObject({ model: "Mixed", synthetic: true, training: { n: 9 }, network: { weights: "seeded" } });
    expect((await islet(["score", "--model", bundle(), "--describe"])).stdout).toMatch(
      /^phase +venous \(window 120, 320 HU\): image, mask$/m,
    );
  });

  it("refuses another window, a misspelt phase and a bundle cut short with a sentence", async () => {
    const window = await islet([...argumentsFor(externals()[0]!), "--window", "arterial=40,400"]);
    expect([window.code, window.stderr]).toEqual([2, expect.stringContaining("learnt with the window level 130, width 310 HU")]);
    const phase = await islet(["score", "--model", bundle(), "--image", "arteriell=a.nii.gz", "--roi", "arterial=a.json"]);
    expect([phase.code, phase.stderr]).toEqual([2, expect.stringMatching(/phase arteriell: .*no such phase; did you mean "arterial"/)]);
    await writeFile(at("short.islet"), (await readFile(bundle())).subarray(0, 5000));
    const short = await islet(["score", "--model", at("short.islet"), "--describe"]);
    expect([short.code, short.stderr]).toEqual([3, expect.stringContaining("is cut short or damaged")]);
  });
});

const browser = await launchBrowser();

describe.skipIf(!browser)("a bundle in headless Chromium", () => {
  afterAll(() => browser?.close());

  it("is described, scores and explains as in Node, to the last digit and byte", async () => {
    const id = externals()[0]!;
    const row = patient(id);
    const file = async (column: string): Promise<TravellingFiles> => {
      const path = at("cohort", row[column]!);
      const names = /\.(json|nii\.gz)$/.test(path) ? [""] : (await readdir(path)).toSorted();
      return Promise.all(
        names.map(async (name) => ({
          name: name || path.split("/").at(-1)!,
          base64: (await readFile(join(path, name))).toString("base64"),
        })),
      );
    };
    const phase = async (name: string) => ({
      image: await file(`${name}_image`),
      rough: await file(`${name}_rough`),
      mask: await file(`${name}_mask`),
    });
    const input: ScoreInput = {
      bundle: (await readFile(bundle())).toString("base64"),
      phases: { arterial: await phase("arterial"), venous: await phase("venous") },
      variables: Object.fromEntries(["symptom", "age", "shape"].map((name) => [name, row[name]!])),
    };
    const here = await scoreWithBundle(input);
    expect(String(here.score.risk)).toBe(predicted.get(id));
    const tools = Object.fromEntries(Object.entries(toolFiles()).map(([name, path]) => [`assets/tools/${name}`, path]));
    const served = await servePage(fileURLToPath(new URL("../browser/", import.meta.url)), tools);
    try {
      const { page, foreign, errors } = await openPage(browser!, served.url);
      const there = await page.evaluate((value) => (globalThis as typeof globalThis & typeof Scores).scoreWithBundle(value), input);
      expect(there).toEqual(here);
      expect({ foreign, errors }).toEqual({ foreign: [], errors: [] });
    } finally {
      await served.close();
    }
  });
});
