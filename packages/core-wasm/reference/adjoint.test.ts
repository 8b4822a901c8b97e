// The definitions of the gradients against the definitions of what they are gradients of.
import { describe, expect, test } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import { formulaTensor } from "../../../test/helpers/formula-weights.ts";
import { convTranspose2d, convTranspose2dBackward } from "./conv-transpose2d.ts";
import { conv2d, conv2dBackward, elu, eluSlope, maxPool2d, maxPool2dBackward, relu, reluSlope } from "./conv2d.ts";
import { crossEntropy, head, headBackward, softDice } from "./head.ts";
import { winogradGradient } from "./winograd.ts";

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);
const stream = (s: number, length: number, bound = 1) => Float64Array.from(formulaTensor(s, length, bound));

/** How far two sides are apart, relative to their size where that exceeds 1. */
const apart = (left: number, right: number) => Math.abs(left - right) / Math.max(1, Math.abs(left));
/** The identity <dy, f(x)> = <f'(dy), x> holds to 10 digits. */
const ADJOINT = 1e-10;
/** The error of central differences with steps of 1e-5: h^2 / 6 times the third derivative, and 2^-53 / h. */
const SLOPE = 1e-6;

/** How far dx is from the gradient of `f` by central differences at worst. */
function slopeError(f: (x: Float64Array) => number, x: Float64Array, dx: ArrayLike<number>): number {
  const h = 1e-5;
  const errors = Array.from(x, (_, i) => {
    const [up, down] = [x.slice(), x.slice()];
    up[i]! += h;
    down[i]! -= h;
    return apart((f(up) - f(down)) / (2 * h), dx[i]!);
  });
  return Math.max(...errors);
}

describe("the reference backward is the adjoint of its forward", () => {
  test.each([
    { CI: 1, CO: 1, H: 1, W: 1 },
    { CI: 3, CO: 5, H: 7, W: 4 },
  ])("conv2d, CI $CI, CO $CO, $H x $W", (sizes) => {
    const { CI, CO, H, W } = sizes;
    const [x, weight, bias, dy] = [stream(1, CI * H * W), stream(2, CO * CI * 9), stream(3, CO), stream(4, CO * H * W)];
    const { dx, dweight, dbias } = conv2dBackward(sizes, x, weight, dy);
    const y = conv2d(sizes, x, weight, new Float64Array(CO));
    expect(apart(dot(dy, y), dot(dx, x))).toBeLessThanOrEqual(ADJOINT);
    expect(apart(dot(dy, y), dot(dweight, weight))).toBeLessThanOrEqual(ADJOINT);
    expect(apart(dot(dy, conv2d(sizes, x, weight, bias)) - dot(dy, y), dot(dbias, bias))).toBeLessThanOrEqual(ADJOINT);
  });

  test.each([
    { CI: 1, CO: 1, H: 1, W: 1 },
    { CI: 3, CO: 5, H: 4, W: 3 },
  ])("convTranspose2d, CI $CI, CO $CO, $H x $W", (sizes) => {
    const { CI, CO, H, W } = sizes;
    const [x, weight, dy] = [stream(1, CI * H * W), stream(2, CI * CO * 4), stream(4, CO * 4 * H * W)];
    const { dx, dweight } = convTranspose2dBackward(sizes, x, weight, dy);
    const y = convTranspose2d(sizes, x, weight, new Float64Array(CO));
    expect(apart(dot(dy, y), dot(dx, x))).toBeLessThanOrEqual(ADJOINT);
    expect(apart(dot(dy, y), dot(dweight, weight))).toBeLessThanOrEqual(ADJOINT);
  });

  test("the head", () => {
    const [C, K, size] = [3, 2, 7];
    const [x, weight, dlogits] = [stream(1, C * size), stream(2, K * C), stream(3, K * size)];
    const { dx, dweight } = headBackward(x, weight, dlogits, size);
    const y = head(x, weight, new Float64Array(K), size);
    expect(apart(dot(dlogits, y), dot(dx, x))).toBeLessThanOrEqual(ADJOINT);
    expect(apart(dot(dlogits, y), dot(dweight, weight))).toBeLessThanOrEqual(ADJOINT);
  });

  test("maxPool2d, where no two pixels of a window are equal; equal ones give all to the first", () => {
    const [x, dy] = [stream(1, 2 * 6 * 4), stream(2, 2 * 3 * 2)];
    const dx = maxPool2dBackward(x, dy, 2, 6, 4);
    expect(apart(dot(dy, maxPool2d(x, 2, 6, 4)), dot(dx, x))).toBeLessThanOrEqual(ADJOINT);
    expect(slopeError((v) => dot(dy, maxPool2d(v, 2, 6, 4)), x, dx)).toBeLessThanOrEqual(SLOPE);
    expect([...maxPool2dBackward([3, 5, 5, 5], [2], 1, 2, 2)]).toEqual([0, 2, 0, 0]);
  });

  test("Winograd's gradient of the weights is conv2d's to 11 digits", () => {
    const sizes = { CI: 3, CO: 2, H: 8, W: 12 };
    const [x, dy] = [stream(1, 3 * 96), stream(2, 2 * 96)];
    const { dweight } = conv2dBackward(sizes, x, new Float64Array(54), dy);
    expectClose(winogradGradient(sizes, x, dy, false), dweight, { atol: 1e-11 });
  });
});

describe("the reference gradient is the slope by central differences", () => {
  test("elu and relu", () => {
    const x = stream(1, 40, 3);
    for (const [f, slope] of [
      [elu, eluSlope],
      [relu, reluSlope],
    ] as const) {
      expect(slopeError((v) => v.reduce((sum, value) => sum + f(value), 0), x, x.map(slope))).toBeLessThanOrEqual(SLOPE);
    }
  });

  test("cross-entropy with class weights and pixels left out", () => {
    const [logits, labels, weight] = [stream(1, 3 * 8, 3), [0, 1, 2, 255, 2, 0, 1, 1], [1, 0.5, 2]];
    const { dlogits } = crossEntropy(logits, labels, weight);
    expect(slopeError((v) => crossEntropy(v, labels, weight).loss, logits, dlogits)).toBeLessThanOrEqual(SLOPE);
  });

  test("soft Dice with pixels left out, and of a slice without foreground", () => {
    const logits = stream(1, 3 * 8, 3);
    for (const labels of [
      [0, 1, 2, 255, 2, 0, 1, 1],
      [0, 0, 255, 0, 0, 0, 0, 0],
    ]) {
      const { dlogits } = softDice(logits, labels, 3, 0.5);
      expect(slopeError((v) => softDice(v, labels, 3, 0.5).loss, logits, dlogits)).toBeLessThanOrEqual(SLOPE);
    }
  });
});
