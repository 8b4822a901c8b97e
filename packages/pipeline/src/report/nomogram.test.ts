import { beforeAll, describe, expect, it } from "vitest";
import { studyResults } from "../../../../test/helpers/study-results.ts";
import { firthLogistic } from "./firth.ts";
import { nomogramOf, type Nomogram } from "./nomogram.ts";
import type { StudyResults } from "../study/results.ts";
import { risksOf } from "./risks.ts";

let results: StudyResults;
beforeAll(async () => {
  const fixture = await studyResults({ only: ["DLR-A", "DLR-A + sag"] });
  const models = fixture.study.models.filter(({ name }) => fixture.models.some(({ model }) => model === name));
  results = { ...fixture, study: { ...fixture.study, models }, failures: [] };
});

describe("a nomogram", () => {
  it("leads a patient's points to the probability of the logistic model that it draws", () => {
    const nomogram = nomogramOf(results) as Nomogram;
    const { internal } = risksOf(results.cohort, results.models[0]!);
    const patients = internal.ids.map((id) => results.cohort.patients.find((p) => p.id === id)!);
    const logits = internal.risk.map((risk) => {
      const kept = Math.min(0.99, Math.max(0.01, risk));
      return Math.log(kept / (1 - kept));
    });
    const column = (name: string, level: string) => patients.map((p) => Number(p.variables[name] === level));
    const columns = [logits, column("symptom", "yes"), patients.map((p) => Number(p.variables["age"])), column("sex", "M")];
    const fit = firthLogistic(columns, internal.outcome)!;
    const points = (axis: string, label: string) =>
      nomogram.axes.find(({ name }) => name === axis)!.marks.find((mark) => mark.label === label)!.points;
    for (const [risk, symptom, age, sex] of [
      ["0.1", "no", "50", "F"],
      ["0.5", "yes", "30", "M"],
    ] as const) {
      const total = points("risk by DLR-A", risk) + points("symptom", symptom) + points("age", age) + points("sex", sex);
      const p = Number(risk);
      const [a, b, c, d] = fit.coefficients;
      const odds =
        fit.intercept + a! * Math.log(p / (1 - p)) + b! * Number(symptom === "yes") + c! * Number(age) + d! * Number(sex === "M");
      expect(nomogram.atZero + nomogram.perPoint * total).toBeCloseTo(odds, 8);
    }
  });

  it("has axes from 0 points on, the widest with 100", () => {
    const { axes, mostPoints } = nomogramOf(results) as Nomogram;
    const ends = axes.map(({ marks }) => marks.map(({ points }) => points));
    for (const points of ends) expect(Math.min(...points)).toBeCloseTo(0, 8);
    expect(Math.max(...ends.flat())).toBeCloseTo(100, 8);
    expect(mostPoints).toBeGreaterThan(100);
  });

  it("leaves out patients with a missing value and counts them; has a reason where no model has clinical variables", () => {
    const patients = results.cohort.patients.map((p, i) => (i < 3 ? { ...p, variables: { ...p.variables, sex: "" } } : p));
    expect(nomogramOf({ ...results, cohort: { ...results.cohort, patients } })).toMatchObject({ leftOut: 3, n: 53 });
    const study = { ...results.study, models: results.study.models.slice(0, 1) };
    expect(nomogramOf({ ...results, study, models: results.models.slice(0, 1) })).toEqual({ reason: "no model has clinical variables" });
  });
});
