import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { AXIS_ALIGNED, type Mask, type Triple, type Volume } from "../volume.ts";
import { CATALOGUE } from "./catalogue.ts";
import { extractFeatures } from "./extract.ts";
import { featureNames } from "./families.ts";
import { columnsOf, computeRadiomics, planRadiomics, RADIOMICS_PRESETS, whyNothingMeasured } from "./plan.ts";
import { PRESETS, presetOf } from "./presets.ts";
import { ALL_BY_VOLUME, DEFAULT_CHAIN, type RadiomicsSettings } from "./settings.ts";

const core = await loadCore();

type Inside = (z: number, y: number, x: number) => boolean;

/** A box of noise around 100 and a region in it. */
function scan(shape: Triple, isInside: Inside, seed = 1, spacing: Triple = [1, 1, 1]): { volume: Volume; mask: Mask } {
  const random = randomFor(seed, "extract");
  const grid = { shape, spacing, origin: [0, 0, 0] as Triple, direction: AXIS_ALIGNED };
  const data = new Float32Array(shape[0] * shape[1] * shape[2]);
  const inside = new Uint8Array(data.length);
  for (let z = 0, i = 0; z < shape[0]; z++) {
    for (let y = 0; y < shape[1]; y++) {
      for (let x = 0; x < shape[2]; x++, i++) {
        data[i] = Math.floor(100 + 200 * random() + 4 * (x + y));
        inside[i] = isInside(z, y, x) ? 1 : 0;
      }
    }
  }
  return { volume: { ...grid, data }, mask: { ...grid, data: inside } };
}

const blob: Inside = (z, y, x) => (z - 4) ** 2 / 9 + (y - 7) ** 2 / 25 + (x - 8) ** 2 / 30 <= 1;
const SHAPE: Triple = [9, 15, 17];

/** Regions at the edges of what definitions allow. */
const odd: readonly (readonly [name: string, shape: Triple, Inside])[] = [
  ["one voxel", SHAPE, (z, y, x) => z === 4 && y === 7 && x === 8],
  ["two voxels that touch at a corner", SHAPE, (z, y, x) => (z === 4 && y === 7 && x === 8) || (z === 5 && y === 8 && x === 9)],
  ["a line", SHAPE, (z, y) => z === 4 && y === 7],
  ["one slice", SHAPE, (z) => z === 4],
  ["an image of one slice", [1, 15, 17], () => true],
  ["scattered single voxels", SHAPE, (z, y, x) => z % 3 === 1 && y % 3 === 1 && x % 3 === 1],
  ["the whole image", SHAPE, () => true],
  ["a corner of the image", SHAPE, (z, y, x) => z < 2 && y < 3 && x < 2],
];

describe("every preset", () => {
  const presets = RADIOMICS_PRESETS.map((name) => [name, planRadiomics(name)] as const);

  it.each(presets.flatMap(([name, plan]) => odd.map((region) => [name, region[0], plan, region] as const)))(
    "%s gives a value or a reason for every feature of %s, in the same columns",
    (_, __, plan, [, shape, isInside]) => {
      const { volume, mask } = scan(shape, isInside);
      const { features, reasons } = computeRadiomics(core, volume, mask, plan, "LPS");
      expect(Object.keys(features)).toEqual(columnsOf(plan));
      const silent = Object.entries(features).filter(([tag, value]) => (value === null ? !reasons[tag] : !Number.isFinite(value)));
      expect(silent).toEqual([]);
      expect(Object.keys(reasons).every((tag) => features[tag] === null)).toBe(true);
    },
  );

  it.each(presets)("%s gives a value or a reason for every feature of a flat region", (_, plan) => {
    const { volume, mask } = scan(SHAPE, blob);
    const { features, reasons } = computeRadiomics(core, { ...volume, data: volume.data.fill(7) }, mask, plan, "LPS");
    for (const [tag, value] of Object.entries(features)) expect(value === null ? reasons[tag] : value, tag).toBeDefined();
    expect(Object.keys(features)).toEqual(columnsOf(plan));
  });
});

describe("a region that re-segmentation empties", () => {
  const { volume, mask } = scan(SHAPE, blob);
  it.each([
    ["ibsi", "resegmentation: [5000, 6000]"],
    ["pyradiomics", "setting: { resegmentRange: [5000, 6000] }"],
  ])("has a reason in common for all of %s but shape", (preset, text) => {
    const plan = planRadiomics(preset, { config: { file: "c.yaml", text } });
    expect(whyNothingMeasured(computeRadiomics(core, volume, mask, plan, "LPS"))).toBe("re-segmentation left no voxel of the region");
    expect(whyNothingMeasured(computeRadiomics(core, volume, mask, planRadiomics(preset), "LPS"))).toBeNull();
  });
});

describe("a region that holds NaN", () => {
  const { volume, mask } = scan(SHAPE, blob);
  const holed = { ...volume, data: volume.data.map((v, i) => (i === 4 * 15 * 17 + 7 * 17 + 8 ? NaN : v)) };

  it.each(RADIOMICS_PRESETS.filter((name) => !/-[abce]$/.test(name)))(
    "has no feature of %s but PyRadiomics' shape, and says why",
    (name) => {
      const plan = planRadiomics(name);
      const { features, reasons } = computeRadiomics(core, holed, mask, plan, "LPS");
      expect(Object.keys(features)).toEqual(columnsOf(plan));
      const isShape = (tag: string) => tag.startsWith("original_shape_");
      const values = Object.entries(features);
      expect(new Set(values.filter(([tag]) => !isShape(tag)).map(([, value]) => value))).toEqual(new Set([null]));
      expect(values.filter(([tag, value]) => isShape(tag) && value === null)).toEqual([]);
      expect(new Set(Object.values(reasons))).toEqual(new Set([expect.stringMatching(/NaN or infinite/)]));
    },
  );

  it("has every feature where re-segmentation takes the NaN away", () => {
    const { features } = computeRadiomics(core, holed, mask, planRadiomics("ibsi-a"), "LPS");
    expect(Object.entries(features).filter(([tag, value]) => value === null && !tag.startsWith("loc_"))).toEqual([]);
  });
});

describe("presets", () => {
  it("song-2021 has the paper's counts: 37 of intensity and 106 of texture", () => {
    const names = featureNames(presetOf("song-2021").settings);
    const count = (pattern: RegExp) => names.filter((name) => pattern.test(name)).length;
    expect(names).toHaveLength(143);
    expect(count(/^(stat|ih)_/)).toBe(37);
    expect(count(/^stat_/)).toBe(18);
    expect(count(/^ih_.*grad/)).toBe(0);
    expect([count(/^cm_.*_3D_avg$/), count(/^cm_.*_3D_comb$/), count(/^ngt_.*_3D$/)]).toEqual([25, 25, 5]);
    expect([count(/^ngl_.*_3D$/), count(/^ngl_.*_3D_a1$/), count(/^ngl_.*_3D_a2$/)]).toEqual([17, 17, 17]);
  });

  it("song-2021 measures inside the window", () => {
    const { volume, mask } = scan(SHAPE, blob);
    const plan = planRadiomics("song-2021", { window: { level: 200, width: 60 } });
    const { features } = computeRadiomics(core, volume, mask, plan, "LPS");
    expect([features["stat_min"], features["stat_max"], features["ih_max"]]).toEqual([170, 230, 32]);
  });

  it("together they hold every feature of the catalogue", () => {
    const names = PRESETS.flatMap(({ settings }) => featureNames(settings));
    expect(
      CATALOGUE.filter((row) => !names.some((name) => name === row.name || name.startsWith(`${row.name}_`))).map((row) => row.name),
    ).toEqual([]);
  });

  it.each([
    ["ibsi-f", /"ibsi-f" is not one; did you mean "ibsi-/],
    ["everything", /"everything" is not one .*known: intensity, song-2021, ibsi/],
  ])("refuses %s", (name, sentence) => {
    expect(() => planRadiomics(name)).toThrow(expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(sentence) }));
  });
});

describe("invariants", () => {
  const settings: RadiomicsSettings = {
    chain: { ...DEFAULT_CHAIN, discretisation: { kind: "fixedBinNumber", number: 16 } },
    select: ALL_BY_VOLUME,
  };
  const given = scan(SHAPE, blob, 3);
  const features = (from: { volume: Volume; mask: Mask }, chosen = settings) =>
    extractFeatures(core, from.volume, from.mask, chosen).features;
  const want = features(given);

  /** The values that differ by more than rounding; the smallest ellipsoid is found by steps and stops within 1e-6 of it. */
  const differing = (got: Record<string, number | null>, tags = Object.keys(want)) =>
    tags
      .filter((tag) => !(Math.abs(got[tag]! - want[tag]!) <= (tag.endsWith("mvee") ? 1e-6 : 1e-9) * Math.abs(want[tag]!) + 1e-9))
      .map((tag) => `${tag}: ${got[tag]} against ${want[tag]}`);

  /** The scan with its axes in another order (a turn by 90 degrees, or a mirror image). */
  function turned(
    { volume, mask }: typeof given,
    order: readonly [number, number, number],
    flip: readonly [boolean, boolean, boolean],
  ): typeof given {
    const shape = order.map((a) => volume.shape[a]!) as unknown as Triple;
    const [data, inside] = [new Float32Array(volume.data.length), new Uint8Array(volume.data.length)];
    for (let z = 0, i = 0; z < shape[0]; z++) {
      for (let y = 0; y < shape[1]; y++) {
        for (let x = 0; x < shape[2]; x++, i++) {
          const at = [0, 0, 0];
          for (const [k, p] of [z, y, x].entries()) at[order[k]!] = flip[k] ? shape[k]! - 1 - p : p;
          const from = (at[0]! * volume.shape[1] + at[1]!) * volume.shape[2] + at[2]!;
          data[i] = volume.data[from]!;
          inside[i] = mask.data[from]!;
        }
      }
    }
    return { volume: { ...volume, shape, data }, mask: { ...mask, shape, data: inside } };
  }

  it.each([
    [
      [0, 1, 2],
      [true, false, false],
    ],
    [
      [0, 1, 2],
      [false, true, true],
    ],
    [
      [0, 2, 1],
      [false, true, false],
    ],
    [
      [2, 1, 0],
      [true, false, false],
    ],
    [
      [1, 2, 0],
      [false, false, true],
    ],
  ] as const)("no volume feature changes when the axes are taken as %o, flipped %o", (order, flip) => {
    expect(differing(features(turned(given, order, flip)))).toEqual([]);
  });

  it("no feature changes when the scan is cropped closer to the region, 7 mm of margin left", () => {
    const wide = scan([27, 33, 35], (z, y, x) => blob(z - 9, y - 9, x - 9), 5);
    const cropTo = 1;
    const shape = wide.volume.shape.map((n) => n - 2 * cropTo) as unknown as Triple;
    const cut = <T extends Float32Array | Uint8Array>(from: T): T => {
      const out = new (from.constructor as new (n: number) => T)(shape[0] * shape[1] * shape[2]);
      for (let z = 0, i = 0; z < shape[0]; z++)
        for (let y = 0; y < shape[1]; y++)
          for (let x = 0; x < shape[2]; x++, i++)
            out[i] = from[((z + cropTo) * wide.volume.shape[1] + y + cropTo) * wide.volume.shape[2] + x + cropTo]!;
      return out;
    };
    const cropped = {
      volume: { ...wide.volume, shape, data: cut(wide.volume.data) },
      mask: { ...wide.mask, shape, data: cut(wide.mask.data) },
    };
    expect(features(cropped)).toEqual(features(wide));
  });

  it("a constant added to every intensity changes no texture, histogram or shape", () => {
    const shifted = { ...given, volume: { ...given.volume, data: given.volume.data.map((v) => v + 512) } };
    const tags = Object.keys(want).filter(
      (tag) => /^(ih|cm|rlm|szm|dzm|ngt|ngl)_/.test(tag) || (tag.startsWith("morph_") && !/integ_int|com$/.test(tag)),
    );
    expect(tags.length).toBeGreaterThan(150);
    expect(differing(features(shifted), tags)).toEqual([]);
  });

  it("a factor on every intensity changes no texture of a fixed number of bins", () => {
    const scaled = { ...given, volume: { ...given.volume, data: given.volume.data.map((v) => 4 * v) } };
    expect(
      differing(
        features(scaled),
        Object.keys(want).filter((tag) => /^(ih|cm|rlm|szm|dzm|ngt|ngl)_/.test(tag)),
      ),
    ).toEqual([]);
  });

  it("the mesh of a ball encloses the ball's volume and is nearly round", () => {
    const radius = 14;
    const ball = scan([33, 33, 33], (z, y, x) => Math.hypot(z - 16, y - 16, x - 16) <= radius);
    const { morph_volume, morph_vol_approx, morph_sphericity, morph_pca_elongation } = features(ball) as Record<string, number>;
    expect(morph_volume! / ((4 / 3) * Math.PI * radius ** 3)).toBeCloseTo(1, 1.6);
    expect(morph_volume! / morph_vol_approx!).toBeCloseTo(1, 1.6);
    expect(morph_sphericity).toBeGreaterThan(0.9);
    expect(morph_pca_elongation).toBeCloseTo(1, 6);
  });
});
