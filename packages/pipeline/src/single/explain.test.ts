// An explanation from files, as `islet explain` makes it.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadCore } from "@islet/core-wasm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { seededWeights, writeWeights } from "../deep/weights.ts";
import { readImage } from "../intake/image.ts";
import { writeNifti } from "../intake/nifti-writer.ts";
import { readSource } from "../intake/source.node.ts";
import { decideSvmTable, fitSvmTable, type SvmTableModel } from "../learn/classify/svm-table.ts";
import { randomFor } from "../random.ts";
import { AXIS_ALIGNED, type Geometry } from "../volume.ts";
import { explainCase } from "./explain.node.ts";
import { deepCase } from "./deep.node.ts";

const random = randomFor(9, "explain");
const geometry: Geometry = { shape: [8, 24, 30], spacing: [2, 1, 1], origin: [10, -20, 5], direction: AXIS_ALIGNED };
/** The tumour: voxels 2..6, 6..17, 8..23. */
const isInside = (z: number, y: number, x: number) => z >= 2 && z < 7 && y >= 6 && y < 18 && x >= 8 && x < 24;
const voxels = <T>(value: (z: number, y: number, x: number) => T) =>
  Array.from({ length: 8 * 24 * 30 }, (_, i) => value(Math.floor(i / 720), Math.floor(i / 30) % 24, i % 30));

let folder: string;
const at = (name: string) => join(folder, name);
const request = (model: string) => ({
  image: at("ct.nii.gz"),
  roi: at("mask.nii.gz"),
  weights: at("w.safetensors"),
  model: at(model),
  window: { level: 40, width: 400 },
  backend: "wasm" as const,
  seed: 3,
  inputSize: 32,
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-explain-"));
  const data = Float32Array.from(voxels((z, y, x) => (isInside(z, y, x) ? 80 : -50) + Math.round(60 * random())));
  await writeFile(at("ct.nii.gz"), await writeNifti({ ...geometry, data }));
  await writeFile(at("mask.nii.gz"), await writeNifti({ ...geometry, data: Uint8Array.from(voxels((...at) => Number(isInside(...at)))) }));
  await writeFile(at("w.safetensors"), writeWeights(seededWeights(1, 4)));
  const names = Array.from({ length: 16 }, (_, c) => `deep_ct_${c}`);
  const table = { ids: Array.from({ length: 20 }, (_, i) => `p${i}`), names, values: Float64Array.from({ length: 320 }, random) };
  const outcome = Uint8Array.from({ length: 20 }, (_, i) => i % 2);
  for (const kernel of ["linear", "rbf"] as const) {
    await writeFile(at(`${kernel}.json`), JSON.stringify(fitSvmTable(await loadCore(), table, outcome, { kernel, scale: true })));
  }
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("an explanation of one patient", () => {
  it.each(["linear", "rbf"])("explains the decision on the very features of islet deep: %s", async (kernel) => {
    const model = JSON.parse(await readFile(at(`${kernel}.json`), "utf8")) as SvmTableModel;
    const { features, slices, kept } = await deepCase(request("none"));
    const decided = decideSvmTable(await loadCore(), model, { ids: ["p"], names: model.features, values: Float64Array.from(features) });
    const result = await explainCase(request(`${kernel}.json`));
    expect(result.decision).toBe(decided.decision[0]);
    expect(result.slices.length).toBe(slices);
    expect(result.slices.filter(({ isKept }) => isKept).length).toBe(kept);
    expect(result.slices.filter(({ isKept }) => !isKept).every(({ part }) => part === 0)).toBe(true);
    expect(result.slices.reduce((sum, { part }) => sum + part, 0)).toBeCloseTo(result.explained, 12);
    // The 1 mm grid shares the image's centre, so its slices lie at 9.5 .. 24.5 mm; the mask's voxels reach from 13 to 23 mm.
    expect(result.slices[0]!.zMm).toBeCloseTo(13.5, 3);
  });

  it("adds up to the distance from the average patient where the model is linear", async () => {
    const { explained, decision, average } = await explainCase(request("linear.json"));
    expect(explained).toBeCloseTo(decision - average!, 4);
  });

  it("writes the heat on the image's voxels, 0 outside the box, and a picture", async () => {
    const files = { out: at("heat.nii.gz"), overlay: at("heat.png") };
    expect((await explainCase({ ...request("linear.json"), ...files })).files).toEqual([files.out, files.overlay]);
    const { volume } = await readImage(await readSource(files.out));
    expect({ shape: volume.shape, spacing: volume.spacing }).toEqual({ shape: geometry.shape, spacing: geometry.spacing });
    const around = voxels(
      (z, y, x) =>
        isInside(z, y, x) ||
        isInside(z + 1, y, x) ||
        isInside(z - 1, y, x) ||
        isInside(z, y + 1, x) ||
        isInside(z, y - 1, x) ||
        isInside(z, y, x + 1) ||
        isInside(z, y, x - 1),
    );
    expect(volume.data.filter((v, i) => v !== 0 && !around[i]).length).toBe(0);
    expect(volume.data.filter((v) => v !== 0).length).toBeGreaterThan(300);
    expect([...(await readFile(files.overlay)).subarray(1, 4)]).toEqual([..."PNG"].map((c) => c.charCodeAt(0)));
  });

  it("refuses a model that is none, naming the file", async () => {
    await writeFile(at("other.json"), "{}");
    await expect(explainCase(request("other.json"))).rejects.toThrow(/other\.json: is not a model of islet svm fit/);
  });
});
