import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { studyResults } from "../../../../../test/helpers/study-results.ts";
import { modelAgreement } from "./agreement.ts";

const core = await loadCore();
const { cohort, blocks, models } = await studyResults({ only: ["DLR-A + sag"] });

describe("a model before other readers", () => {
  it("gives the study's own risks, inside and outside, to a reader who draws as the study's did", () => {
    const { risks } = modelAgreement(core, cohort, models[0]!, [blocks]);
    expect(risks).toHaveLength(74);
    expect(risks.map(({ readers }) => readers[0])).toEqual(risks.map(({ studied }) => studied));
  });

  it.each(["median", "none"] as const)("gives no risk where a reader's annotation gave no features, with learn.impute: %s", (impute) => {
    const arterial = blocks.get("deep.arterial")!;
    const rows = new Map(arterial.rows);
    for (const id of ["P_03", "P_60"]) rows.delete(id);
    const fewer = new Map([...blocks, ["deep.arterial", { ...arterial, rows }] as const]);
    const { task } = models[0]!;
    const model = { ...models[0]!, task: { ...task, learn: { ...task.learn, impute } } };
    const { risks } = modelAgreement(core, cohort, model, [blocks, fewer]);
    expect(risks.filter(({ readers }) => readers[1] === null).map(({ patient }) => patient)).toEqual(["P_03", "P_60"]);
    expect(risks.filter(({ readers }) => readers[1] !== null && readers[1] !== readers[0])).toEqual([]);
  });
});
