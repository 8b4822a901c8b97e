import { describe, expect, it } from "vitest";
import { phantomPatient, phantomRoster } from "./phantom.ts";

describe("phantom cohort (synthetic)", () => {
  it("has 8 internal and 4 external patients, half of each with the outcome", () => {
    const roster = phantomRoster();
    for (const [cohort, n] of [["internal", 8], ["external", 4]] as const) {
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

  it("plants what it says: lesions with the outcome enhance less in the arterial phase", () => {
    const meanOf = (outcome: 0 | 1) => {
      const values = phantomRoster().filter((p) => p.outcome === outcome).slice(0, 3).flatMap((p) => {
        const { phases, mask } = phantomPatient(1, p);
        return [...phases.arterial.data].filter((_, i) => mask.data[i] === 1);
      });
      return values.reduce((sum, v) => sum + v, 0) / values.length;
    };
    expect(meanOf(0)).toBeCloseTo(150, -1);
    expect(meanOf(1)).toBeCloseTo(115, -1);
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
