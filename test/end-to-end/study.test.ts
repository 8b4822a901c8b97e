import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateDemo } from "@islet/pipeline/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { islet } from "../helpers/cli.ts";

let folder: string;
let study: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-study-"));
  const network = { baseWidth: 2, inputSize: 64 };
  ({ study } = await generateDemo(join(folder, "phantom"), { seed: 1, patients: 12, signal: 1, format: "nifti", network }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const MODELS = [
  "Radiomics-A",
  "Radiomics-V",
  "Radiomics-A&V",
  "DLR-A",
  "DLR-V",
  "DLR-A&V",
  "CT findings",
  "DLR-A + s",
  "DLR-A + sa",
  "DLR-A + sag",
];

const run = (out: string, options: Parameters<typeof islet>[1] = {}, extra: string[] = []) =>
  islet(["study", "run", study, "-o", join(folder, out), "--backend", "wasm", "--json", ...extra], options);

/** Every table, figure and page of an output folder, by its path. */
async function tablesOf(out: string): Promise<Record<string, string>> {
  const tables: Record<string, string> = {};
  for (const name of (await readdir(join(folder, out), { recursive: true })).filter((n) => /\.(csv|html|tex|svg|png)$/.test(n)).sort()) {
    tables[name] = await readFile(join(folder, out, name), name.endsWith(".png") ? "base64" : "utf8");
  }
  return tables;
}

/** Results that a run has finished so far. */
async function cached(out: string): Promise<number> {
  const names = await readdir(join(folder, out, "cache"), { recursive: true }).catch(() => []);
  return names.filter((name) => name.endsWith(".json")).length;
}

describe("a study from files to tables", () => {
  it("predicts every patient and writes a row for each model and cohort", async () => {
    const { code, stdout } = await run("first");
    expect(code).toBe(0);
    const { models } = JSON.parse(stdout) as { models: Record<string, unknown>[] };
    expect(models.map((row) => `${row["model"]} ${row["cohort"]} ${row["n"]}`)).toEqual(
      MODELS.flatMap((m) => [`${m} internal 9`, `${m} external 3`]),
    );
    const tables = await tablesOf("first");
    expect(tables["tables/models.csv"]!.split("\n")[0]).toBe("model,cohort,n,events,acc,sen,spc,auc,auc_lo,auc_hi,p,threshold,network");
    expect(tables["tables/models.csv"]).toContain("none (seeded initialisation, seed 1)");
    expect(tables["predictions.csv"]!.trim().split("\n")).toHaveLength(1 + 10 * 12);
    expect(Object.keys(tables)).toEqual(
      expect.arrayContaining([
        "folds.csv",
        "features/deep.arterial.csv",
        "features/radiomics.venous.csv",
        "tables/flow.csv",
        "tables/table-s2-internal.tex",
        "report.html",
        "figures/roc.png",
        "figures/examples.svg",
      ]),
    );
  });

  it("computes nothing twice: a second run takes every case and model from before and ends with the same bytes", async () => {
    const before = await tablesOf("first");
    const { code, stderr } = await run("first");
    expect(code).toBe(0);
    expect(stderr).toContain("patients 24/24, 24 kept from before");
    expect(stderr.match(/\(kept from before\)/g)).toHaveLength(10);
    expect(await tablesOf("first")).toEqual(before);
  });

  it("gives the same bytes from scratch, on one worker and on three", async () => {
    const want = await tablesOf("first");
    expect((await run("one", {}, ["--workers", "1"])).code).toBe(0);
    expect((await run("three", {}, ["--workers", "3"])).code).toBe(0);
    expect(await tablesOf("one")).toEqual(want);
    expect(await tablesOf("three")).toEqual(want);
  });

  it("resumes after kill -9 in the middle of the patients, and ends with the same bytes", async () => {
    const first = await run("killed", { killOnce: async () => (await cached("killed")) >= 6 });
    expect(first.code).toBeNull();
    const kept = await cached("killed");
    expect(kept).toBeGreaterThanOrEqual(6);
    expect(kept).toBeLessThan(24);
    const { code, stderr } = await run("killed");
    expect(code).toBe(0);
    expect(stderr).toContain(`, ${kept} kept from before`);
    expect(await tablesOf("killed")).toEqual(await tablesOf("first"));
    expect((await readdir(join(folder, "killed"))).toSorted()).toEqual([
      "cache",
      "features",
      "figures",
      "folds.csv",
      "log.jsonl",
      "model.islet",
      "predictions.csv",
      "provenance.json",
      "report.html",
      "selftest.json",
      "tables",
    ]);
  });

  it("records a patient whose image is cut short, and goes on with the others", async () => {
    const copy = join(folder, "damaged");
    await cp(join(folder, "phantom"), copy, { recursive: true });
    const image = join(copy, "patients", "SYNTHETIC-I-03", "arterial.nii.gz");
    await writeFile(image, (await readFile(image)).subarray(0, 4000));
    const { code, stdout, stderr } = await islet([
      "study",
      "run",
      join(copy, "study.yaml"),
      "-o",
      join(folder, "damaged-out"),
      "--backend",
      "wasm",
      "--json",
    ]);
    expect(code).toBe(0);
    expect(stderr).toMatch(/left out: SYNTHETIC-I-03 arterial: .*arterial\.nii\.gz/);
    const { models, failures } = JSON.parse(stdout) as {
      models: { model: string; cohort: string; n: number }[];
      failures: { patient: string; reason: string }[];
    };
    expect(failures).toHaveLength(1);
    // Only the models of the other phase, and of no image at all, keep the patient.
    const whole = new Set(["Radiomics-V", "DLR-V", "CT findings"]);
    expect(models.filter((r) => r.cohort === "internal").map((r) => [r.model, r.n])).toEqual(MODELS.map((m) => [m, whole.has(m) ? 9 : 8]));
    expect(await readFile(join(folder, "damaged-out", "tables", "flow.csv"), "utf8")).toMatch(
      /^SYNTHETIC-I-03,internal,arterial,failed,"?patients\/SYNTHETIC-I-03\/arterial\.nii\.gz:/m,
    );
  });

  it("warns of a scan that two patients have, and with --strict ends before anything is learnt", async () => {
    const copy = join(folder, "twice");
    await cp(join(folder, "phantom"), copy, { recursive: true });
    const scan = (patient: string) => join(copy, "patients", patient, "arterial.nii.gz");
    await cp(scan("SYNTHETIC-I-01"), scan("SYNTHETIC-E-01"));
    const args = ["study", "run", join(copy, "study.yaml"), "-o", join(folder, "twice-out"), "--backend", "wasm", "--strict", "--json"];
    const { code, stdout, stderr } = await islet(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/guard duplicate-scans.*SYNTHETIC-E-01, SYNTHETIC-I-01 have the same scan.*external results are not external/);
    expect((await readdir(join(folder, "twice-out"))).toSorted()).toEqual(["cache", "log.jsonl"]);
  });
});
