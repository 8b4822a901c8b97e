import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import { golden } from "../../../test/helpers/golden.ts";
import * as reference from "../reference/resample.ts";
import type { AxisMap } from "./axis-taps.ts";
import { loadCore } from "./core.ts";
import { resample, resampleMask, resampleMaskAffine } from "./resample.ts";
import type { Triple } from "./resample.ts";

interface Case {
  readonly title: string;
  readonly shape: Triple;
  readonly axes: readonly (readonly [length: number, start: number, step: number])[];
  readonly cubic: number[];
  readonly linear: number[];
}

const scipy = golden<{ cases: Case[] }>("scipy-resample");

/** The volumes of test/generate/scipy_resample.py, by the same generator. */
function volume(shape: Triple): Float32Array {
  let state = 12345;
  return Float32Array.from({ length: shape[0] * shape[1] * shape[2] }, (_, i) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * 1500) - 1000 + ((i * 37) % 1000);
  });
}

/** A ball of ones that touches the lower faces of its grid. */
function ball([nz, ny, nx]: Triple): Uint8Array {
  const mask = new Uint8Array(nz * ny * nx);
  for (let z = 0; z < nz; z++)
    for (let y = 0; y < ny; y++)
      for (let x = 0; x < nx; x++) mask[(z * ny + y) * nx + x] = (z - 2) ** 2 + (y - 3) ** 2 + (x - 4) ** 2 <= 14 ? 1 : 0;
  return mask;
}

const axesOf = (axes: Case["axes"]) =>
  axes.map(([length, start, step]) => ({ length, start, step })) as unknown as readonly [AxisMap, AxisMap, AxisMap];
const same = (shape: Triple) => axesOf(shape.map((n) => [n, 0, 1] as const));
// The weights are rounded to f32 and three passes store f32, each an error of 2^-24 of a value; a spline's weights add up in size to less than 2 an axis.
// That bounds the error by a few 1e-7 of the largest value, which is at most 1500 here.
const F32 = { atol: 5e-7 * 1500 };

describe.each(["relaxed", "simd"] as const)("%s build", (build) => {
  for (const { title, shape, axes, cubic, linear } of scipy.cases) {
    test(`cubic resampling equals SciPy's order 3 with a mirror boundary: ${title}`, async () => {
      expectClose(resample(await loadCore(build), volume(shape), shape, axesOf(axes), "cubic"), cubic, F32);
    });
    test(`linear resampling equals SciPy's order 1: ${title}`, async () => {
      expectClose(resample(await loadCore(build), volume(shape), shape, axesOf(axes), "linear"), linear, F32);
    });
    test(`resampling equals the reference: ${title}`, async () => {
      const core = await loadCore(build);
      for (const kind of ["cubic", "linear"] as const) {
        expectClose(
          resample(core, volume(shape), shape, axesOf(axes), kind),
          reference.resample(volume(shape), shape, axesOf(axes), kind),
          F32,
        );
      }
    });
  }

  test("resampling onto its own grid is the identity", async () => {
    const core = await loadCore(build);
    const shape: Triple = [5, 6, 7];
    expect(resample(core, volume(shape), shape, same(shape), "cubic")).toEqual(volume(shape));
    expect(resampleMask(core, ball(shape), shape, same(shape))).toEqual(ball(shape));
  });

  test("an axis that stays leaves its neighbours to the others: every subset of axes equals the reference", async () => {
    const core = await loadCore(build);
    const shape: Triple = [6, 9, 35];
    for (let subset = 0; subset < 8; subset++) {
      const axes = axesOf(shape.map((n, a) => (subset & (1 << a) ? ([n + 3, 0.3, 0.61] as const) : ([n, 0, 1] as const))));
      expectClose(resample(core, volume(shape), shape, axes, "cubic"), reference.resample(volume(shape), shape, axes, "cubic"), F32);
    }
  });

  test("whole-number positions give the voxels back, so cropping by resampling is exact", async () => {
    const core = await loadCore(build);
    const shape: Triple = [9, 40, 50];
    const data = volume(shape);
    const out = resample(
      core,
      data,
      shape,
      axesOf([
        [2, 3, 1],
        [4, 17, 2],
        [5, 40, 2],
      ]),
      "cubic",
    );
    const want = [3, 4].flatMap((z) => [17, 19, 21, 23].flatMap((y) => [40, 42, 44, 46, 48].map((x) => data[(z * 40 + y) * 50 + x]!)));
    expect([...out]).toEqual(want);
  });

  test("mirroring the volume along x mirrors the result", async () => {
    const core = await loadCore(build);
    const shape: Triple = [4, 5, 33];
    const flip = (v: Float32Array, n: number) => v.map((_, i) => v[i - (i % n) + n - 1 - (i % n)]!);
    const axes = axesOf([
      [4, 0, 1],
      [9, 0.1, 0.5],
      [16, 1, 2],
    ]);
    const flipped = resample(
      core,
      flip(volume(shape), 33),
      shape,
      axesOf([
        [4, 0, 1],
        [9, 0.1, 0.5],
        [16, 1, 2],
      ]),
      "cubic",
    );
    expectClose(flip(flipped, 16), resample(core, volume(shape), shape, axes, "cubic"), F32);
  });

  test("a mask is 1 where its linear interpolation reaches one half, ties included", async () => {
    const core = await loadCore(build);
    const shape: Triple = [8, 9, 10];
    for (const [length, start, step] of [
      [12, 0.1, 0.6],
      [4, 0.5, 2],
      [9, 0, 1 / 3],
      [7, -1.2, 1.4],
    ] as const) {
      const axes = axesOf([
        [length, start, step],
        [length, start, step],
        [length, start, step],
      ]);
      const want = reference.resample(ball(shape), shape, axes, "linear").map((v) => (v >= 0.5 - 1e-6 ? 1 : 0));
      expect([...resampleMask(core, ball(shape), shape, axes)]).toEqual([...want]);
    }
    expect([
      ...resampleMask(
        core,
        Uint8Array.of(1, 0),
        [1, 1, 2],
        axesOf([
          [1, 0, 1],
          [1, 0, 1],
          [3, 0, 0.5],
        ]),
      ),
    ]).toEqual([1, 1, 0]);
  });

  test("a mask on a rotated grid equals the reference, and is 0 outside its own grid", async () => {
    const core = await loadCore(build);
    const shape: Triple = [8, 9, 10];
    const [c, s] = [Math.cos(0.4), Math.sin(0.4)];
    const matrix = [1.1, 0, 0, 0, c, -s, 0.05, s, c];
    const out: Triple = [9, 11, 12];
    const offset: Triple = [-0.7, 0.9, -2.1];
    const want = reference.sampleMaskAffine(ball(shape), shape, out, matrix, offset).map((v) => (v >= 0.5 - 1e-6 ? 1 : 0));
    const got = resampleMaskAffine(core, ball(shape), shape, out, matrix, offset);
    expect([...got]).toEqual([...want]);
    expect(got.some((v) => v === 1) && got.some((v) => v === 0)).toBe(true);
    expect(resampleMaskAffine(core, ball(shape), shape, shape, [1, 0, 0, 0, 1, 0, 0, 0, 1], [0, 0, 0])).toEqual(ball(shape));
    expect(resampleMaskAffine(core, ball(shape), shape, shape, [1, 0, 0, 0, 1, 0, 0, 0, 1], [20, 0, 0]).every((v) => v === 0)).toBe(true);
  });

  test("the scratch memory is given back", async () => {
    const core = await loadCore(build);
    const { top } = core.arena;
    resample(
      core,
      volume([3, 4, 5]),
      [3, 4, 5],
      axesOf([
        [4, 0, 0.5],
        [4, 0, 0.5],
        [4, 0, 0.5],
      ]),
      "cubic",
    );
    expect(core.arena.top).toBe(top);
  });
});

test("data that do not fill the grid are refused with both numbers", async () => {
  const core = await loadCore();
  const ask = () => resample(core, new Float32Array(10), [2, 2, 3], same([2, 2, 3]), "cubic");
  expect(ask).toThrow("resample: a grid of shape [2, 2, 3] holds 12 voxels, data has 10");
  expect(ask).toThrow(expect.objectContaining({ name: "ShapeError" }));
  expect(() =>
    resample(
      core,
      new Float32Array(12),
      [2, 2, 3],
      axesOf([
        [0, 0, 1],
        [2, 0, 1],
        [3, 0, 1],
      ]),
      "cubic",
    ),
  ).toThrow("a whole length of at least 1");
});
