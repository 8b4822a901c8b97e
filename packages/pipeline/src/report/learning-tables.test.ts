import { loadCore } from "@islet/core-wasm";
import { beforeAll, describe, expect, it } from "vitest";
import { learnSchema } from "../learn/settings.ts";
import { randomFor, randomNormal } from "../random.ts";
import { computeModel, type ModelTask } from "../study/model.ts";
import { learningTables } from "./learning-tables.ts";

/** A model's task on generated patients: 20 with 8 events, f0 tells them apart. */
function task(learn: object): ModelTask {
  const random = randomFor(1, "tables");
  const [n, names] = [20, ["f0", "f1", "f2"]];
  return {
    model: "M",
    names,
    always: ["f2"],
    internal: {
      ids: Array.from({ length: n }, (_, i) => `p${i + 10}`),
      values: Array.from({ length: n * 3 }, (_, k) => (k === 4 ? NaN : randomNormal(random) + (k % 3 === 0 && k < 24 ? 3 : 0))),
    },
    outcome: Array.from({ length: n }, (_, i) => (i < 8 ? 1 : 0)),
    external: { ids: ["x"], values: [NaN, 0, 1] },
    seed: 1,
    learn: learnSchema.parse({ impute: "median", folds: 4, classifier: { kind: "logistic", C: [1] }, ...learn }),
    categories: [],
  };
}

let core: Awaited<ReturnType<typeof loadCore>>;
beforeAll(async () => {
  core = await loadCore();
});

describe("the learner's tables of a study", () => {
  it("have a row a model for stability, and one a feature for its role, with empty cells for what was not asked", () => {
    const result = computeModel(core, task({}));
    const tables = learningTables([{ model: "M", result }]);
    expect(Object.keys(tables)).toEqual(["tables/selection-stability.csv", "tables/feature-roles.csv"]);
    expect(tables["tables/selection-stability.csv"]).toMatch(/^model,fits,candidates,stability,lo,hi,reason\nM,4,2,/);
    const roles = tables["tables/feature-roles.csv"]!.trim().split("\n");
    expect(roles[0]).toBe("model,feature,fits,share,mean_weight,auc_lost,auc_lost_sd");
    expect(roles.find((row) => row.startsWith("M,f2,"))).toMatch(/^M,f2,4,1,[-\d.e]+,,$/);
    expect(result.externalRisk![0]! > 0 && result.externalRisk![0]! < 1).toBe(true);
  });

  it("have the importance and the permutation test where they were asked for", () => {
    const tables = learningTables([{ model: "M", result: computeModel(core, task({ importance: 2, permutations: 4 })) }]);
    expect(tables["tables/feature-roles.csv"]).toMatch(/^M,f0,4,1,[-\d.e]+,0\.\d+,[\d.e-]+$/m);
    expect(tables["tables/permutation.csv"]).toMatch(/^model,auc,permutations,p,mean_auc,sd_auc\nM,(1|0\.\d+),4,0\.2,/);
  });
});
