import { describe, expect, it } from "vitest";
import { phantomPatient, phantomRoster } from "./phantom.ts";

describe("phantom cohort (synthetic)", () => {
  it("has 8 internal and 4 external patients, half of each with the outcome", () => {
    const roster = phantomRoster();
    for (const [cohort, n] of [
      ["internal", 8],
      ["external", 4],
    ] as const) {
      const members = roster.filter((p) => p.cohort === cohort);
      expect(members).toHaveLength(n);
      expect(members.filter((p) => p.outcome)).toHaveLength(n / 2);
    }
  });

  it("is the same for a seed and another for another", () => {
    const [entry] = phantomRoster();
    const first = phantomPatient(1, entry!);
    expect(phantomPatient(1, entry!).phases.venous.data).toEqual(first.phases.venous.data);
    expect(phantomPatient(2, entry!).phases.venous.data).not.toEqual(first.phases.venous.data);
  });

  it("plants what it says: the same lesion enhances 35 HU less with the outcome, and less evenly", () => {
    const [entry] = phantomRoster();
    const spread = (outcome: 0 | 1) => {
      const { phases, mask } = phantomPatient(1, { ...entry!, outcome });
      const values = [...phases.arterial.data].filter((_, i) => mask.data[i] === 1);
      const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
      return { mean, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
    };
    const [without, with_] = [spread(0), spread(1)];
    // The texture's own mean over one lesion is not exactly 0.
    expect(Math.abs(with_.mean - without.mean + 35)).toBeLessThan(5);
    expect(with_.sd).toBeGreaterThan(without.sd + 3);
  });

  it("has its lesion wholly inside, in whole HU", () => {
    for (const entry of phantomRoster().slice(0, 4)) {
      const { mask, phases } = phantomPatient(7, entry);
      const [nz, ny, nx] = mask.shape;
      let onFace = 0;
      mask.data.forEach((v, i) => {
        const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
        if (v && (x === 0 || y === 0 || z === 0 || x === nx - 1 || y === ny - 1 || z === nz - 1)) onFace++;
      });
      expect(onFace).toBe(0);
      expect(phases.arterial.data.every(Number.isInteger)).toBe(true);
    }
  });
});
