import { createEncoder, loadCore, type Core, type SvmKernel } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose, relativeL2 } from "../../../../test/helpers/close.ts";
import { formulaEncoder, formulaSlices } from "../../../../test/helpers/formula-weights.ts";
import { golden } from "../../../../test/helpers/golden.ts";
import { svmGradient } from "../learn/classify/svm-gradient.ts";
import { storedDecisions } from "../learn/classify/svm.ts";
import { randomFor } from "../random.ts";
import { AXIS_ALIGNED } from "../volume.ts";
import { heatOfSlices, heatOnBox, type BottleneckMaps } from "./explain.ts";

interface ExplainGolden {
  baseWidth: number;
  shape: [number, number, number, number];
  kept: number[];
  centre: number[];
  spread: number[];
  supportVectors: number[];
  dualCoef: number[];
  rho: number;
  cases: { kernel: SvmKernel; decision: number; gradient: number[]; heat: number[] }[];
}

const torch = golden<ExplainGolden>("explain");
const channels = 16 * torch.baseWidth;
const scaler = { centre: torch.centre, spread: torch.spread };
const svmOf = (kernel: SvmKernel) => ({ ...torch, kernel, d: channels, iterations: 1, isConverged: true });

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

/** Mean over slices and cells. */
function featuresOf({ data, slices, channels: C, height, width }: BottleneckMaps): Float64Array {
  const features = new Float64Array(C);
  const cells = height * width;
  data.forEach((value, i) => (features[Math.floor(i / cells) % C]! += value / (slices * cells)));
  return features;
}

/** Bottleneck maps of the golden file's slices, the kept ones only. */
function keptMaps(): BottleneckMaps {
  const [N, , H, W] = torch.shape;
  const encoder = createEncoder(core, { levels: formulaEncoder(torch.baseWidth, 1), activation: "elu", height: H, width: W });
  const [height, width] = [H / 16, W / 16];
  const all = encoder.bottleneck(formulaSlices(N * H * W), N);
  const size = channels * height * width;
  const data = Float32Array.from(torch.kept.flatMap((k) => [...all.subarray(k * size, (k + 1) * size)]));
  return { data, slices: torch.kept.length, channels, height, width };
}

describe("the heat of a patient's slices", () => {
  it.each(torch.cases)(
    "is PyTorch's Grad-CAM, through the pooling, the kept slices, z-scores and an SVM: $kernel.kind",
    ({ kernel, gradient, heat }) => {
      const maps = keptMaps();
      const slope = svmGradient(svmOf(kernel), scaler, featuresOf(maps));
      // The features come through ten f32 layers, whose rounding is 1e-6 of them.
      expect(relativeL2(slope, gradient)).toBeLessThan(1e-5);
      const size = maps.height * maps.width;
      const wanted = torch.kept.flatMap((k) => heat.slice(k * size, (k + 1) * size));
      expect(relativeL2(heatOfSlices(maps, slope), wanted)).toBeLessThan(1e-5);
      const left = heat.filter((_, i) => !torch.kept.includes(Math.floor(i / size)));
      expect(
        left.every((v) => v === 0),
        "autograd gives the other slices nothing",
      ).toBe(true);
    },
  );

  it.each(torch.cases)("is the slope of the decision value by central differences times the map's value: $kernel.kind", ({ kernel }) => {
    const maps = keptMaps();
    const decision = (data: Float32Array) => {
      const f = featuresOf({ ...maps, data });
      const z = f.map((value, j) => (value - torch.centre[j]!) / torch.spread[j]!);
      return storedDecisions(core, svmOf(kernel), z)[0]!;
    };
    const cells = maps.height * maps.width;
    const [k, p] = [1, 4];
    let want = 0;
    for (let c = 0; c < channels; c++) {
      const at = (k * channels + c) * cells + p;
      const [up, down] = [maps.data.slice(), maps.data.slice()];
      up[at]! += 2 ** -6;
      down[at]! -= 2 ** -6;
      want += ((decision(up) - decision(down)) / (up[at]! - down[at]!)) * maps.data[at]!;
    }
    const heat = heatOfSlices(maps, svmGradient(svmOf(kernel), scaler, featuresOf(maps)));
    // The rest is the third derivative's: a step of 1/64 in one of 18 cells.
    expect(heat[k * cells + p]! / want).toBeCloseTo(1, 4);
  });

  it("sums to how far a linear score lies from that of the baseline", () => {
    const maps = keptMaps();
    const kernel = { kind: "linear" } as const;
    const features = featuresOf(maps);
    const total = heatOfSlices(maps, svmGradient(svmOf(kernel), scaler, features), Float64Array.from(torch.centre)).reduce(
      (a, b) => a + b,
      0,
    );
    const score = (f: Float64Array) =>
      storedDecisions(
        core,
        svmOf(kernel),
        f.map((v, j) => (v - torch.centre[j]!) / torch.spread[j]!),
      )[0]!;
    expectClose([total], [score(features) - score(Float64Array.from(torch.centre))], { rtol: 1e-5 });
  });
});

describe("the heat on the box", () => {
  const box = { shape: [5, 30, 40], spacing: [1, 1, 1], origin: [0, 0, 0], direction: AXIS_ALIGNED } as const;

  it("lies where its cell lies in the slice, fades bilinearly, and is 0 in slices that were not kept", () => {
    // Cells of 10 x 10 voxels: 3 down, 4 across. Only cell (2, 1) of the second kept slice is warm.
    const heat = new Float32Array(2 * 12);
    heat[12 + 2 * 4 + 1] = 1;
    const { data, shape } = heatOnBox(core, heat, [3, 4], [1, 3], box);
    const at = (z: number, y: number, x: number) => data[(z * 30 + y) * 40 + x]!;
    expect(shape).toEqual(box.shape);
    expectClose([at(3, 24, 14), at(3, 29, 14), at(3, 24, 19), at(3, 14, 14)], [0.95 * 0.95, 0.95, 0.95 * 0.55, 0], {
      atol: 2e-2,
    });
    expect(Math.max(...data)).toBeCloseTo(at(3, 29, 15), 6);
    for (const z of [0, 1, 2, 4]) expect(data.subarray(z * 1200, (z + 1) * 1200).every((v) => v === 0)).toBe(true);
    for (const [y, x] of [
      [4, 14],
      [24, 30],
      [10, 4],
    ] as const)
      expect(at(3, y, x)).toBe(0);
  });

  it("is a constant where all cells are equal", () => {
    const random = randomFor(3, "heat")();
    const { data } = heatOnBox(core, new Float32Array(5 * 12).fill(random), [3, 4], [0, 1, 2, 3, 4], box);
    expectClose(data, new Float32Array(data.length).fill(random), { rtol: 1e-6 });
  });
});
