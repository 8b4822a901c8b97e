import { beforeAll, describe, expect, it } from "vitest";
import { studyResults } from "../../../../test/helpers/study-results.ts";
import type { StudyResults } from "../study/results.ts";
import { risksOf } from "./risks.ts";
import { riskGroupSurvival } from "./survival.ts";

let results: StudyResults;
beforeAll(async () => {
  const fixture = await studyResults({ only: ["DLR-A"] });
  results = { ...fixture, study: { ...fixture.study, models: fixture.study.models.filter(({ name }) => name === "DLR-A") }, failures: [] };
});

describe("survival by risk group", () => {
  it("takes both cohorts, high risk at or above the threshold, follow-up up to the horizon", () => {
    const { patients, groups, threshold, horizonMonths } = riskGroupSurvival(results)!;
    expect(patients).toHaveLength(74);
    expect(patients.every(({ risk, group }) => (group === "high") === risk >= threshold)).toBe(true);
    expect(patients.some(({ risk, group }) => risk === threshold && group === "high")).toBe(true);
    expect(Math.max(...patients.map(({ months }) => months))).toBe(horizonMonths);
    expect(groups.map(({ group, curve }) => [group, curve.n])).toEqual([
      ["high", patients.filter(({ group }) => group === "high").length],
      ["low", patients.filter(({ group }) => group === "low").length],
    ]);
    expect(groups.reduce((events, { curve }) => events + curve.events, 0)).toBe(results.cohort.patients.filter((p) => p.outcome).length);
  });

  it("has no test where everybody is in one group, and nothing at all without times", () => {
    const [model] = results.models;
    const { crossValidation } = model!.result;
    const low = { ...model!, result: { ...model!.result, crossValidation: { ...crossValidation, threshold: 2 } } };
    const { groups, logRank } = riskGroupSurvival({ ...results, models: [low] })!;
    expect(groups.map(({ group }) => group)).toEqual(["low"]);
    expect(logRank).toBeNull();
    const { time: _, ...outcome } = results.study.outcome;
    expect(riskGroupSurvival({ ...results, study: { ...results.study, outcome } })).toBeNull();
    expect(risksOf(results.cohort, low).internal.ids).toHaveLength(56);
  });
});
