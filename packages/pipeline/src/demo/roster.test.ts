import { describe, expect, it } from "vitest";
import { enhancementOf, readNumbers } from "./enhancement.ts";
import { CATEGORIES, NUMBERS } from "./marginals.ts";
import { demoRoster, type DemoPatient } from "./roster.ts";

const PAPER = { seed: 1, patients: 74, signal: 1 };
const of = (roster: readonly DemoPatient[], cohort: string, outcome?: number) =>
  roster.filter((p) => p.cohort === cohort && (outcome === undefined || p.outcome === outcome));
const median = (values: readonly number[]) => {
  const sorted = values.toSorted((a, b) => a - b);
  return (sorted[(sorted.length - 1) >> 1]! + sorted[sorted.length >> 1]!) / 2;
};

describe("the demo cohort's roster (synthetic)", () => {
  const roster = demoRoster(PAPER);

  it("has the paper's patients and recurrences in each hospital, and says SYNTHETIC in each id", () => {
    expect([of(roster, "internal").length, of(roster, "internal", 1).length]).toEqual([56, 10]);
    expect([of(roster, "external").length, of(roster, "external", 1).length]).toEqual([18, 9]);
    expect(new Set(roster.map((p) => p.id)).size).toBe(74);
    expect(roster.every((p) => p.id.startsWith("SYNTHETIC-"))).toBe(true);
  });

  it.each(CATEGORIES)("has Table S2's count of every level of $name by group, at whatever seed", ({ name, counts }) => {
    for (const seed of [1, 2]) {
      const cohort = demoRoster({ ...PAPER, seed });
      for (const [level, expected] of Object.entries(counts)) {
        const got = [0, 1].map((outcome) => of(cohort, "internal", outcome).filter((p) => p.categories[name] === level).length);
        expect(got, level).toEqual(expected);
      }
    }
  });

  it("has the external hospital's sexes as the text gives them", () => {
    const women = of(roster, "external").filter((p) => p.categories.sex === "F");
    expect([women.length, women.filter((p) => p.outcome).length]).toEqual([6, 3]);
  });

  it("has the medians of Table S2's numbers to the last part in a hundred", () => {
    for (const name of ["ct_ratio_unenhanced", "ct_ratio_arterial", "ct_ratio_venous", "portal_vein"] as const) {
      for (const outcome of [0, 1] as const) {
        const values = of(roster, "internal", outcome).map((p) => p.numbers[name]);
        const want = NUMBERS[name][outcome].median;
        expect(Math.abs(median(values) / want - 1), `${name} ${outcome}`).toBeLessThan(0.02);
      }
    }
  });

  it("has enhancement rates near Table S2's, which follow from the ratios", () => {
    // The print has 0.43, 0.28, 0.64, 0.48; ours follow from ratios dealt together, so from 10 patients they are near it and no more.
    const rates = (outcome: number) => of(roster, "internal", outcome).map((p) => readNumbers(enhancementOf(PAPER, p)));
    for (const [outcome, arterial, venous] of [
      [0, 0.43, 0.64],
      [1, 0.28, 0.48],
    ] as const) {
      expect(Math.abs(median(rates(outcome).map((r) => r.enhanced_rate_arterial)) - arterial)).toBeLessThan(0.12);
      expect(Math.abs(median(rates(outcome).map((r) => r.enhanced_rate_venous)) - venous)).toBeLessThan(0.12);
    }
  });

  it("follows recurrences up to the horizon, and censors some of the others before it", () => {
    for (const { outcome, months } of roster) {
      expect(months).toBeGreaterThan(2);
      expect(months).toBeLessThanOrEqual(outcome ? 60 : 120.1);
    }
    const early = roster.filter((p) => !p.outcome && p.months < 60).length;
    expect(early).toBeGreaterThan(5);
    expect(early).toBeLessThan(30);
  });

  it("leaves out the symptom of 4 external patients and of nobody else", () => {
    expect(of(roster, "external").filter((p) => p.symptomMissing)).toHaveLength(4);
    expect(of(roster, "internal").filter((p) => p.symptomMissing)).toHaveLength(0);
  });

  it("has no external level that no internal patient has, and both outcomes, at other sizes", () => {
    for (const patients of [8, 12, 20, 37, 150, 500]) {
      const cohort = demoRoster({ ...PAPER, patients });
      expect(cohort).toHaveLength(patients);
      expect(of(cohort, "internal", 1).length).toBeGreaterThanOrEqual(3);
      for (const { name } of CATEGORIES) {
        const known = new Set(of(cohort, "internal").map((p) => p.categories[name]));
        for (const p of of(cohort, "external")) expect(known, `${patients} patients, ${name}`).toContain(p.categories[name]);
      }
    }
  });

  it("tells nothing at signal 0: levels by group differ from the print, and the cohort's own counts do not", () => {
    const none = demoRoster({ ...PAPER, signal: 0 });
    const large = (p: DemoPatient) => p.categories.max_diameter === ">=20mm";
    expect(of(none, "internal").filter(large)).toHaveLength(32);
    const recurring = Array.from(
      { length: 100 },
      (_, seed) => of(demoRoster({ ...PAPER, seed, signal: 0 }), "internal", 1).filter(large).length,
    );
    // 10 x 32 / 56 = 5.71 by chance (standard error 0.14), 9 with the signal.
    expect(Math.abs(recurring.reduce((a, b) => a + b) / 100 - 5.71)).toBeLessThan(0.6);
  });

  it("refuses a cohort that is too small and a signal below none", () => {
    expect(() => demoRoster({ ...PAPER, patients: 7 })).toThrow("expected 8 patients or more; got 7");
    expect(() => demoRoster({ ...PAPER, signal: -1 })).toThrow("expected a signal of 0 (none) or more");
  });
});
