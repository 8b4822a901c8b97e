import { loadCore, type Core } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { randomFor, randomNormal } from "../random.ts";
import { crossValidate, type CrossValidation } from "./validate/cross-validate.ts";
import { predictEnsemble } from "./ensemble.ts";
import type { FeatureTable } from "./columns/feature-table.ts";
import { predictFoldModel } from "./fold-model.ts";
import { riskSlope } from "./risk-slope.ts";
import { learnSchema } from "./settings.ts";
import { svmGradient } from "./classify/svm-gradient.ts";
import type { StoredSvm } from "./classify/svm.ts";

const [N, WIDTH] = [30, 5];
const random = randomFor(8, "risk-slope");
const names = Array.from({ length: WIDTH }, (_, j) => `deep_ct_${j}`);
const table: FeatureTable = {
  ids: Array.from({ length: N }, (_, i) => `P${String(i).padStart(2, "0")}`),
  names,
  values: Float64Array.from({ length: N * WIDTH }, (_, k) => 10 ** (k % 3) * (randomNormal(random) + (Math.floor(k / WIDTH) < 12 ? 1 : 0))),
};
const outcome = Uint8Array.from({ length: N }, (_, i) => Number(i < 12));
const patient = (i: number): FeatureTable => ({ ids: ["p"], names, values: table.values.slice(i * WIDTH, (i + 1) * WIDTH) });

let core: Core;
const models = new Map<string, CrossValidation>();
beforeAll(async () => {
  core = await loadCore();
  const classifiers = {
    "linear SVM": { kind: "svm", kernels: ["linear"], C: [0.5] },
    "RBF SVM": { kind: "svm", kernels: ["rbf"], C: [2], gamma: [0.2] },
    "logistic regression": { kind: "logistic", C: [0.3] },
  };
  for (const [name, classifier] of Object.entries(classifiers)) {
    models.set(name, crossValidate(core, table, outcome, { seed: 1, ...learnSchema.parse({ classifier, folds: 4 }) }));
  }
});

describe("the slope of a patient's risk", () => {
  it.each(["linear SVM", "RBF SVM"])("of one fold model is Platt's slope times the decision's: %s", (name) => {
    for (const fold of models.get(name)!.folds) {
      const slope = riskSlope(core, [fold], patient(3));
      const x = Float64Array.from(fold.features, (feature) => patient(3).values[names.indexOf(feature)]!);
      const [p] = predictFoldModel(core, fold, patient(3));
      const decision = svmGradient(fold.classifier as StoredSvm, fold.scaler, x);
      expect(slope.names).toEqual(fold.features);
      expectClose(
        slope.gradient,
        decision.map((d) => -fold.platt.a * p! * (1 - p!) * d),
        { rtol: 1e-6, atol: 1e-12 },
      );
      expect([...slope.average]).toEqual(fold.scaler.centre);
    }
  });

  it("of the ensemble is the mean of the folds' slopes, a fold that left a feature out counting 0", () => {
    const { folds } = models.get("RBF SVM")!;
    const together = riskSlope(core, folds, patient(20));
    const want = together.names.map(
      (name) =>
        folds
          .map((fold) => riskSlope(core, [fold], patient(20)))
          .reduce((sum, { names: used, gradient }) => sum + (gradient[used.indexOf(name)] ?? 0), 0) / folds.length,
    );
    expectClose(together.gradient, want, { rtol: 1e-6, atol: 1e-10 });
  });

  it.each(["linear SVM", "RBF SVM", "logistic regression"])("tells where a small change leads: %s", (name) => {
    const { folds } = models.get(name)!;
    const { names: used, gradient } = riskSlope(core, folds, patient(7));
    const step = used.map((_, k) => 1e-3 * (k % 2 ? 1 : -1));
    const moved = { ...patient(7), values: patient(7).values.map((v, j) => v + (step[used.indexOf(names[j]!)] ?? 0)) };
    const change = predictEnsemble(core, folds, moved)[0]! - predictEnsemble(core, folds, patient(7))[0]!;
    const told = gradient.reduce((sum, g, k) => sum + g * step[k]!, 0);
    expect(change / told).toBeCloseTo(1, 2);
  });
});
