import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { islet } from "../helpers/cli.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-cli-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);

describe("command line", () => {
  it("says what it is for and that it is for research only", async () => {
    const { code, stdout } = await islet(["--help"]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Research use only/);
    for (const name of ["doctor", "inspect", "convert", "roi", "deep", "unet", "svm", "study"])
      expect(stdout).toMatch(new RegExp(`^  ${name} `, "m"));
  });

  it("suggests the nearest command or option and exits 2", async () => {
    expect(await islet(["docter"])).toMatchObject({ code: 2, stderr: expect.stringMatching(/Did you mean doctor/) });
    expect(await islet(["study", "run", "s.yaml", "-o", "x", "--workrs", "2"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/Did you mean --workers/),
    });
    expect(await islet(["deep", "--window", "110"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/expected LEVEL,WIDTH in HU/),
    });
  });

  it("doctor reports the machine as JSON", async () => {
    const { code, stdout } = await islet(["doctor", "--json"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      node: process.version,
      wasm: expect.stringMatching(/SIMD/),
      backend: expect.stringMatching(/^(wasm|webgpu)$/),
    });
  });

  it("study init writes a study that its own check understands, and never replaces one without --force", async () => {
    expect((await islet(["study", "init", folder])).code).toBe(0);
    const schema = JSON.parse(await readFile(at("study.schema.json"), "utf8")) as { title: string };
    expect(schema.title).toBe("Islet study");
    expect(await islet(["study", "init", folder])).toMatchObject({ code: 2, stderr: expect.stringMatching(/study\.yaml: exists already/) });
    expect(await islet(["study", "validate", at("study.yaml")])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/cohort\.csv: does not exist/),
    });
  });

  it("study validate names the patients whose files are not there and exits 3", async () => {
    await writeFile(at("cohort.csv"), "patient_id,recurrence,arterial_image,arterial_mask\na,0,a.nii,am.nii\nb,1,b.nii,bm.nii\n");
    const { code, stdout } = await islet(["study", "validate", at("study.yaml")]);
    expect(code).toBe(3);
    expect(stdout).toContain("patient a, column arterial_image: a.nii does not exist or cannot be read");
  });

  it("unet init draws the same weights from the same seed, and info describes them", async () => {
    for (const name of ["w1", "w2"])
      expect((await islet(["unet", "init", "--base-width", "2", "--seed", "5", "-o", at(`${name}.safetensors`)])).code).toBe(0);
    expect(await readFile(at("w1.safetensors"))).toEqual(await readFile(at("w2.safetensors")));
    const info = JSON.parse((await islet(["unet", "info", at("w1.safetensors"), "--json"])).stdout) as Record<string, unknown>;
    expect(info).toMatchObject({
      architecture: { baseWidth: 2, activation: "elu" },
      metadata: { training: "none (seeded initialisation, seed 5)" },
    });
  });

  it("unet forward refuses an array that does not fit the network, and writes nothing", async () => {
    const header = "{'descr': '<f4', 'fortran_order': False, 'shape': (1, 1, 16, 10), }".padEnd(117) + "\n";
    await writeFile(
      at("x.npy"),
      Buffer.concat([Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0]), Buffer.from(header), Buffer.alloc(640)]),
    );
    const result = await islet(["unet", "forward", "--weights", at("w1.safetensors"), "--input", at("x.npy"), "-o", at("y.npy")]);
    expect(result).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/has shape 1 x 1 x 16 x 10; the network takes \(N, 1, H, W\) with H and W multiples of 16/),
    });
    expect(await readdir(folder)).not.toContain("y.npy");
  });

  it("svm fit and decide go from a table to decision values in row order", async () => {
    const rows = Array.from({ length: 20 }, (_, i) => `p${i},${i % 2},${(i % 2) * 2 + Math.sin(i)},${Math.cos(i)},text`);
    await writeFile(at("t.csv"), `id,y,a,b,site\n${rows.join("\n")}\n`);
    expect(
      (await islet(["svm", "fit", "--table", at("t.csv"), "--outcome", "y", "--id", "id", "--kernel", "linear", "-o", at("m.json")])).code,
    ).toBe(0);
    const { stdout } = await islet(["svm", "decide", "--model", at("m.json"), "--table", at("t.csv"), "--id", "id", "--json"]);
    const { decision, probability } = JSON.parse(stdout) as { decision: number[]; probability: null };
    expect(probability).toBeNull();
    expect(decision.filter((value, i) => value > 0 === (i % 2 === 1)).length).toBeGreaterThanOrEqual(17);
  });

  it("stats roc gives the areas and DeLong's test of every pair", async () => {
    const { stdout } = await islet(["stats", "roc", "--table", at("t.csv"), "--outcome", "y", "--score", "a", "--score", "b", "--json"]);
    const { curves, delong } = JSON.parse(stdout) as {
      curves: { score: string; auc: number }[];
      delong: { a: string; b: string; p: number }[];
    };
    expect(curves.map((c) => c.score)).toEqual(["a", "b"]);
    expect(curves[0]!.auc).toBeGreaterThan(curves[1]!.auc);
    expect(delong).toHaveLength(1);
  });

  it("gives each kind of fault its sentence and exit code, and leaves nothing behind", async () => {
    await writeFile(at("photo.jpg"), Buffer.from([0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0, 1]));
    const convert = await islet(["convert", at("photo.jpg"), "-o", at("o.nii.gz")]);
    expect(convert.code).toBe(3);
    expect(convert.stderr).toMatch(/photo\.jpg: .*expected/);
    expect((await islet(["inspect", at("absent")])).code).toBe(3);
    await writeFile(at("plain"), "");
    expect(await islet(["unet", "init", "--base-width", "2", "-o", at("plain/w.safetensors")])).toMatchObject({ code: 2 });
    expect(await islet(["stats", "roc", "--table", at("t.csv"), "--outcome", "y", "--score", "site"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/row 2, column site: expected a number; got "text"/),
    });
    expect((await readdir(folder)).filter((name) => name.endsWith(".part") || name === "o.nii.gz")).toEqual([]);
  });
});
