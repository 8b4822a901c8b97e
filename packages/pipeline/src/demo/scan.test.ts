import { describe, expect, it } from "vitest";
import { voxelCount, type Mask } from "../volume.ts";
import { demoRoster, type DemoPatient } from "./roster.ts";
import { scanPatient } from "./scan.ts";

const SETTINGS = { seed: 1, patients: 74, signal: 1 };
const roster = demoRoster(SETTINGS);
/** A patient of each hospital with each size. */
const some = (["internal", "external"] as const).flatMap((cohort) =>
  ["<20mm", ">=20mm"].map((size) => roster.find((p) => p.cohort === cohort && p.categories.max_diameter === size)!),
);

/** Whether arrays are equal; the test library's own comparison takes seconds over a scan. */
const isSame = (a: ArrayLike<number>, b: ArrayLike<number>) => a.length === b.length && Array.prototype.every.call(a, (v, i) => v === b[i]);

/** The largest distance between two voxels of a mask on one slice, from edge to edge, mm. */
function axialDiameter({ data, shape: [nz, ny, nx], spacing }: Mask): number {
  let widest = 0;
  for (let z = 0; z < nz; z++) {
    // The ends of rows are enough.
    const ends: [number, number][] = [];
    for (let y = 0; y < ny; y++) {
      const row = data.subarray((z * ny + y) * nx, (z * ny + y + 1) * nx);
      const [first, last] = [row.indexOf(1), row.lastIndexOf(1)];
      if (first >= 0) ends.push([y, first - 0.5], [y, last + 0.5]);
    }
    for (const a of ends) for (const b of ends) widest = Math.max(widest, spacing[1] * Math.hypot(a[0] - b[0], a[1] - b[1]));
  }
  return widest;
}

/** Mean and standard deviation of the voxels of a lesion. */
function inLesion({ volume, mask }: ReturnType<typeof scanPatient>): { mean: number; sd: number } {
  const values = [...volume.data].filter((_, i) => mask.data[i] === 1);
  const mean = values.reduce((a, b) => a + b) / values.length;
  return { mean, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / values.length) };
}

describe("a generated scan (synthetic)", () => {
  it("is the same for a seed and another for another, and its phases are held in different breaths", () => {
    const [patient] = some;
    const first = scanPatient(SETTINGS, patient!, "arterial");
    const again = scanPatient(SETTINGS, patient!, "arterial");
    expect(isSame(again.volume.data, first.volume.data) && isSame(again.mask.data, first.mask.data)).toBe(true);
    expect(isSame(scanPatient({ ...SETTINGS, seed: 2 }, patient!, "arterial").volume.data, first.volume.data)).toBe(false);
    const venous = scanPatient(SETTINGS, patient!, "venous");
    expect(venous.volume.shape).toEqual(first.volume.shape);
    expect(isSame(venous.mask.data, first.mask.data)).toBe(false);
  });

  it.each(some.map((p) => [p.id, p] as const))(
    "of %s has whole HU, its hospital's slices, its lesion wholly inside, of the size its table says",
    (_, p) => {
      for (const phase of ["arterial", "venous"] as const) {
        const { volume, mask } = scanPatient(SETTINGS, p, phase);
        expect(volume.data).toHaveLength(voxelCount(volume));
        expect(volume.data.every((hu) => Number.isInteger(hu) && hu > -1024 && hu < 2000)).toBe(true);
        expect(volume.spacing[0]).toBe(p.cohort === "internal" ? 0.5 : 1);
        const [nz, ny, nx] = mask.shape;
        const onFace = mask.data.some((inside, i) => {
          const [x, y, z] = [i % nx, Math.floor(i / nx) % ny, Math.floor(i / nx / ny)];
          return inside && (x === 0 || y === 0 || z === 0 || x === nx - 1 || y === ny - 1 || z === nz - 1);
        });
        expect(onFace).toBe(false);
        const diameter = axialDiameter(mask);
        expect(diameter < 20).toBe(p.categories.max_diameter === "<20mm");
        expect(diameter).toBeGreaterThan(7);
      }
    },
  );

  it("is noisier in thin slices, and thick ones share their noise with their neighbours", () => {
    for (const p of some) {
      const { volume } = scanPatient(SETTINGS, p, "arterial");
      const [nz, ny, nx] = volume.shape;
      // Fat, in the corner that nothing reaches into: differences of neighbouring slices are noise alone.
      const gaps = (step: number) => {
        let [sum, n] = [0, 0];
        for (let z = 0; z + step < nz; z++)
          for (let y = 0; y < 6; y++)
            for (let x = 0; x < 6; x++, n++)
              sum += (volume.data[(z * ny + y) * nx + x]! - volume.data[((z + step) * ny + y) * nx + x]!) ** 2;
        return Math.sqrt(sum / n / 2);
      };
      // Thick slices two apart share nothing, neighbours half: so their difference is smaller, by the square root of two in noise alone.
      expect(p.cohort === "internal" ? gaps(1) > 14 : gaps(1) / gaps(2) < 0.8, p.id).toBe(true);
    }
  });

  it("plants what it says: with the recurrence the same lesion is patchier in proportion to the signal, and at signal 0 it is the same", () => {
    // Large, with a clear border and nothing inside but its own tissue.
    const plain = { property: "solid", calcification: "no", boundary: "clear", max_diameter: ">=20mm" } as const;
    const patient = { ...roster[0]!, categories: { ...roster[0]!.categories, ...plain } };
    const sd = (signal: number, outcome: DemoPatient["outcome"]) =>
      inLesion(scanPatient({ seed: 1, signal }, { ...patient, outcome }, "arterial")).sd;
    expect(sd(1, 1)).toBeGreaterThan(sd(1, 0) + 4);
    expect(sd(2, 1)).toBeGreaterThan(sd(1, 1) + 4);
    expect(sd(0, 1)).toBe(sd(0, 0));
  });

  it("enhances as its table says", () => {
    const patient = roster.find(
      (p) => p.categories.property === "solid" && p.categories.calcification === "no" && p.categories.shape === "round",
    )!;
    const brighter = { ...patient, numbers: { ...patient.numbers, ct_ratio_arterial: patient.numbers.ct_ratio_arterial + 0.5 } };
    const gain = inLesion(scanPatient(SETTINGS, brighter, "arterial")).mean - inLesion(scanPatient(SETTINGS, patient, "arterial")).mean;
    // Half the parenchyma's 110 HU, give or take the patient's own factor and what the border mixes in.
    expect(gain).toBeGreaterThan(35);
    expect(gain).toBeLessThan(65);
  });
});
