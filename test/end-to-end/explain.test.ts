// From a table of deep features to a model, and from the model to where in a tumour its decision comes from.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededWeights, writeNifti, writeWeights } from "@islet/pipeline";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { islet } from "../helpers/cli.ts";
import { formulaSlices } from "../helpers/formula-weights.ts";

const SHAPE = [10, 20, 24] as const;
const VOXELS = 10 * 20 * 24;
const GRID = {
  shape: SHAPE,
  spacing: [1, 1, 1],
  origin: [0, 0, 0],
  direction: [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
} as const;
/** 0..1 by formula. */
const noise = formulaSlices(VOXELS);
const isInside = (i: number) => [Math.floor(i / 480) - 5, (Math.floor(i / 24) % 20) - 10, (i % 24) - 12].every((d) => Math.abs(d) < 4);

let folder: string;
const at = (name: string) => join(folder, name);
const FIXED = ["--window", "40,400", "--input-size", "32", "--backend", "wasm"];
const explain = (...more: string[]) =>
  islet([
    "explain",
    "--image",
    at("ct.nii.gz"),
    "--roi",
    at("mask.nii.gz"),
    "--weights",
    at("w.safetensors"),
    ...FIXED,
    "--model",
    ...more,
  ]);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-explain-"));
  const ct = Float32Array.from({ length: VOXELS }, (_, i) => Math.round((isInside(i) ? 90 : -40) + 50 * noise[i]!));
  await writeFile(at("ct.nii.gz"), await writeNifti({ ...GRID, data: ct }));
  await writeFile(
    at("mask.nii.gz"),
    await writeNifti({ ...GRID, data: Uint8Array.from({ length: VOXELS }, (_, i) => Number(isInside(i))) }),
  );
  await writeFile(at("w.safetensors"), writeWeights(seededWeights(1, 2)));
  const columns = Array.from({ length: 16 }, (_, c) => `deep_ct_${c}`);
  const rows = Array.from({ length: 12 }, (_, i) => [`p${i}`, i % 2, i, ...columns.map((_, c) => noise[16 * i + c]!)].join());
  await writeFile(at("deep.csv"), [["id", "y", "age", ...columns].join(), ...rows].join("\n"));
  await writeFile(at("no-age.csv"), (await readFile(at("deep.csv"), "utf8")).replaceAll(/^([^,]*,[^,]*),[^,]*/gm, "$1"));
  for (const [table, model] of [
    ["no-age.csv", "linear.json"],
    ["deep.csv", "with-age.json"],
  ] as const) {
    await islet(["svm", "fit", "--table", at(table), "--outcome", "y", "--id", "id", "--kernel", "linear", "--scale", "-o", at(model)]);
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("islet explain", () => {
  test("adds a linear decision up from the slices, and writes its heat and a picture", async () => {
    const { code, stdout } = await explain(at("linear.json"), "-o", at("heat.nii.gz"), "--overlay", at("heat.png"), "--json");
    expect(code).toBe(0);
    const { decision, average, explained, slices, files } = JSON.parse(stdout) as Record<"decision" | "average" | "explained", number> & {
      slices: { isKept: boolean; part: number }[];
      files: string[];
    };
    expect(explained).toBeCloseTo(decision - average, 4);
    expect(slices.length).toBe(7);
    expect(slices.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(explained, 9);
    expect(files).toEqual([at("heat.nii.gz"), at("heat.png")]);
    const heads = await Promise.all(files.map(async (file) => [...(await readFile(file)).subarray(0, 2)]));
    expect(heads).toEqual([
      [0x1f, 0x8b],
      [0x89, 0x50],
    ]);
  });

  test("refuses a model with a column that is no deep feature, naming both", async () => {
    const { code, stderr } = await explain(at("with-age.json"));
    expect(code).toBe(2);
    expect(stderr).toContain("with-age.json: uses the column age, which is no deep feature");
  });
});
