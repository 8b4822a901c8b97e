import { loadCore, type Core } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { decideSvmTable, fitSvmTable } from "../learn/classify/svm-table.ts";
import { randomFor } from "../random.ts";
import { deepScore, phaseSlope } from "./score-slope.ts";

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

const random = randomFor(5, "score-slope");
const table = (names: readonly string[], n = 12) => ({
  ids: Array.from({ length: n }, (_, i) => `p${i}`),
  names,
  values: Float64Array.from({ length: n * names.length }, random),
});
const outcome = (n = 12) => Uint8Array.from({ length: n }, (_, i) => i % 2);
const fit = (names: readonly string[], scale = true) => fitSvmTable(core, table(names), outcome(), { kernel: "linear", scale });
const features = Float64Array.from({ length: 8 }, random);

describe("an SVM on deep features", () => {
  it("decides on the channels that its columns name, in any order, and leaves the others without a slope", () => {
    const names = ["deep_arterial_5", "deep_arterial_0", "deep_arterial_7"];
    const model = fit(names);
    const { decision, average, gradient, baseline } = deepScore(core, model, features, "m.json");
    const seen = Float64Array.of(features[5]!, features[0]!, features[7]!);
    expect(decision).toBe(decideSvmTable(core, model, { ids: ["p"], names, values: seen }).decision[0]);
    expect([...gradient].map((g) => g !== 0)).toEqual([true, false, false, false, false, true, false, true]);
    const linear = features.reduce((sum, f, c) => sum + gradient[c]! * (f - baseline![c]!), 0);
    expectClose([linear], [decision - average!], { rtol: 1e-12 });
  });

  it("has no average where it was fitted without a scale", () => {
    const { average, baseline } = deepScore(core, fit(["deep_0", "deep_1"], false), features, "m.json");
    expect({ average, baseline }).toEqual({ average: null, baseline: undefined });
  });

  it.each([
    [["deep_ct_0", "age"], "m.json: uses the column age, which is no deep feature; fit the model on a study's features/deep.*.csv alone"],
    [["deep_a_0", "deep_v_0"], "m.json: uses deep_a_* and deep_v_*, the features of two phases"],
    [["deep_ct_8"], "m.json: uses the column deep_ct_8, and the network has 8 features, 0 to 7"],
  ])("is refused with a sentence: %j", (names, sentence) => {
    expect(() => deepScore(core, fit(names), features, "m.json")).toThrow(sentence);
  });
});

describe("the slope of a risk along one phase", () => {
  it("takes that phase's channels and leaves the other features and phases alone", () => {
    const slope = {
      names: ["deep_v_2", "age", "deep_v_0", "deep_a_1", "deep_v_late_1"],
      gradient: Float64Array.of(0.5, 9, -0.25, 7, 8),
      average: Float64Array.of(1, 2, 3, 4, 5),
    };
    const { gradient, baseline } = phaseSlope(slope, "v", 4);
    expect([...gradient]).toEqual([-0.25, 0, 0.5, 0]);
    expect([...baseline!]).toEqual([3, 0, 1, 0]);
  });
});
