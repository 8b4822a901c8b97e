import { describe, expect, test } from "vitest";
import * as reference from "../reference/glcm.ts";
import { levelAt, type Cells, type Levels } from "../reference/texture.ts";
import { loadCore } from "./core.ts";
import { eachLocalCoOccurrence } from "./glcm-local.ts";
import type { GreyLevelVolume } from "./grey-levels.ts";
import { directions } from "./offsets.ts";
import type { Triple } from "./resample.ts";
import { mergeMatrices, type TextureMatrix } from "./texture-matrix.ts";

/** Random grey levels, a quarter of the voxels outside the ROI. */
function random(seed: number, shape: Triple, ng: number): GreyLevelVolume {
  let state = seed;
  const levels = Uint16Array.from({ length: shape[0] * shape[1] * shape[2] }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state < 2 ** 30 ? 0 : 1 + ((state >>> 8) % ng);
  });
  return { shape, levels, ng };
}

/** The box around a voxel as a volume of its own. */
function boxAround(volume: Levels, voxel: number, [rz, ry, rx]: Triple): Levels {
  const [, ny, nx] = volume.shape;
  const [z, y, x] = [Math.floor(voxel / (ny * nx)), Math.floor(voxel / nx) % ny, voxel % nx];
  const levels: number[] = [];
  for (let dz = -rz; dz <= rz; dz++)
    for (let dy = -ry; dy <= ry; dy++) for (let dx = -rx; dx <= rx; dx++) levels.push(levelAt(volume, [z + dz, y + dy, x + dx]));
  return { shape: [2 * rz + 1, 2 * ry + 1, 2 * rx + 1], levels };
}

const cells = ({ row, column, count }: TextureMatrix): Cells => Array.from(row, (i, k) => [i, column[k]!, count[k]!]);

const CASES: readonly (readonly [title: string, volume: GreyLevelVolume, radius: Triple, directions: readonly Triple[]])[] = [
  ["seed 1, 4 x 5 x 6, 5 levels, radius 1", random(1, [4, 5, 6], 5), [1, 1, 1], directions("volume")],
  ["seed 2, 3 x 7 x 5, 3000 levels, radius 2 along y", random(2, [3, 7, 5], 3000), [1, 2, 1], directions("volume", [1, 2])],
  ["seed 3, 2 x 9 x 8, 4 levels, 5 x 5 in the slice", random(3, [2, 9, 8], 4), [0, 2, 2], directions("slice")],
  ["one voxel", { shape: [1, 1, 1], levels: Uint16Array.of(2), ng: 2 }, [1, 1, 1], directions("volume")],
  ["an empty ROI", { shape: [2, 2, 2], levels: new Uint16Array(8), ng: 1 }, [1, 1, 1], directions("volume")],
];

describe.each(["relaxed", "simd"] as const)("%s build", (build) => {
  test.each(CASES)("%s: a voxel's matrices are those of the box around it", async (_title, volume, radius, offsets) => {
    const core = await loadCore(build);
    const top = core.arena.top;
    for (const isSymmetric of [true, false]) {
      const visited: number[] = [];
      eachLocalCoOccurrence(core, volume, { radius, directions: offsets, isSymmetric }, (voxel, matrices) => {
        visited.push(voxel);
        const box = boxAround(volume, voxel, radius);
        expect(matrices.map(cells)).toEqual(offsets.map((offset) => reference.coOccurrences(box, offset, isSymmetric)));
      });
      expect(visited).toEqual([...volume.levels.keys()].filter((voxel) => volume.levels[voxel] !== 0));
    }
    expect(core.arena.top).toBe(top);
  });

  test.each(CASES)("%s: merged, they are the sum over the directions", async (_title, volume, radius, offsets) => {
    const core = await loadCore(build);
    const merged: Cells[] = [];
    eachLocalCoOccurrence(core, volume, { radius, directions: offsets, isMerged: true }, (_voxel, matrices) =>
      merged.push(cells(matrices[0]!)),
    );
    const want: Cells[] = [];
    eachLocalCoOccurrence(core, volume, { radius, directions: offsets }, (_voxel, matrices) => want.push(cells(mergeMatrices(matrices))));
    expect(merged).toEqual(want);
  });

  test("a ROI of several blocks is visited whole (seed 4)", async () => {
    const volume = random(4, [9, 10, 11], 7);
    const visited = new Map<number, Cells>();
    eachLocalCoOccurrence(await loadCore(build), volume, { radius: [1, 1, 1], directions: directions("volume") }, (voxel, matrices) =>
      visited.set(voxel, cells(matrices[0]!)),
    );
    expect([...visited.keys()]).toEqual([...volume.levels.keys()].filter((voxel) => volume.levels[voxel] !== 0));
    for (const [voxel, got] of visited)
      expect(got).toEqual(reference.coOccurrences(boxAround(volume, voxel, [1, 1, 1]), directions("volume")[0]!, true));
  });
});

test("memory is given back when a visit throws, and a radius that is none is refused", async () => {
  const core = await loadCore();
  const top = core.arena.top;
  const volume = random(5, [2, 2, 2], 3);
  const fail = () => {
    throw new Error("in the visit");
  };
  expect(() => eachLocalCoOccurrence(core, volume, { radius: [1, 1, 1], directions: directions("volume") }, fail)).toThrow("in the visit");
  expect(core.arena.top).toBe(top);
  expect(() => eachLocalCoOccurrence(core, volume, { radius: [1, 0.5, 1], directions: [] }, fail)).toThrow("three whole numbers of voxels");
});
