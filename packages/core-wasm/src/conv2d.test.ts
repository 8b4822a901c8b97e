import { beforeAll, describe, expect, test } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import { formulaTensor } from "../../../test/helpers/formula-weights.ts";
import { conv2d, conv2dTerms, elu, globalAverage, maxPool2d, relu } from "../reference/conv2d.ts";
import type { Conv2dSizes } from "../reference/conv2d.ts";
import { winograd } from "../reference/winograd.ts";
import { directWeightBytes, packBias, packDirect, packWinograd, panelled } from "./conv2d.ts";
import type { TileSide } from "./conv2d.ts";
import { loadCore } from "./core.ts";
import type { Core } from "./core.ts";

/** Rounding of f32. */
const U = 2 ** -24;
/** The activations' own error, see assembly/activation.ts. */
const ELU_ERROR = 2 ** -22;

interface Case extends Conv2dSizes {
  readonly N?: number;
  readonly isPooled?: boolean;
  readonly side?: TileSide;
}

const inputs = ({ CI, CO, H, W, N = 1 }: Case) => ({
  x: formulaTensor(7, N * CI * H * W, 2),
  weight: formulaTensor(8, CO * CI * 9, 1),
  bias: formulaTensor(9, CO, 1),
});

/** Each value's error as a part of its own bound: at most 1. */
const errors = (got: ArrayLike<number>, want: Float64Array, bound: (i: number) => number) =>
  want.map((value, i) => Math.abs(got[i]! - value) / bound(i));

describe.each(["relaxed", "simd"] as const)("convolution, %s build", (build) => {
  let core: Core;
  beforeAll(async () => {
    core = await loadCore(build);
  });

  /** Runs a kernel on N planar images and gives its planar output; `run` gets addresses. */
  const through = (
    { CI, CO, H, W, N = 1, isPooled = false }: Case,
    weightBytes: number,
    pack: (weight: Float32Array, to: number) => void,
    run: (x: number, xBytes: number, weight: number, bias: number, y: number, yBytes: number) => void,
    { x, weight, bias }: ReturnType<typeof inputs>,
  ): Float32Array => {
    const { arena, exports } = core;
    return arena.scope(() => {
      const [h, w] = isPooled ? [H / 2, W / 2] : [H, W];
      const [xBytes, yBytes] = [exports.blockedBytes(CI, H, W), exports.blockedBytes(CO, h, w)];
      const blockedX = arena.zeros(Uint8Array, N * xBytes);
      const blockedY = arena.zeros(Uint8Array, N * yBytes);
      const packed = arena.empty(Uint8Array, weightBytes);
      const packedBias = arena.empty(Float32Array, panelled(CO));
      const out = arena.empty(Float32Array, N * CO * h * w);
      const planar = arena.from(Float32Array, x);
      pack(weight, packed.ptr);
      packBias(exports, bias, packedBias.ptr);
      for (let n = 0; n < N; n++) exports.toBlocked(planar.ptr + n * CI * H * W * 4, CI, H, W, blockedX.ptr + n * xBytes);
      run(blockedX.ptr, xBytes, packed.ptr, packedBias.ptr, blockedY.ptr, yBytes);
      for (let n = 0; n < N; n++) exports.fromBlocked(blockedY.ptr + n * yBytes, CO, h, w, out.ptr + n * CO * h * w * 4);
      return out.copy();
    });
  };

  const direct = (sizes: Case, activation: number, data = inputs(sizes)) => {
    const { CI, CO, H, W } = sizes;
    return through(
      sizes,
      directWeightBytes(CI, CO),
      (weight, to) => packDirect(core, { weight, ci: CI, co: CO }, to),
      (x, _, weight, bias, y) => core.exports.conv2d(x, CI, H, W, weight, bias, CO, activation, y),
      data,
    );
  };

  const byWinograd = (sizes: Case, activation: number, data = inputs(sizes)) => {
    const { CI, CO, H, W, N = 1, isPooled = false, side = 4 } = sizes;
    return through(
      sizes,
      core.exports.winogradWeightBytes(CI, CO, side),
      (weight, to) => packWinograd(core, { weight, ci: CI, co: CO }, side, to),
      (x, xBytes, weight, bias, y, yBytes) => {
        const workspace = core.arena.empty(Uint8Array, core.exports.winogradWorkspaceBytes(CI, CO, side));
        core.exports.conv2dWinograd(x, xBytes, N, CI, H, W, weight, bias, CO, activation, isPooled, y, yBytes, workspace.ptr, side);
      },
      data,
    );
  };

  test.each<Case>([
    { CI: 1, CO: 1, H: 1, W: 1 },
    { CI: 1, CO: 16, H: 16, W: 32 },
    { CI: 3, CO: 5, H: 7, W: 13 },
    { CI: 11, CO: 9, H: 3, W: 6 },
  ])("direct equals the reference: $CI -> $CO channels, $H x $W", (sizes) => {
    const data = inputs(sizes);
    const want = conv2d(sizes, data.x, data.weight, data.bias);
    const { count, largest } = conv2dTerms(sizes, data.x, data.weight);
    // Terms and the bias, each at most as large as the largest of them: CONTRIBUTING.md's bound, plus the activation's error.
    const bound = (i: number) => 2 * U * (count[i]! + 1) * Math.max(largest[i]!, 1) + ELU_ERROR * Math.abs(want[i]!);
    expect(Math.max(...errors(direct(sizes, 0), want.map(relu), bound))).toBeLessThanOrEqual(1);
    expect(Math.max(...errors(direct(sizes, 1), want.map(elu), bound))).toBeLessThanOrEqual(1);
  });

  test.each<Case>([
    { CI: 1, CO: 1, H: 1, W: 1 },
    { CI: 8, CO: 16, H: 16, W: 16 },
    { CI: 5, CO: 3, H: 2, W: 3 },
    { CI: 13, CO: 11, H: 6, W: 10, N: 3 },
    { CI: 4, CO: 9, H: 12, W: 20, N: 2, isPooled: true },
    { CI: 3, CO: 5, H: 2, W: 6, N: 5, isPooled: true },
    { CI: 24, CO: 8, H: 32, W: 36, isPooled: true },
    { CI: 2, CO: 3, H: 5, W: 230, N: 2 },
    { CI: 1, CO: 1, H: 1, W: 1, side: 6 },
    { CI: 8, CO: 16, H: 16, W: 20, side: 6 },
    { CI: 13, CO: 11, H: 6, W: 11, N: 3, side: 6 },
    { CI: 4, CO: 9, H: 14, W: 22, N: 2, isPooled: true, side: 6 },
    { CI: 24, CO: 8, H: 12, W: 36, isPooled: true, side: 6 },
    { CI: 2, CO: 3, H: 4, W: 230, N: 2, side: 6 },
  ])("Winograd equals the reference: $CI -> $CO channels, $H x $W, N = $N, pooled $isPooled, tiles of $side", (sizes) => {
    const { CI, CO, H, W, N = 1, isPooled = false, side = 4 } = sizes;
    const data = inputs(sizes);
    const planes = Array.from({ length: N }, (_, n) => {
      const x = data.x.subarray(n * CI * H * W, (n + 1) * CI * H * W);
      const [wholeH, wholeW] = [Math.ceil(H / side) * side, Math.ceil(W / side) * side];
      const padded = Float64Array.from({ length: CI * wholeH * wholeW }, (_v, k) => {
        const [i, j] = [Math.floor(k / wholeW) % wholeH, k % wholeW];
        return i < H && j < W ? x[(Math.floor(k / (wholeH * wholeW)) * H + i) * W + j]! : 0;
      });
      // Each rounding on a result's way is relative to the magnitudes that meet there: 4 in each of two input transforms, 1 in a
      // weight, CI + 1 in the product, 6 in each of two output transforms with the bias, 2 to spare; 5 and 7 where tiles are of 6.
      const magnitude = winograd({ CI, CO, H: wholeH, W: wholeW }, padded, data.weight, true, side);
      const cropped = Float64Array.from(
        { length: CO * H * W },
        (_v, k) => magnitude[(Math.floor(k / (H * W)) * wholeH + (Math.floor(k / W) % H)) * wholeW + (k % W)]! + 1,
      );
      const linear = conv2d(sizes, x, data.weight, data.bias);
      return isPooled ? { want: maxPool2d(linear, CO, H, W), size: maxPool2d(cropped, CO, H, W) } : { want: linear, size: cropped };
    });
    const want = Float64Array.from(planes.flatMap((plane) => [...plane.want]));
    const size = Float64Array.from(planes.flatMap((plane) => [...plane.size]));
    const bound = (i: number) => U * (CI + (side === 4 ? 24 : 28)) * size[i]! + ELU_ERROR * Math.abs(want[i]!);
    expect(Math.max(...errors(byWinograd(sizes, 0), want.map(relu), bound))).toBeLessThanOrEqual(1);
    expect(Math.max(...errors(byWinograd(sizes, 1), want.map(elu), bound))).toBeLessThanOrEqual(1);
  });

  test("direct and Winograd agree to 1e-5 of the largest value on 64 channels", () => {
    const sizes = { CI: 64, CO: 24, H: 16, W: 16 };
    expectClose(byWinograd(sizes, 0), direct(sizes, 0), { atol: 1e-5 * 40 });
  });

  test("ELU is within 2^-22 relative of exp(x) - 1 from -200 to -2^-30, exact for positive numbers, -1 far below and NaN for NaN", () => {
    const W = 4096;
    const x = Float32Array.from({ length: W }, (_, i) => -(2 ** (-30 + (38 * i) / W)));
    x.set([0, 1e-30, 3.5, 1e30, -1e30, -Infinity, Infinity, NaN, -17.4, -17.6, -104]);
    const identity = { x, weight: Float32Array.of(0, 0, 0, 0, 1, 0, 0, 0, 0), bias: new Float32Array(1) };
    // A neighbour times zero is NaN for an infinite neighbour, so the special values go through images of one pixel.
    const finite = x.map((v) => (Number.isFinite(v) ? v : 0));
    expectClose(direct({ CI: 1, CO: 1, H: 1, W }, 1, { ...identity, x: finite }), Float64Array.from(finite, elu), { rtol: ELU_ERROR });
    const alone = (value: number) => direct({ CI: 1, CO: 1, H: 1, W: 1 }, 1, { ...identity, x: Float32Array.of(value) })[0];
    expect([3.5, -1e30, NaN].map(alone)).toEqual([3.5, -1, NaN]);
    expect(direct({ CI: 1, CO: 1, H: 1, W: 1 }, 0, { ...identity, x: Float32Array.of(NaN) })[0]).toBeNaN();
  });

  test("the global average equals the reference to one rounding", () => {
    const { arena, exports } = core;
    const [C, H, W] = [5, 3, 7];
    const x = formulaTensor(3, C * H * W, 10);
    const got = arena.scope(() => {
      const image = arena.zeros(Uint8Array, exports.blockedBytes(C, H, W));
      const y = arena.empty(Float32Array, panelled(C));
      exports.toBlocked(arena.from(Float32Array, x).ptr, C, H, W, image.ptr);
      exports.globalAverage(image.ptr, C, H, W, y.ptr);
      return y.copy();
    });
    expectClose(got.subarray(0, C), globalAverage(x, C, H, W), { rtol: 2 * U });
    expect([...got.subarray(C)]).toEqual([0, 0, 0]);
  });
});

test.each([4, 6] as const)("the matrices of tiles of %i give the convolution: the reference's two ways agree to 12 digits", (side) => {
  const sizes = { CI: 3, CO: 2, H: 12, W: 24 };
  const { x, weight } = inputs(sizes);
  expectClose(winograd(sizes, x, weight, false, side), conv2d(sizes, x, weight, new Float64Array(2)), { atol: 1e-12 });
});
