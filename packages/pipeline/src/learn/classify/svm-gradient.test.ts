import { loadCore, trainSvm, type Core, type SvmKernel } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { randomFor } from "../../random.ts";
import { fitScaler, rowsScaled, type Scaler } from "../columns/scaler.ts";
import { svmGradient } from "./svm-gradient.ts";
import { storedDecisions, storeSvm } from "./svm.ts";

let core: Core;
beforeAll(async () => {
  core = await loadCore();
});

const [n, d] = [14, 4];
const random = randomFor(11, "svm-gradient");
const rows = Float64Array.from({ length: n * d }, (_, k) => (random() - 0.5) * 10 ** (k % d) + 3);
const labels = Int8Array.from({ length: n }, (_, i) => (rows[i * d]! + rows[i * d + 1]! / 10 + 2 * random() > 4.5 ? 1 : -1));

describe("the slope of an SVM's decision value", () => {
  it.each<SvmKernel>([{ kind: "linear" }, { kind: "rbf", gamma: 0.3 }, { kind: "poly", gamma: 0.4, degree: 3, coef0: 1 }])(
    "is that of central differences, scaled or not: $kind",
    (kernel) => {
      for (const scaler of [fitScaler(rows, d), null]) {
        const seen = (x: Float64Array) => (scaler ? rowsScaled(scaler, x) : x);
        // Without a scale the columns' sizes would drown the kernels: fit on the scaled rows all the same.
        const model = trainSvm(core, rowsScaled(fitScaler(rows, d), rows), labels, d, {
          kernel,
          C: 2,
          classWeight: [1, 1],
          tolerance: 1e-6,
        });
        const svm = storeSvm(model);
        const x = scaler ? rows.slice(2 * d, 3 * d) : Float64Array.of(0.3, -0.8, 0.1, 0.5);
        const differences = Float64Array.from(x, (value, j) => {
          const h = 1e-5 * (scaler ? scaler.spread[j]! : 1);
          const at = (to: number) => storedDecisions(core, svm, seen(x.map((v, k) => (k === j ? to : v))))[0]!;
          return (at(value + h) - at(value - h)) / (2 * h);
        });
        expectClose(svmGradient(svm, scaler, x), differences, { rtol: 1e-6, atol: 1e-10 });
      }
    },
  );

  it("is 0 along a feature without spread", () => {
    const scaler: Scaler = { centre: [0, 5], spread: [2, 0] };
    const svm = {
      kernel: { kind: "linear" },
      d: 2,
      supportVectors: [1, 0, -1, 3],
      dualCoef: [0.5, -0.5],
      rho: 0,
      iterations: 1,
      isConverged: true,
    } as const;
    expect([
      ...svmGradient({ ...svm, supportVectors: [...svm.supportVectors], dualCoef: [...svm.dualCoef] }, scaler, Float64Array.of(1, 5)),
    ]).toEqual([0.5, 0]);
  });
});
