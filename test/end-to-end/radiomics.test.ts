// Hand-crafted features from files, as a user asks for them.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readImage, writeNifti } from "@islet/pipeline";
import { readSource } from "@islet/pipeline/node";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { islet } from "../helpers/cli.ts";

let folder: string;
const at = (name: string) => join(folder, name);

interface Result {
  readonly features: Record<string, number | null>;
  readonly reasons: Record<string, string>;
  readonly provenance: { readonly preset: string; readonly settings: object; readonly imageSha256: string; readonly maskSha256: string };
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-radiomics-"));
  const grid = {
    shape: [8, 16, 16],
    spacing: [2, 1, 1],
    origin: [0, 0, 0],
    direction: [
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
    ],
  } as const;
  for (const patient of [0, 1, 2]) {
    const data = Float32Array.from({ length: 8 * 16 * 16 }, (_, i) => ((i * (7 + patient)) % 101) + (i % 16));
    await writeFile(at(`p${patient}.nii.gz`), await writeNifti({ ...grid, data }));
  }
  const inside = (i: number) => Math.abs((i % 16) - 8) < 4 && Math.abs((Math.floor(i / 16) % 16) - 8) < 4;
  const labels = Uint8Array.from({ length: 8 * 16 * 16 }, (_, i) => (inside(i) ? 1 + (i % 2) : 0));
  await writeFile(at("mask.nii.gz"), await writeNifti({ ...grid, data: Float32Array.from(labels) }));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const features = async (...args: string[]) => {
  const { code, stdout, stderr } = await islet(["radiomics", "--image", at("p0.nii.gz"), "--mask", at("mask.nii.gz"), "--json", ...args]);
  expect(stderr + code, stderr).toMatch(/0$/);
  return JSON.parse(stdout) as Result;
};

describe("islet radiomics", () => {
  it("gives song-2021's 143 features inside the window, with the files and settings they come from", async () => {
    const { features: values, provenance } = await features("--preset", "song-2021", "--window", "50,40", "-o", at("one.csv"));
    expect(Object.keys(values)).toHaveLength(143);
    expect([values["stat_min"], values["stat_max"]]).toEqual([30, 70]);
    expect(provenance).toMatchObject({ preset: "song-2021", imageSha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    const [header, row] = (await readFile(at("one.csv"), "utf8")).split("\n");
    expect(header).toBe(Object.keys(values).join(","));
    expect(row!.split(",").map(Number)).toEqual(Object.values(values));
  });

  it("has PyRadiomics' names, reads its parameter file and says what it leaves out", async () => {
    await writeFile(
      at("Params.yaml"),
      "imageType: { Original: {}, LoG: { sigma: [1] } }\nfeatureClass: { glcm: [Contrast], firstorder: }\nsetting: { binWidth: 10, label: 2 }\n",
    );
    const { code, stdout, stderr } = await islet([
      "radiomics",
      "--image",
      at("p0.nii.gz"),
      "--mask",
      at("mask.nii.gz"),
      "--preset",
      "pyradiomics",
      "--config",
      at("Params.yaml"),
      "--json",
    ]);
    expect(code).toBe(0);
    expect(Object.keys((JSON.parse(stdout) as Result).features)).toEqual(
      expect.arrayContaining(["original_firstorder_Mean", "original_glcm_Contrast"]),
    );
    expect(stderr).toMatch(/imageType LoG is not supported/);
  });

  it("takes a label of the mask, and a file that changes the preset", async () => {
    await writeFile(at("C.yaml"), "discretisation: { fixedBinNumber: 8 }\nfeatures: { glcm: [2D_avg], morphology: false }\n");
    const whole = await features("--config", at("C.yaml"));
    expect(whole.features["ih_max"]).toBe(8);
    expect(
      Object.keys(whole.features)
        .filter((name) => name.startsWith("cm_"))
        .every((name) => name.endsWith("_2D_avg")),
    ).toBe(true);
    const one = await features("--config", at("C.yaml"), "--label", "2");
    expect(one.features["stat_energy"]).toBeLessThan(whole.features["stat_energy"]!);
  });

  it("says beside the result what it wrote, and that re-segmentation left nothing to measure", async () => {
    await writeFile(at("E.yaml"), "resegmentation: [5000, 6000]\n");
    const args = ["--image", at("p0.nii.gz"), "--mask", at("mask.nii.gz"), "--config", at("E.yaml"), "-o", at("empty.csv"), "--json"];
    const { code, stdout, stderr } = await islet(["radiomics", ...args]);
    expect(code, stderr).toBe(0);
    expect(stderr).toMatch(/mask\.nii\.gz: none of its intensity and texture features has a value: re-segmentation left no voxel/);
    expect(stderr).toMatch(/wrote .*empty\.csv: one case of 215 features/);
    expect((JSON.parse(stdout) as Result).features).toMatchObject({ stat_mean: null, morph_volume: expect.any(Number) as unknown });
  });

  it.each([
    [["--preset", "ibsi"], 2, /needs --image and --mask/],
    [["--cases", "c.csv"], 2, /--cases needs -o/],
    [["--preset", "ibsy", "--image", "x", "--mask", "y"], 2, /ibsi/],
    [["--image", "nowhere.nii", "--mask", "y"], 3, /nowhere\.nii: does not exist/],
  ])("refuses %o", async (args, code, sentence) => {
    expect(await islet(["radiomics", ...args])).toMatchObject({ code, stderr: expect.stringMatching(sentence) as unknown });
  });

  it("computes a table of cases in its order, records who failed, and keeps what is finished", async () => {
    const rows = [
      "c,p2.nii.gz,mask.nii.gz,",
      "broken,nowhere.nii.gz,mask.nii.gz,",
      "a,p0.nii.gz,mask.nii.gz,2",
      "b,p1.nii.gz,mask.nii.gz,",
    ];
    await writeFile(at("cases.csv"), `patient_id,image,mask,label\n${rows.join("\n")}\n`);
    const run = () => islet(["radiomics", "--cases", at("cases.csv"), "--preset", "ibsi", "-o", at("out.csv"), "--workers", "2", "--json"]);
    const first = await run();
    expect(first.code, first.stderr).toBe(0);
    const table = await readFile(at("out.csv"), "utf8");
    expect(table.split("\n").map((line) => line.split(",")[0])).toEqual(["patient_id", "c", "broken", "a", "b", ""]);
    expect(table.split("\n")[2]).toMatch(/^broken,,+$/);
    expect(JSON.parse(first.stdout)).toMatchObject({
      cases: 4,
      cached: 0,
      failures: [{ patient: "broken", reason: expect.stringMatching(/^row 3, column image: .*does not exist/) as unknown }],
    });
    const again = await run();
    expect(JSON.parse(again.stdout)).toMatchObject({ cached: 3 });
    expect(await readFile(at("out.csv"), "utf8")).toBe(table);
    const one = await features("--preset", "ibsi", "--label", "2");
    expect(table.split("\n")[3]!.split(",").slice(1).map(Number)).toEqual(Object.values(one.features));
  });
});

describe("islet maps", () => {
  it("writes a map for each feature on the region's own voxels", async () => {
    const args = [
      "maps",
      "--image",
      at("p0.nii.gz"),
      "--mask",
      at("mask.nii.gz"),
      "--features",
      "stat_mean,cm_contrast_3D_avg",
      "-o",
      at("maps"),
      "--json",
    ];
    const { code, stdout, stderr } = await islet(args);
    expect(code, stderr).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ maps: { stat_mean: at("maps/stat_mean.nii.gz") }, shape: [8, 7, 7] });
    const { volume } = await readImage(await readSource(at("maps/cm_contrast_3D_avg.nii.gz")));
    expect(volume.shape).toEqual([8, 7, 7]);
    expect(volume.data.every((v) => v >= 0)).toBe(true);
  });

  it("refuses a feature without a map and PyRadiomics' preset", async () => {
    const files = ["maps", "--image", at("p0.nii.gz"), "--mask", at("mask.nii.gz"), "-o", at("none")];
    expect(await islet([...files, "--features", "rlm_sre_3D_avg"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/has no map/) as unknown,
    });
    expect(await islet([...files, "--preset", "pyradiomics"])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/IBSI's definitions/) as unknown,
    });
  });
});

describe("islet selftest", () => {
  it("finds every published number on this machine and writes the certificate of it", async () => {
    const { code, stdout } = await islet(["selftest", "-o", at("certificate.json"), "--json"]);
    expect(code).toBe(0);
    const certificate = JSON.parse(await readFile(at("certificate.json"), "utf8")) as {
      agrees: boolean;
      families: { family: string; compared: number; within: number }[];
    };
    expect(certificate).toMatchObject({ format: "islet-selftest/1", agrees: true });
    expect(certificate.families.filter(({ family }) => /morphology|grey level/.test(family)).length).toBeGreaterThan(5);
    expect((JSON.parse(stdout) as { compared: number }).compared).toBeGreaterThan(600);
  });
});
