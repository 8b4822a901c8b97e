import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { sharedData } from "../../../../../test/helpers/shared-data.ts";
import { readImage } from "../../intake/image.ts";
import { readMask } from "../../intake/mask.ts";
import { readSource } from "../../intake/source.node.ts";
import { boundingBox, crop } from "../../preprocess/roi.ts";
import { AXIS_ALIGNED, type Mask, type Triple } from "../../volume.ts";
import type { PyradiomicsFeature } from "./feature.ts";
import { SHAPE, SHAPE_ON_REQUEST, shapeOf } from "./shape.ts";
import { SHAPE_2D, SHAPE_2D_ON_REQUEST, shape2DOf } from "./shape2d.ts";

/** A mask that the golden script makes by the same formula. */
interface FormulaCase {
  readonly seed: number;
  readonly shape: Triple;
  readonly spacing: Triple;
  /** Thousandths of the voxels inside. */
  readonly share: number;
  readonly features: Record<string, number>;
}

const made = golden<{ brain1: Record<string, number>; formula: FormulaCase[]; formula2D: FormulaCase[] }>("pyradiomics-shape");
const ALL = [...SHAPE, ...SHAPE_ON_REQUEST];
const ALL_2D = [...SHAPE_2D, ...SHAPE_2D_ON_REQUEST];

function hashed(i: number): number {
  let h = Math.imul(i ^ (i >>> 7), 2654435761) >>> 0;
  h = Math.imul(h ^ (h >>> 13), 1597334677) >>> 0;
  return ((h ^ (h >>> 16)) >>> 0) % 1000;
}

function formulaMask({ seed, shape, spacing, share }: FormulaCase): Mask {
  const data = Uint8Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => (hashed(seed * 100003 + i) < share ? 1 : 0));
  const mask = { shape, spacing, origin: [0, 0, 0] as Triple, direction: AXIS_ALIGNED, data };
  return crop(mask, boundingBox(mask));
}

/** PyRadiomics' values in the order of some rows, one for each row and none besides. */
function wanted(rows: readonly { readonly name: string }[], want: Record<string, number>): number[] {
  expect(rows.map((r) => r.name).sort()).toEqual(Object.keys(want).sort());
  return rows.map((r) => want[r.name]!);
}

const computed = <X>(rows: readonly PyradiomicsFeature<X>[], x: X) => rows.map((r) => r.compute(x));
// Both are f64 sums over the same triangles in another order; axis lengths of a flat mask are rounding alone.
const SAME_SUMS = { rtol: 1e-10, atol: 1e-7 };

const folder = sharedData("pyradiomics");
const image = folder ? await readImage(await readSource(`${folder}/brain1_image.nrrd`)) : null;
const label = image ? (await readMask(await readSource(`${folder}/brain1_label.nrrd`), image.volume, "brain1", { label: 1 })).mask : null;

/** A feature's value in PyRadiomics' baseline table. */
function baseline(name: string, tag: string): number {
  const row = readFileSync(`${folder}/baseline/baseline_${name}.csv`, "utf8").split(/\r?\n/);
  return Number(row.find((line) => line.startsWith(`original_${name}_${tag},`))!.split(",")[1]);
}

describe("the class shape", () => {
  it.each(made.formula)("has PyRadiomics' values for a mask of formula $seed, shape $shape, spacing $spacing", (test) => {
    const { data, shape, spacing } = formulaMask(test);
    expectClose(computed(ALL, shapeOf(data, shape, spacing)), wanted(ALL, test.features), SAME_SUMS);
  });

  it.skipIf(!label)("has PyRadiomics' values for brain1, whose file runs against ours along y", () => {
    expect(image!.report.orientation).toBe("LAS");
    const { data, shape, spacing } = crop(label!, boundingBox(label!));
    const [, ny, nx] = shape;
    const inFile = data.map((_, i) => data[i + (ny - 1 - 2 * (Math.floor(i / nx) % ny)) * nx]!);
    const got = shapeOf(inFile, shape, spacing);
    expectClose(computed(ALL, got), wanted(ALL, made.brain1), SAME_SUMS);
    // The published baseline is PyRadiomics 2.0.1's. All that its mesh does not decide has not changed since ...
    const ofMesh = new Set(["MeshVolume", "SurfaceArea", "SurfaceVolumeRatio", "Sphericity"]);
    const [changed, same] = [SHAPE.filter((r) => ofMesh.has(r.name)), SHAPE.filter((r) => !ofMesh.has(r.name))];
    expectClose(
      same.map((r) => r.compute(got)),
      same.map((r) => baseline("shape", r.name)),
      { rtol: 1e-10 },
    );
    // ... and what it does has, by 0.1%: PyRadiomics 3 itself differs from its baseline by as much.
    expectClose(
      changed.map((r) => r.compute(got)),
      changed.map((r) => baseline("shape", r.name)),
      { rtol: 1e-3 },
    );
  });
});

describe("the class shape2D", () => {
  it.each(made.formula2D)("has PyRadiomics' values for a slice of formula $seed, shape $shape, spacing $spacing", (test) => {
    const { data, shape, spacing } = formulaMask(test);
    expectClose(computed(ALL_2D, shape2DOf(data, shape, spacing, 0)!), wanted(ALL_2D, test.features), SAME_SUMS);
  });

  it.skipIf(!label)("has every value of PyRadiomics' baseline for slice 16 of brain1 within 1e-10", () => {
    const [, ny, nx] = label!.shape;
    const slice = { ...label!, data: label!.data.map((inside, i) => (Math.floor(i / (ny * nx)) === 16 ? inside : 0)) };
    const { data, shape, spacing } = crop(slice, boundingBox(slice));
    const got = shape2DOf(data, shape, spacing, 0)!;
    expectClose(
      SHAPE_2D.map((r) => r.compute(got)),
      SHAPE_2D.map((r) => baseline("shape2D", r.name)),
      { rtol: 1e-10 },
    );
  });

  it("is the same whichever axis the slice is perpendicular to, and null for two slices", () => {
    const { data, shape, spacing } = formulaMask(made.formula2D[0]!);
    const want = SHAPE_2D.map((r) => r.compute(shape2DOf(data, shape, spacing, 0)!));
    const upright = shape2DOf(data, [shape[1], 1, shape[2]], [spacing[1], spacing[0], spacing[2]], 1)!;
    expectClose(
      SHAPE_2D.map((r) => r.compute(upright)),
      want,
      { rtol: 1e-12 },
    );
    expect(shape2DOf(Uint8Array.of(1, 1), [2, 1, 1], [1, 1, 1], 0)).toBeNull();
  });
});
