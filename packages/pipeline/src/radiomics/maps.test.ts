import { loadCore } from "@islet/core-wasm";
import { describe, expect, it } from "vitest";
import { randomFor } from "../random.ts";
import { AXIS_ALIGNED, positionOf, type Mask, type Triple, type Volume } from "../volume.ts";
import { glcmFeatures } from "./glcm.ts";
import { intensityStatistics } from "./intensity.ts";
import { featureMaps, MAP_FEATURES } from "./maps.ts";
import { DEFAULT_CHAIN } from "./settings.ts";

const core = await loadCore();

/** Noise with 6 grey levels as intensities, and a region with holes. */
function scan(seed: number, shape: Triple): { volume: Volume; mask: Mask } {
  const random = randomFor(seed, "maps");
  const grid = { shape, spacing: [3, 1, 1] as Triple, origin: [5, 6, 7] as Triple, direction: AXIS_ALIGNED };
  const n = shape[0] * shape[1] * shape[2];
  const data = Float32Array.from({ length: n }, () => 1 + Math.floor(6 * random()));
  const inside = Uint8Array.from({ length: n }, () => (random() < 0.6 ? 1 : 0));
  inside[0] = 0;
  inside[n - 1] = 1;
  data[n - 1] = 6;
  return { volume: { ...grid, data }, mask: { ...grid, data: inside } };
}

const chain = { ...DEFAULT_CHAIN, discretisation: { kind: "none" } } as const;

describe("featureMaps", () => {
  it.each([1, 2])("has in every voxel what the features of its neighbourhood are (radius %i)", (radius) => {
    const { volume, mask } = scan(radius, [4, 6, 7]);
    const features = [
      "stat_mean",
      "stat_kurt",
      "stat_p90",
      "cm_contrast_3D_comb",
      "cm_joint_entr_3D_avg",
      "cm_inv_diff_norm_3D_avg",
      "cm_corr_3D_comb",
    ];
    const maps = featureMaps(core, volume, mask, { chain, features, radius })!;
    expect([...maps.keys()]).toEqual(features);
    const [nz, ny, nx] = volume.shape;
    for (let z = 0, i = 0; z < nz; z++) {
      for (let y = 0; y < ny; y++) {
        for (let x = 0; x < nx; x++, i++) {
          const near = (k: number) =>
            [Math.floor(k / (ny * nx)) - z, (Math.floor(k / nx) % ny) - y, (k % nx) - x].every((d) => Math.abs(d) <= radius);
          const inside = mask.data.map((v, k) => (v !== 0 && near(k) ? 1 : 0));
          const levels = { ...volume, ng: 6, levels: Uint16Array.from(inside, (v, k) => v * volume.data[k]!), morphological: inside };
          const want = {
            ...intensityStatistics(volume, { ...mask, data: inside }).features,
            ...glcmFeatures(core, levels, ["3D_avg", "3D_comb"]).features,
          };
          for (const [tag, map] of maps) {
            const value = mask.data[i] === 0 ? NaN : (want[tag] ?? NaN);
            const agrees = Number.isNaN(value) ? Number.isNaN(map.data[i]) : Math.abs(map.data[i]! - value) <= 1e-5;
            expect(agrees, `${tag} of voxel ${i}: ${map.data[i]} against ${value}`).toBe(true);
          }
        }
      }
    }
  });

  it("lies where the region lies", () => {
    const { volume, mask } = scan(3, [5, 6, 7]);
    const inside = mask.data.map((_, i) => (Math.floor(i / 42) === 2 && i % 7 > 3 ? 1 : 0));
    const map = featureMaps(core, volume, { ...mask, data: inside }, { chain, features: ["stat_mean"], radius: 1 })!.get("stat_mean")!;
    expect(map.shape).toEqual([1, 6, 3]);
    expect(map.origin).toEqual(positionOf(volume, [2, 0, 4]));
  });

  it("has a map for every intensity statistic and every feature of the GLCM", () => {
    expect(MAP_FEATURES).toHaveLength(18 + 2 * 25);
  });

  it.each([
    [{ features: ["stat_meen"], radius: 1 }, /"stat_meen" has no map; did you mean "stat_mean"/],
    [{ features: ["stat_mean"], radius: 0 }, /whole number of voxels from 1; got 0/],
  ])("refuses %o", (settings, sentence) => {
    const { volume, mask } = scan(1, [3, 4, 5]);
    expect(() => featureMaps(core, volume, mask, { chain, ...settings })).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(sentence) as unknown as string }),
    );
  });
});
