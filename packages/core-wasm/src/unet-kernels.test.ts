// The kernels of the decoder and of the backward pass against their definitions.
import { beforeAll, describe, expect, test } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import { formulaLabels, formulaTensor } from "../../../test/helpers/formula-weights.ts";
import { adamStep } from "../reference/adam.ts";
import { convTranspose2d, convTranspose2dBackward } from "../reference/conv-transpose2d.ts";
import { conv2dBackward, elu, eluSlope, maxPool2d, maxPool2dBackward, planeSums, relu, reluSlope } from "../reference/conv2d.ts";
import type { Conv2dSizes } from "../reference/conv2d.ts";
import { crossEntropy, head, headBackward, softDice } from "../reference/head.ts";
import { winograd, winogradGradient } from "../reference/winograd.ts";
import { panelled } from "./conv2d.ts";
import { loadCore } from "./core.ts";
import type { Core } from "./core.ts";
import { ACTIVATIONS } from "./unet-maps.ts";

/** Rounding of f32. */
const U = 2 ** -24;
/** CONTRIBUTING.md's bound of a sum of `terms` products of numbers up to 1. */
const sumOf = (terms: number) => ({ atol: 2 * U * terms });

const stream = (s: number, length: number, bound = 1) => formulaTensor(s, length, bound);

describe.each(["relaxed", "simd"] as const)("the U-Net's kernels, %s build", (build) => {
  let core: Core;
  beforeAll(async () => {
    core = await loadCore(build);
  });

  /** Room for a blocked image of zeros. */
  const image = (C: number, H: number, W: number) => core.arena.zeros(Uint8Array, core.exports.blockedBytes(C, H, W)).ptr;
  /** A planar image in blocks. */
  const blocked = (x: Float32Array, C: number, H: number, W: number) => {
    const to = image(C, H, W);
    core.exports.toBlocked(core.arena.from(Float32Array, x).ptr, C, H, W, to);
    return to;
  };
  /** A blocked image as planes, after a look at its border and spare channels, which must still be zero. */
  const planar = (x: number, C: number, H: number, W: number) => {
    const all = new Float32Array(core.exports.memory.buffer, x, core.exports.blockedBytes(C, H, W) / 4);
    const planes = core.arena.empty(Float32Array, C * H * W);
    core.exports.fromBlocked(x, C, H, W, planes.ptr);
    const copy = planes.copy();
    const squares = (values: Float32Array) => values.reduce((sum, v) => sum + v * v, 0);
    expect(squares(all) / squares(copy), "what lies outside the image").toBeCloseTo(1, 5);
    return copy;
  };
  const pointer = (x: Float32Array) => core.arena.from(Float32Array, x).ptr;
  const padded = (x: Float32Array) => {
    const slot = core.arena.zeros(Float32Array, panelled(x.length));
    slot.view().set(x);
    return slot.ptr;
  };

  test.each<Conv2dSizes>([
    { CI: 1, CO: 1, H: 1, W: 1 },
    { CI: 8, CO: 16, H: 16, W: 16 },
    { CI: 5, CO: 3, H: 2, W: 3 },
    { CI: 13, CO: 11, H: 30, W: 34 },
    { CI: 3, CO: 17, H: 12, W: 20 },
  ])("Winograd's gradients of weight and input equal the reference: $CI -> $CO channels, $H x $W", (sizes) => {
    const { CI, CO, H, W } = sizes;
    const [x, weight, dy] = [stream(7, CI * H * W), stream(8, CO * CI * 9), stream(9, CO * H * W)];
    const [rows, columns] = [panelled(CI), panelled(CO)];
    const { exports, arena } = core;
    const { got, dx } = arena.scope(() => {
      const du = arena.empty(Uint8Array, exports.winogradGradientBytes(CI, CO)).ptr;
      const workspace = arena.empty(
        Uint8Array,
        Math.max(exports.winogradGradientWorkspaceBytes(CI, CO), exports.winogradWorkspaceBytes(CO, CI, 4)),
      ).ptr;
      const dweight = arena.empty(Float32Array, CO * CI * 9);
      const slopes = blocked(dy, CO, H, W);
      exports.winogradGradient(blocked(x, CI, H, W), CI, H, W, slopes, CO, du, workspace);
      exports.winogradWeightGradient(du, rows, columns, CI, CO, dweight.ptr, CI * 36, 36, workspace);

      const u = arena.zeros(Uint8Array, exports.winogradWeightBytes(CO, CI, 4)).ptr;
      const scratch = arena.empty(Uint8Array, exports.winogradWeightScratchBytes()).ptr;
      exports.winogradWeight(pointer(weight), 36, CI * 36, true, CO, CI, u, columns, rows, 4, scratch);
      const [dx, noBias] = [image(CI, H, W), arena.zeros(Float32Array, rows).ptr];
      exports.conv2dWinograd(slopes, 0, 1, CO, H, W, u, noBias, CI, ACTIVATIONS.none, false, dx, 0, workspace, 4);
      return { got: dweight.copy(), dx: planar(dx, CI, H, W) };
    });
    const want = conv2dBackward(sizes, x, weight, dy);
    const [H4, W4] = [Math.ceil(H / 4) * 4, Math.ceil(W / 4) * 4];
    const whole = (planes: Float32Array, C: number) =>
      Float64Array.from({ length: C * H4 * W4 }, (_, k) => {
        const [c, i, j] = [Math.floor(k / (H4 * W4)), Math.floor(k / W4) % H4, k % W4];
        return i < H && j < W ? planes[(c * H + i) * W + j]! : 0;
      });
    const tiled = { CI, CO, H: H4, W: W4 };
    // Each rounding on a result's way is relative to the magnitudes that meet there: the tiles and 4 in each of two transforms of x, 3 in
    // each of two of dy, 5 in each of two of the sum, 2 to spare.
    const magnitude = winogradGradient(tiled, whole(x, CI), whole(dy, CO), true);
    const tiles = (H4 * W4) / 16;
    expect(Math.max(...got.map((v, i) => Math.abs(v - want.dweight[i]!) / (U * (tiles + 26) * magnitude[i]!)))).toBeLessThanOrEqual(1);

    const turned = Float64Array.from({ length: CI * CO * 9 }, (_, k) => {
      const [ci, co, tap] = [Math.floor(k / (CO * 9)), Math.floor(k / 9) % CO, k % 9];
      return weight[(co * CI + ci) * 9 + 8 - tap]!;
    });
    const size = winograd({ CI: CO, CO: CI, H: H4, W: W4 }, whole(dy, CO), turned, true);
    const sizeAt = (k: number) => size[(Math.floor(k / (H * W)) * H4 + (Math.floor(k / W) % H)) * W4 + (k % W)]!;
    expect(Math.max(...dx.map((v, i) => Math.abs(v - want.dx[i]!) / (U * (CO + 24) * sizeAt(i))))).toBeLessThanOrEqual(1);
  });

  test.each([
    { CI: 1, CO: 1, H: 1, W: 1 },
    { CI: 16, CO: 8, H: 4, W: 7 },
    { CI: 5, CO: 11, H: 3, W: 13 },
  ])("the transposed convolution and its gradients equal the reference: $CI -> $CO channels, $H x $W", (sizes) => {
    const { CI, CO, H, W } = sizes;
    const [x, weight, bias, dy] = [stream(1, CI * H * W), stream(2, CI * CO * 4), stream(3, CO), stream(4, CO * 4 * H * W)];
    const { exports, arena } = core;
    const got = arena.scope(() => {
      const room = panelled(CI) * panelled(CO) * 4;
      const [forward, backward, sums] = [0, 1, 2].map(() => arena.zeros(Float32Array, room).ptr) as [number, number, number];
      exports.packTransposed(pointer(weight), CI, CO, forward, backward);
      const [from, slopes, y, dx] = [blocked(x, CI, H, W), blocked(dy, CO, 2 * H, 2 * W), image(CO, 2 * H, 2 * W), image(CI, H, W)];
      const dweight = arena.empty(Float32Array, weight.length);
      exports.convTranspose2d(from, panelled(CI), H, W, forward, padded(bias), panelled(CO), y);
      exports.convTranspose2dBackwardInput(slopes, panelled(CI), H, W, backward, panelled(CO), dx);
      exports.convTranspose2dBackwardWeight(from, panelled(CI), H, W, slopes, panelled(CO), sums);
      exports.unpackTransposed(sums, CI, CO, dweight.ptr);
      return { y: planar(y, CO, 2 * H, 2 * W), dx: planar(dx, CI, H, W), dweight: dweight.copy() };
    });
    const want = convTranspose2dBackward(sizes, x, weight, dy);
    expectClose(got.y, convTranspose2d(sizes, x, weight, bias), sumOf(CI + 1));
    expectClose(got.dx, want.dx, sumOf(4 * CO));
    expectClose(got.dweight, want.dweight, sumOf(H * W));
  });

  test.each([
    ["elu", elu, eluSlope],
    ["relu", relu, reluSlope],
  ] as const)("the gradients of %s and of the bias before it equal the reference", (name, activate, slope) => {
    const [C, H, W] = [5, 3, 7];
    const [x, dy] = [stream(1, C * H * W, 3), stream(2, C * H * W)];
    const { exports, arena } = core;
    const got = arena.scope(() => {
      const [y, d] = [blocked(x.map(activate), C, H, W), blocked(dy, C, H, W)];
      const dbias = arena.zeros(Float32Array, C + 1);
      exports.activationBackward(y, d, C, H, W, ACTIVATIONS[name], dbias.ptr);
      return { d: planar(d, C, H, W), dbias: dbias.copy() };
    });
    const want = Float64Array.from(dy, (v, i) => v * slope(x[i]!));
    // y is rounded before y + 1 is taken from it.
    expectClose(got.d, want, { atol: 3 * U });
    expectClose(got.dbias.subarray(0, C), planeSums(want, C), sumOf(H * W + 2));
    expect(got.dbias[C], "what follows the bias").toBe(0);
  });

  test("max pooling and its gradient equal the reference, also where pixels of a window are equal, and the gradient is added", () => {
    const [C, H, W] = [5, 6, 4];
    const [x, dy, before] = [stream(1, C * H * W).map((v) => Math.round(v * 2)), stream(2, (C * H * W) / 4), stream(3, C * H * W)];
    const { exports, arena } = core;
    const got = arena.scope(() => {
      const [from, y, dx] = [blocked(x, C, H, W), image(C, H / 2, W / 2), blocked(before, C, H, W)];
      exports.maxPool2d(from, C, H, W, y);
      exports.maxPool2dBackwardAccumulate(from, blocked(dy, C, H / 2, W / 2), C, H, W, dx);
      return { y: planar(y, C, H / 2, W / 2), dx: planar(dx, C, H, W) };
    });
    expectClose(got.y, maxPool2d(x, C, H, W), {});
    const want = maxPool2dBackward(x, dy, C, H, W);
    expectClose(
      got.dx,
      want.map((v, i) => Math.fround(v + before[i]!)),
      {},
    );
  });

  test.each([
    { C: 1, K: 1, H: 1, W: 1 },
    { C: 11, K: 3, H: 3, W: 5 },
    { C: 16, K: 2, H: 4, W: 4 },
  ])("the head and its gradients equal the reference: $C channels, $K classes, $H x $W", ({ C, K, H, W }) => {
    const size = H * W;
    const [x, weight, bias, dlogits] = [stream(1, C * size), stream(2, K * C), stream(3, K), stream(4, K * size)];
    const { exports, arena } = core;
    const got = arena.scope(() => {
      const P = panelled(C);
      const packed = arena.zeros(Float32Array, K * P);
      for (let k = 0; k < K; k++) packed.view().set(weight.subarray(k * C, (k + 1) * C), k * P);
      const logits = arena.empty(Float32Array, K * size);
      const [dweight, dbias] = [arena.empty(Float32Array, K * P), arena.empty(Float32Array, K)];
      const [from, dx] = [blocked(x, C, H, W), image(C, H, W)];
      exports.head(from, C, H, W, packed.ptr, pointer(bias), K, logits.ptr);
      exports.headBackward(from, C, H, W, packed.ptr, pointer(dlogits), K, dx, dweight.ptr, dbias.ptr);
      const rows = Array.from({ length: K }, (_, k) => [...dweight.copy().subarray(k * P, k * P + C)]);
      return { logits: logits.copy(), dx: planar(dx, C, H, W), dweight: rows.flat(), dbias: dbias.copy() };
    });
    const want = headBackward(x, weight, dlogits, size);
    expectClose(got.logits, head(x, weight, bias, size), sumOf(C + 1));
    expectClose(got.dx, want.dx, sumOf(K));
    expectClose(got.dweight, want.dweight, sumOf(size));
    expectClose(got.dbias, planeSums(dlogits, K), { rtol: U });
  });

  test.each([2, 3])("the loss of %i classes and its gradient equal the reference, with class weights and pixels left out", (K) => {
    const size = 64;
    const logits = stream(1, K * size, 30);
    const labels = formulaLabels(size, 0.3).map((label, p) => (p % 9 === 4 ? 255 : p % 5 === 0 ? K - 1 : label));
    const weights = [1, 0.5, 2].slice(0, K);
    const { exports, arena } = core;
    const got = arena.scope(() => {
      const dlogits = arena.empty(Float32Array, K * size);
      const [classes, weight] = [arena.from(Uint8Array, labels), arena.from(Float64Array, Float64Array.from(weights))];
      const loss = exports.crossEntropy(pointer(logits), classes.ptr, K, size, weight.ptr, 0.25, dlogits.ptr);
      return { loss, dlogits: dlogits.copy() };
    });
    const want = crossEntropy(logits, labels, weights);
    expect(Math.abs(got.loss / want.loss - 1)).toBeLessThan(1e-12);
    // The definition subtracts the 1 of a nearly certain pixel and loses digits of its own; the kernel does not.
    expectClose(
      got.dlogits,
      want.dlogits.map((v) => v / 4),
      { rtol: 2 * U, atol: 1e-15 },
    );
  });

  test.each([
    [2, false],
    [3, true],
  ])("soft Dice of %i classes and its gradient equal the reference, pixels left out, added to another gradient: %s", (K, isAdded) => {
    const size = 64;
    const logits = stream(1, K * size, 6);
    const labels = formulaLabels(size, 0.3).map((label, p) => (p % 9 === 4 ? 255 : p % 5 === 0 ? K - 1 : label));
    const before = isAdded ? stream(2, K * size, 1e-3) : new Float32Array(K * size);
    const { exports, arena } = core;
    const got = arena.scope(() => {
      const dlogits = arena.from(Float32Array, isAdded ? before : stream(3, K * size));
      const classes = arena.from(Uint8Array, labels);
      const loss = exports.softDice(pointer(logits), classes.ptr, K, size, 0.5, 0.25, isAdded, dlogits.ptr);
      return { loss, dlogits: dlogits.copy() };
    });
    const want = softDice(logits, labels, K, 0.5);
    expect(Math.abs(got.loss / want.loss - 1)).toBeLessThan(1e-12);
    expectClose(
      got.dlogits,
      want.dlogits.map((v, i) => before[i]! + v / 4),
      { rtol: 2 * U, atol: 1e-15 },
    );
  });

  test.each([false, true])("ten steps of Adam equal the reference, decay decoupled %s", (isDecoupled) => {
    const settings = { isDecoupled, learningRate: 0.01, betas: [0.9, 0.999], epsilon: 1e-8, weightDecay: 0.1 } as const;
    const state = { parameter: Float64Array.from(stream(1, 8)), mean: new Float64Array(8), square: new Float64Array(8) };
    const { exports, arena } = core;
    const got = arena.scope(() => {
      const [parameter, mean, square] = [stream(1, 8), new Float32Array(8), new Float32Array(8)].map((x) => arena.from(Float32Array, x));
      for (let t = 1; t <= 10; t++) {
        const gradient = stream(t + 1, 8);
        adamStep(state, gradient, settings, t);
        const rate = settings.learningRate;
        const [l2, shrink] = isDecoupled ? [0, 1 - rate * settings.weightDecay] : [settings.weightDecay, 1];
        const [stepSize, root] = [rate / (1 - 0.9 ** t), Math.sqrt(1 - 0.999 ** t)];
        const places = [parameter!.ptr, mean!.ptr, square!.ptr] as const;
        exports.adam(pointer(gradient), 8, 0.9, 0.999, 1 - 0.9, 1 - 0.999, 1e-8, l2, shrink, stepSize, root, ...places);
      }
      return parameter!.copy();
    });
    // Each of ten steps is at most learningRate long and rounded about eight times, as the parameter is once.
    expectClose(got, state.parameter, { atol: 10 * U * (1 + 8 * 0.01) });
  });
});
