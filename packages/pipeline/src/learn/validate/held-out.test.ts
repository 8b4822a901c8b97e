import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { randomFor, randomNormal } from "../../random.ts";
import { crossValidate } from "./cross-validate.ts";
import type { FeatureTable } from "../columns/feature-table.ts";
import { predictHeldOut } from "./held-out.ts";
import { learnSchema } from "../settings.ts";

const random = randomFor(1, "held out");
const n = 24;
const outcome = Uint8Array.from({ length: n }, (_, i) => Number(i % 3 === 0));
const table: FeatureTable = {
  // Not in the order of their ids, and with two rows a group.
  ids: Array.from({ length: n }, (_, i) => `P${(i * 7) % n}`),
  names: ["a", "b", "c"],
  values: Float64Array.from({ length: n * 3 }, (_, k) => randomNormal(random) + (k % 3 === 0 ? outcome[Math.floor(k / 3)]! * 2 : 0)),
};
const groups = Array.from({ length: n }, (_, i) => `G${Math.floor(i / 6) * 3 + (i % 3)}`);
const core = await loadCore();

describe("predictHeldOut", () => {
  it.each([
    ["folds", {}, {}],
    ["three drawings of the folds", { repeats: 3 }, {}],
    ["leave-one-out", { validation: "leave-one-out" }, {}],
    ["a bootstrap", { validation: "bootstrap", resamples: 30 }, {}],
    ["folds of groups", { folds: 3 }, { groups }],
  ])("gives the validation's own risks from the validation's own values: %s", (_, given, more) => {
    const settings = { ...learnSchema.parse({ classifier: { kind: "logistic", C: [0.3] }, ...given }), seed: 5 };
    const cv = crossValidate(core, { ...table, ...more }, outcome, settings);
    const risk = predictHeldOut(core, cv, { ...table, ...more }, outcome, settings);
    expect(Object.fromEntries(table.ids.map((id, i) => [id, risk[i]]))).toEqual(
      Object.fromEntries(cv.predictions.map((p) => [p.id, p.risk])),
    );
  });

  it("gives other risks to the patients whose values change, and to no others", () => {
    const settings = { ...learnSchema.parse({ classifier: { kind: "logistic", C: [0.3] } }), seed: 5 };
    const cv = crossValidate(core, table, outcome, settings);
    const before = predictHeldOut(core, cv, table, outcome, settings);
    const after = predictHeldOut(core, cv, { ...table, values: table.values.map((v, k) => (k < 3 ? v + 1 : v)) }, outcome, settings);
    expect([...after].map((v, i) => v !== before[i])).toEqual([true, ...Array.from({ length: n - 1 }, () => false)]);
  });
});
