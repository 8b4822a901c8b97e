import { readFileSync } from "node:fs";
import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { digitalPhantom, lungPhantom, outsideTolerance, published } from "../../../../test/helpers/ibsi.ts";
import { flipped, padded, regionOf, regionOfPhantom, turned, type TestRegion } from "../../../../test/helpers/regions.ts";
import { randomFor } from "../random.ts";
import type { Triple } from "../volume.ts";
import { MORPHOLOGY } from "./morphology-features.ts";
import { morphology } from "./morphology.ts";

const core = await loadCore();
const digital = digitalPhantom();
const lung = lungPhantom();
/** The published morphology; `morph_mask_*` describe the chain before it. */
const publishedMorphology = (table: string) => published(table, "morph_").filter(({ name }) => !name.startsWith("morph_mask_"));
const WITHOUT_CONSENSUS = ["morph_vol_dens_ombb", "morph_area_dens_ombb", "morph_vol_dens_mvee", "morph_area_dens_mvee"];

/** An ellipsoid with semi-axes in mm along the image's axes, and noise for intensities. */
function ellipsoid(seed: number, axes: Triple, spacing: Triple): TestRegion {
  const random = randomFor(seed, "morphology");
  const half = axes.map((a, i) => Math.ceil(a / spacing[i]!) + 1);
  return regionOf(
    half.map((h) => 2 * h + 1) as unknown as Triple,
    spacing,
    (...k) => Math.hypot(...k.map((i, a) => ((i - half[a]!) * spacing[a]!) / axes[a]!)) <= 1,
    () => Math.floor(100 * random()),
  );
}

function blob(seed: number, shape: Triple, spacing: Triple): TestRegion {
  const random = randomFor(seed, "morphology");
  return regionOf(
    shape,
    spacing,
    () => random() < 0.6,
    () => Math.floor(50 * random()) + 1,
  );
}

const values = (region: TestRegion) => MORPHOLOGY.map(({ name }) => morphology(core, region).features[name] ?? NaN);

describe("morphology", () => {
  it.skipIf(!digital)("has IBSI's published values of the digital phantom", () => {
    const { features } = morphology(core, regionOfPhantom(digital!));
    const reference = publishedMorphology("dig_phantom");
    expect(outsideTolerance(features, reference)).toEqual([]);
    expect(reference.filter(({ value }) => value === "").map(({ name }) => name)).toEqual(WITHOUT_CONSENSUS);
    expect(Object.keys(features).sort()).toEqual(reference.map(({ name }) => name).sort());
  });

  it.skipIf(!lung)("has IBSI's published values of the lung phantom in configuration A", () => {
    expect(outsideTolerance(morphology(core, regionOfPhantom(lung!, [-500, 400])).features, publishedMorphology("chest_config_a"))).toEqual(
      [],
    );
  });

  it.each([
    [1, [20, 12, 8], [1, 1, 1]],
    [2, [18, 18, 9], [2, 1, 0.7]],
  ] as const)("measures an ellipsoid as analysis does (seed %i, semi-axes %j mm, spacing %j mm)", (seed, axes, spacing) => {
    const { features } = morphology(core, ellipsoid(seed, axes, spacing));
    const volume = (4 / 3) * Math.PI * axes[0] * axes[1] * axes[2];
    expectClose([features["morph_volume"]!, features["morph_vol_approx"]!], [volume, volume], { rtol: 0.01 });
    // A solid ellipsoid's variance along a semi-axis a is a^2 / 5.
    const lengths = axes.toSorted((a, b) => b - a).map((a) => (4 * a) / Math.sqrt(5));
    expectClose([features["morph_pca_maj_axis"]!, features["morph_pca_min_axis"]!, features["morph_pca_least_axis"]!], lengths, {
      rtol: 0.01,
    });
    expectClose([features["morph_diam"]!], [2 * Math.max(...axes)], { rtol: 0.06 });
    // The hull bridges the steps of the mask.
    expectClose([features["morph_vol_dens_conv_hull"]!], [1], { rtol: 0.08 });
    // Boxes and ellipsoids hold the outermost voxels whole.
    expectClose([features["morph_vol_dens_aabb"]!, features["morph_vol_dens_ombb"]!], [Math.PI / 6, Math.PI / 6], { rtol: 0.15 });
    expectClose([features["morph_vol_dens_mvee"]!], [1], { rtol: 0.15 });
  });

  it("does not change when the region is flipped, turned or in a larger box (seeds 3 and 4)", () => {
    for (const region of [ellipsoid(3, [9, 6, 4], [2, 1, 1.5]), blob(4, [4, 5, 6], [3, 1, 0.8])]) {
      const want = values(region);
      const moved = ([0, 1, 2] as const).flatMap((axis) => [flipped(region, axis), turned(region, axis)]);
      for (const other of [...moved, padded(region, [2, 0, 1], [1, 3, 0])]) {
        const got = values(other);
        // The two searches end where they began: at the same optimum but for their own tolerances.
        MORPHOLOGY.forEach(({ name }, i) => {
          const rtol = name.endsWith("_ombb") || name.endsWith("_mvee") ? 1e-3 : 1e-9;
          expectClose([got[i]!], [want[i]!], { rtol, atol: 1e-12 });
        });
      }
    }
  });

  it("changes only where intensity matters when a constant is added to the image (seed 5)", () => {
    const region = blob(5, [4, 5, 6], [2, 1, 1]);
    const brighter = { ...region, intensity: region.intensity.map((v) => v + 1000) };
    const [before, after] = [morphology(core, region).features, morphology(core, brighter).features];
    const changed = MORPHOLOGY.map((f) => f.name).filter((name) => Math.abs(before[name]! - after[name]!) > 1e-9 * Math.abs(before[name]!));
    expect(changed).toEqual(["morph_com", "morph_integ_int"]);
  });

  it("gives one voxel a value or a reason for everything", () => {
    const { features, reasons } = morphology(
      core,
      regionOf(
        [3, 3, 3],
        [2, 1, 1],
        (z, y, x) => z === 1 && y === 1 && x === 1,
        () => 5,
      ),
    );
    expect(Object.keys(features)).toEqual(MORPHOLOGY.map((f) => f.name));
    expect(Object.keys(reasons)).toEqual(Object.keys(features).filter((name) => features[name] === null));
    expect(features).toMatchObject({ morph_vol_approx: 2, morph_diam: 2, morph_pca_maj_axis: 0, morph_pca_elongation: null });
    expectClose([features["morph_volume"]!, features["morph_vol_dens_conv_hull"]!, features["morph_com"]!], [1 / 3, 1, 0], { rtol: 1e-12 });
    expect(reasons["morph_pca_flatness"]).toBe("the region is one voxel, so it has no axes");
  });

  it("gives one slice, one row and two far corners a value or a reason for everything", () => {
    const shapes: ((z: number, y: number, x: number) => boolean)[] = [
      (z) => z === 2,
      (z, y) => z === 2 && y === 1,
      (z, y, x) => z === y && y === x && (z === 0 || z === 4),
    ];
    for (const inside of shapes) {
      const { features, reasons } = morphology(
        core,
        regionOf([5, 5, 5], [1, 2, 1], inside, (z, y, x) => z + y + x),
      );
      expect(Object.keys(reasons)).toEqual(Object.keys(features).filter((name) => features[name] === null));
      expect(features["morph_vol_dens_aee"]).toBeNull();
      expect(features["morph_vol_dens_mvee"]).toBeGreaterThan(0);
    }
  });

  it("gives a reason where re-segmentation leaves nothing, and for every feature of an empty region", () => {
    const region = blob(6, [3, 3, 3], [1, 1, 1]);
    const { features, reasons } = morphology(core, { ...region, intensityMask: new Uint8Array(27) });
    expect(features["morph_volume"]).toBeGreaterThan(0);
    expect(reasons["morph_integ_int"]).toBe("re-segmentation leaves no voxel of the region");
    const nothing = morphology(
      core,
      regionOf([2, 2, 2], [1, 1, 1], () => false),
    );
    expect(Object.values(nothing.features)).toEqual(MORPHOLOGY.map(() => null));
    expect(nothing.reasons["morph_diam"]).toBe("the region has no voxel");
  });
});

it("each feature of its own stands beside a function whose docstring has its IBSI identifier", () => {
  const source = readFileSync(new URL("morphology-features.ts", import.meta.url), "utf8");
  for (const { name, ibsiId } of MORPHOLOGY) expect(source, name).toMatch(new RegExp(`/\\*\\* .*IBSI ${ibsiId}\\. \\*/\\nfunction`));
});
