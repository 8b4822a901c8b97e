import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import * as glcm from "../reference/glcm.ts";
import * as gldzm from "../reference/gldzm.ts";
import * as glrlm from "../reference/glrlm.ts";
import * as glszm from "../reference/glszm.ts";
import * as ngldm from "../reference/ngldm.ts";
import * as ngtdm from "../reference/ngtdm.ts";
import { slicesOf, type Cells, type Levels } from "../reference/texture.ts";
import { loadCore } from "./core.ts";
import { coOccurrences } from "./glcm.ts";
import { distanceZones, sizeAndDistanceZones, type MaskedGreyLevels } from "./gldzm.ts";
import { runLengths } from "./glrlm.ts";
import { sizeZones } from "./glszm.ts";
import { dependences } from "./ngldm.ts";
import { toneDifferences } from "./ngtdm.ts";
import { directions, neighbours } from "./offsets.ts";
import type { Triple } from "./resample.ts";
import { mergeMatrices, type TextureMatrix } from "./texture-matrix.ts";

/** Uniform numbers from a linear congruential generator. */
function uniform(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Grey levels of a random ROI; its morphological mask holds it and some more. Levels come in patches, so that runs and zones are long. */
function random(seed: number, shape: Triple, ng: number, inside = 0.75): MaskedGreyLevels {
  const next = uniform(seed);
  const n = shape[0] * shape[1] * shape[2];
  const levels = new Uint16Array(n);
  const morphological = new Uint8Array(n);
  let level = 1;
  for (let i = 0; i < n; i++) {
    if (next() < 0.5) level = 1 + Math.floor(next() * ng);
    levels[i] = next() < inside ? level : 0;
    morphological[i] = levels[i]! > 0 || next() < 0.5 ? 1 : 0;
  }
  return { shape, levels, ng, morphological };
}

/** One volume filled with a level inside a box. */
function box(shape: Triple, from: Triple, to: Triple, level: number, ng: number): MaskedGreyLevels {
  const levels = new Uint16Array(shape[0] * shape[1] * shape[2]);
  for (let z = from[0]; z < to[0]; z++)
    for (let y = from[1]; y < to[1]; y++) for (let x = from[2]; x < to[2]; x++) levels[(z * shape[1] + y) * shape[2] + x] = level;
  return { shape, levels, ng, morphological: Uint8Array.from(levels, (value) => Math.min(value, 1)) };
}

const CASES: readonly (readonly [title: string, volume: MaskedGreyLevels])[] = [
  ["seed 1, 5 x 7 x 11, 6 levels", random(1, [5, 7, 11], 6)],
  ["seed 2, 3 x 4 x 29, 2 levels, every voxel inside", random(2, [3, 4, 29], 2, 1)],
  ["seed 3, 2 x 13 x 17, 40 levels, few inside", random(3, [2, 13, 17], 40, 0.2)],
  ["seed 4, 4 x 5 x 6, 4000 levels", random(4, [4, 5, 6], 4000)],
  ["seed 5, one slice of 9 x 8, 5 levels", random(5, [1, 9, 8], 5)],
  ["one voxel in the middle", box([3, 3, 3], [1, 1, 1], [2, 2, 2], 2, 3)],
  ["one voxel that is the volume", box([1, 1, 1], [0, 0, 0], [1, 1, 1], 1, 1)],
  ["an empty ROI", box([2, 3, 4], [0, 0, 0], [0, 0, 0], 1, 4)],
  ["a flat ROI on every face", box([3, 4, 9], [0, 0, 0], [3, 4, 9], 3, 3)],
  ["a flat ROI on the first faces", box([3, 4, 9], [0, 0, 0], [2, 2, 5], 1, 2)],
  ["a flat ROI on the last faces", box([3, 4, 9], [1, 2, 3], [3, 4, 9], 65535, 65535)],
];

const cells = ({ row, column, count }: TextureMatrix): Cells => Array.from(row, (i, k) => [i, column[k]!, count[k]!]);
const voxelsOf = (part: Levels) => Array.from(part.levels).filter((level) => level !== 0).length;
const masksOf = ({ shape, morphological }: MaskedGreyLevels): Levels => ({ shape, levels: morphological });
const PLANE = directions("slice");
const SPACE = directions("volume");

describe.each(["relaxed", "simd"] as const)("%s build", (build) => {
  describe.each(CASES)("%s", (_, volume) => {
    const ways = [
      ["slice", slicesOf(volume), slicesOf(masksOf(volume)), "slice"],
      ["volume", [volume], [masksOf(volume)], "slice"],
      ["volume", [volume], [masksOf(volume)], "volume"],
    ] as const;

    test("co-occurrences equal their definition, symmetric or not, at distances 1 and 2", async () => {
      const core = await loadCore(build);
      for (const [by, parts, , extent] of ways) {
        for (const offsets of [directions(extent), directions(extent, [2]).slice(0, 9)]) {
          for (const isSymmetric of [true, false]) {
            const got = coOccurrences(core, volume, by, offsets, isSymmetric);
            const want = parts.map((part) => offsets.map((offset) => glcm.coOccurrences(part, offset, isSymmetric)));
            expect(got.map((matrices) => matrices.map(cells))).toEqual(want);
          }
        }
      }
    });

    test("run lengths equal their definition, and an offset's runs are those of its opposite", async () => {
      const core = await loadCore(build);
      for (const [by, parts, , extent] of ways) {
        const offsets = directions(extent);
        const want = parts.map((part) => offsets.map((offset) => glrlm.runLengths(part, offset)));
        for (const sign of [1, -1]) {
          const signed = offsets.map(([z, y, x]): Triple => [sign * z, sign * y, sign * x]);
          expect(runLengths(core, volume, by, signed).map((matrices) => matrices.map(cells))).toEqual(want);
        }
      }
    });

    test("zones by size and by distance equal their definitions", async () => {
      const core = await loadCore(build);
      for (const [by, parts, masks, extent] of ways) {
        const connections = neighbours(extent);
        expect(sizeZones(core, volume, by, connections).map(cells)).toEqual(parts.map((part) => glszm.sizeZones(part, connections)));
        expect(distanceZones(core, volume, by, connections).map(cells)).toEqual(
          parts.map((part, k) => gldzm.distanceZones(part, masks[k]!, connections)),
        );
        expect(sizeAndDistanceZones(core, volume, by, connections)).toEqual({
          sizes: sizeZones(core, volume, by, connections),
          distances: distanceZones(core, volume, by, connections),
        });
      }
    });

    test("tone differences equal their definition, at radius 1 and 2", async () => {
      const core = await loadCore(build);
      for (const [by, parts, , extent] of ways) {
        for (const offsets of [neighbours(extent), neighbours(extent, [1, 2])]) {
          const got = toneDifferences(core, volume, by, offsets);
          parts.forEach((part, k) => {
            const want = ngtdm.toneDifferences(part, offsets, volume.ng);
            expectClose(got[k]!.voxels, want.voxels, {});
            // Sums in another order: wasm f64 against the reference.
            expectClose(got[k]!.difference, want.difference, { rtol: 1e-12 });
          });
        }
      }
    });

    test("dependences equal their definition, at radius 1 and 2 and alpha 0, 1 and 100000", async () => {
      const core = await loadCore(build);
      for (const [by, parts, , extent] of ways) {
        for (const offsets of [neighbours(extent), neighbours(extent, [1, 2])]) {
          for (const alpha of [0, 1, 100000]) {
            const got = dependences(core, volume, by, offsets, alpha);
            expect(got.map(cells)).toEqual(parts.map((part) => ngldm.dependences(part, offsets, alpha)));
          }
        }
      }
    });

    test("each matrix knows the voxels it was counted over, and wasm memory is given back", async () => {
      const core = await loadCore(build);
      const top = core.arena.top;
      for (const [by, parts, , extent] of ways) {
        const want = parts.map(voxelsOf);
        expect(coOccurrences(core, volume, by, directions(extent)).map(([matrix]) => matrix!.voxels)).toEqual(want);
        expect(runLengths(core, volume, by, directions(extent)).map(([matrix]) => matrix!.voxels)).toEqual(want);
        expect(sizeZones(core, volume, by, neighbours(extent)).map((matrix) => matrix.voxels)).toEqual(want);
        expect(distanceZones(core, volume, by, neighbours(extent)).map((matrix) => matrix.voxels)).toEqual(want);
        expect(dependences(core, volume, by, neighbours(extent)).map((matrix) => matrix.voxels)).toEqual(want);
      }
      expect(core.arena.top).toBe(top);
    });
  });

  test.each([
    ["densely", [40, 41, 43] satisfies Triple, 60],
    ["by sorting", [80, 120, 120] satisfies Triple, 300],
  ] as const)("a ROI larger than the pieces it is walked in is counted whole, %s (%j, %i levels)", async (_way, shape, ng) => {
    const core = await loadCore(build);
    const volume = random(6, shape, ng);
    const [matrix] = coOccurrences(core, volume, "volume", [[1, 0, 0]], false)[0]!;
    expect(cells(matrix!)).toEqual(glcm.coOccurrences(volume, [1, 0, 0], false));
  });
});

test("a slice has 4 directions and 8 neighbours, a volume 13 and 26; distance 2 adds 16 and 98 neighbours", () => {
  expect([PLANE.length, neighbours("slice").length, SPACE.length, neighbours("volume").length]).toEqual([4, 8, 13, 26]);
  expect([neighbours("slice", [2]).length, neighbours("volume", [2]).length]).toEqual([16, 98]);
  const opposites = new Set(SPACE.map(([z, y, x]) => [-z, -y, -x].map((d) => d + 0).join()));
  expect(SPACE.filter((offset) => opposites.has(offset.join()))).toEqual([]);
});

describe("merging", () => {
  const matrices = [7, 8, 9, 10, 11].map((seed) => ngldm.dependences(random(seed, [2, 5, 6], 5), neighbours("volume"), 0));
  const sparse = (triples: Cells): TextureMatrix => ({
    row: Int32Array.from(triples, ([row]) => row),
    column: Int32Array.from(triples, ([, column]) => column),
    count: Float64Array.from(triples, ([, , count]) => count),
    voxels: triples.reduce((sum, [, , count]) => sum + count, 0),
  });
  const dense = (matrix: TextureMatrix) => {
    const out = Array.from({ length: 6 * 28 }, () => 0);
    matrix.row.forEach((row, k) => (out[row * 28 + matrix.column[k]!]! += matrix.count[k]!));
    return out;
  };

  test("adds matrices cell by cell, each by its weight, and their voxels (seeds 7 to 11)", () => {
    const weights = [1, 0.5, 0, 2, 1];
    const merged = mergeMatrices(matrices.map(sparse), weights);
    const want = matrices.map(sparse).map(dense);
    expectClose(
      dense(merged),
      want[0]!.map((_, cell) => want.reduce((sum, matrix, k) => sum + weights[k]! * matrix[cell]!, 0)),
      { rtol: 1e-15 },
    );
    expect(merged.voxels).toBe(matrices.map(sparse).reduce((sum, { voxels }, k) => sum + weights[k]! * voxels, 0));
    const order = Array.from(merged.row, (row, k) => row * 28 + merged.column[k]!);
    expect(order).toEqual([...new Set(order)].sort((a, b) => a - b));
  });

  test("gives the matrix of nothing for no matrices", () => {
    expect(mergeMatrices([]).count).toHaveLength(0);
  });
});

test("what does not fit is refused with its sentence", async () => {
  const core = await loadCore();
  const volume = random(12, [2, 3, 4], 5);
  const refused = (call: () => unknown, sentence: string) =>
    expect(call).toThrow(expect.objectContaining({ name: "ShapeError", message: expect.stringContaining(sentence) }));
  refused(() => coOccurrences(core, { ...volume, shape: [2, 3, 5] }, "volume", PLANE), "holds 30 voxels, levels has 24");
  refused(() => runLengths(core, { ...volume, ng: 2 }, "volume", PLANE), "grey levels lie in 0..2 (ng)");
  refused(() => coOccurrences(core, volume, "slice", SPACE), "an offset leaves the slice");
  refused(() => distanceZones(core, { ...volume, morphological: new Uint8Array(3) }, "volume", neighbours("volume")), "24 and 3 voxels");
  refused(() => dependences(core, volume, "volume", neighbours("volume"), -1), "alpha is a whole number");
  refused(() => mergeMatrices([], [1]), "need as many weights, 1 came");
});
