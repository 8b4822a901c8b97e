import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { positionOf, type Triple } from "../volume.ts";
import { orientationOf, toCanonical, type RawImage, type Xyz } from "./canonical.ts";

/** A value that tells where a voxel lies: no two positions of these tests share one. */
const valueAt = ([x, y, z]: Xyz) => 3 * x + 0.5 * y + 100 * z;

const at = ({ origin, steps }: Pick<RawImage, "origin" | "steps">, i: number, j: number, k: number) =>
  origin.map((o, c) => o + i * steps[0][c]! + j * steps[1][c]! + k * steps[2][c]!) as unknown as Xyz;

/** A file whose voxels hold the value of their own position. */
function fileWith(size: RawImage["size"], steps: RawImage["steps"], origin: Xyz): RawImage {
  const data = new Float64Array(size[0] * size[1] * size[2]);
  for (let k = 0, n = 0; k < size[2]; k++) {
    for (let j = 0; j < size[1]; j++) for (let i = 0; i < size[0]; i++) data[n++] = valueAt(at({ origin, steps }, i, j, k));
  }
  return { data, size, steps, origin };
}

const scale = (v: readonly number[], s: number) => v.map((x) => x * s) as unknown as Xyz;

/** All 48 ways in which three file axes can run along the patient's. */
const signedPermutations = [0, 1, 2, 3, 4, 5].flatMap((p) =>
  [0, 1, 2, 3, 4, 5, 6, 7].map((signs) => {
    const order = [
      [0, 1, 2],
      [0, 2, 1],
      [1, 0, 2],
      [1, 2, 0],
      [2, 0, 1],
      [2, 1, 0],
    ][p]!;
    return order.map(
      (patientAxis, fileAxis) => [0, 1, 2].map((c) => (c === patientAxis ? ((signs >> fileAxis) & 1 ? -1 : 1) : 0)) as unknown as Xyz,
    );
  }),
);

/** Every voxel of the volume must hold the value of its position. */
function expectValuesAtTheirPlaces(raw: RawImage): void {
  const volume = toCanonical(raw, "scan");
  const want = new Float32Array(volume.data.length);
  const [nz, ny, nx] = volume.shape;
  for (let z = 0, n = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const [pz, py, px] = positionOf(volume, [z, y, x]);
        want[n++] = valueAt([px, py, pz]);
      }
    }
  }
  // Volumes hold 32-bit numbers.
  expectClose(volume.data, want, { atol: 1e-3 });
  for (const a of [0, 1, 2] as const) expect(volume.direction[a][a]).toBeGreaterThan(0.57);
}

describe("toCanonical", () => {
  it.each(signedPermutations.map((axes) => [orientationOf({ steps: axes as unknown as RawImage["steps"] }), axes] as const))(
    "keeps every value at its place of the patient for a file in %s order",
    (_, axes) => {
      const spacing = [1.5, 2, 2.5];
      const steps = axes.map((axis, i) => scale(axis, spacing[i]!)) as unknown as RawImage["steps"];
      const raw = fileWith([5, 4, 3], steps, [-7, 11, 30]);
      const volume = toCanonical(raw, "scan");
      expect(volume.direction).toEqual([
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ]);
      expectValuesAtTheirPlaces(raw);
    },
  );

  it("keeps every value at its place for any rotation, without interpolating (property, any axes and size)", () => {
    const angle = fc.double({ min: -Math.PI, max: Math.PI, noNaN: true });
    const sizes = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }));
    fc.assert(
      fc.property(angle, angle, angle, fc.boolean(), sizes, (a, b, c, isMirrored, size) => {
        const [ca, sa, cb, sb, cc, sc] = [Math.cos(a), Math.sin(a), Math.cos(b), Math.sin(b), Math.cos(c), Math.sin(c)];
        const u: Xyz = [cb * cc, cb * sc, -sb];
        const v: Xyz = [sa * sb * cc - ca * sc, sa * sb * sc + ca * cc, sa * cb];
        const w: Xyz = [ca * sb * cc + sa * sc, ca * sb * sc - sa * cc, ca * cb];
        const raw = fileWith(size, [scale(u, 1.5), scale(v, isMirrored ? -2 : 2), scale(w, 2.5)], [3, -4, 5]);
        expectValuesAtTheirPlaces(raw);
        expect([...toCanonical(raw, "scan").data].sort()).toEqual([...Float32Array.from(raw.data as Float64Array)].sort());
      }),
      { seed: 11, numRuns: 200 },
    );
  });

  it("writes (x, y, z) of a file as (z, y, x)", () => {
    const volume = toCanonical(fileWith([5, 4, 3], [[1, 0, 0], [0, 2, 0], [0, 0, 3]], [10, 20, 30]), "scan"); // prettier-ignore
    expect(volume.shape satisfies Triple).toEqual([3, 4, 5]);
    expect(volume.spacing).toEqual([3, 2, 1]);
    expect(volume.origin).toEqual([30, 20, 10]);
  });

  it("reads 64-bit integers", () => {
    const steps: RawImage["steps"] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]; // prettier-ignore
    expect([...toCanonical({ data: BigInt64Array.from([-3n, 4n]), size: [2, 1, 1], steps, origin: [0, 0, 0] }, "scan").data]).toEqual([
      -3, 4,
    ]);
  });

  it("refuses axes that are not at right angles, and steps without length", () => {
    const sheared = fileWith([2, 2, 2], [[1, 0, 0], [0.3, 1, 0], [0, 0, 1]], [0, 0, 0]); // prettier-ignore
    expect(() => toCanonical(sheared, "scan.nii")).toThrow(
      /^scan.nii: its axes are 16.7 degrees from a right angle .* expected orthogonal axes; read the original DICOM series/,
    );
    const flat = fileWith([2, 2, 2], [[1, 0, 0], [0, 1, 0], [0, 0, 0]], [0, 0, 0]); // prettier-ignore
    expect(() => toCanonical(flat, "scan.nii")).toThrow(/^scan.nii: has no usable voxel spacing \(1 x 1 x 0 mm\)/);
  });
});
