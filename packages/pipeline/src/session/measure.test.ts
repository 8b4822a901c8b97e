import { loadCore } from "@islet/core-wasm";
import { beforeEach, expect, test, vi } from "vitest";
import { createSliceEncoder, resolveBackend } from "../deep/encode.ts";
import { DeviceError } from "../errors.ts";
import type { IntakeReport } from "../intake/report.ts";
import { AXIS_ALIGNED, type Volume } from "../volume.ts";
import type { HeldScan } from "./held-scan.ts";
import { measureDeep, type DeepQuestion, type Stage } from "./measure.ts";
import { roughRegion } from "./region.ts";

vi.mock("../deep/encode.ts", { spy: true });

const geometry = { shape: [8, 40, 40], spacing: [2, 1, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED } as const;
const volume: Volume = { ...geometry, data: Float32Array.from({ length: 8 * 40 * 40 }, (_, i) => (i * 37) % 211) };
const report: IntakeReport = {
  format: "nifti",
  series: null,
  orientation: "LPS",
  valueRange: [0, 210],
  notFinite: 0,
  warnings: [],
  ...geometry,
};
const scan: HeldScan = { path: "scan.nii", names: ["scan.nii"], volume, report, geometry };
const slices = ["top", "largest", "bottom"].map((role, i) => ({
  role,
  corners: [
    [8, 8, 12 - 4 * i],
    [24, 8, 12 - 4 * i],
    [24, 26, 12 - 4 * i],
    [8, 26, 12 - 4 * i],
  ],
}));
const region = roughRegion(scan, JSON.stringify({ format: "islet-rough-roi/1", coordinateSystem: "LPS", unit: "mm", slices }), "box.json");
const question = (backend: DeepQuestion["backend"]): DeepQuestion => ({
  weights: { init: "seeded", baseWidth: 2, seed: 1 },
  window: { level: 100, width: 200 },
  backend,
  inputSize: 32,
  seed: 1,
});
const core = await loadCore();
const measure = (backend: DeepQuestion["backend"], tell: (stage: Stage) => void = () => {}) =>
  measureDeep(core, scan, region, question(backend), tell);

/** A machine with an adapter that is lost with the first slices. */
function loseTheAdapter(): void {
  vi.mocked(resolveBackend).mockResolvedValueOnce("webgpu");
  vi.mocked(createSliceEncoder).mockResolvedValueOnce({
    backend: "webgpu",
    device: "an adapter",
    channels: 32,
    pooled: () => Promise.reject(new DeviceError("webgpu: the device was lost")),
    bottleneck: () => Promise.reject(new Error("not asked for")),
    destroy: () => {},
  });
}

beforeEach(() => {
  vi.mocked(createSliceEncoder).mockClear();
});

test("tells of slices as they are done, and gives the vector of one call", async () => {
  const told: Stage[] = [];
  const { features, slices: count } = await measure("wasm", (stage) => told.push(stage));
  expect(features).toHaveLength(32);
  expect(told.filter(({ stage }) => stage.startsWith("slice ")).map(({ stage }) => stage)).toEqual([
    ...Array.from({ length: Math.ceil(count / 4) }, (_, i) => `slice ${4 * i} of ${count}`),
    `slice ${count} of ${count}`,
  ]);
});

test("computes again on WASM, and says so, where an adapter that nobody asked for is lost", async () => {
  const wanted = await measure("wasm");
  loseTheAdapter();
  const found = await measure("auto");
  expect(found.features).toEqual(wanted.features);
  expect(found.backend).toBe("wasm");
  expect(found.warnings).toEqual(["the graphics adapter failed (webgpu: the device was lost); the network ran on WASM instead"]);
});

test("leaves it to whoever asked for WebGPU by name when its adapter is lost", async () => {
  loseTheAdapter();
  await expect(measure("webgpu")).rejects.toThrow("webgpu: the device was lost");
});
