// The definitions of the gradients against the definitions of what they are gradients of. No device is needed.
import { describe, expect, test } from "vitest";
import { formulaTensor } from "../../../test/helpers/formula-weights.ts";
import { elu, eluBackward, relu, reluBackward } from "./activation.ts";
import { convTranspose2dBackward, convTranspose2dForward } from "./conv-transpose2d.ts";
import { biasBackward, conv2dBackward, conv2dForward } from "./conv2d.ts";
import { crossEntropy } from "./cross-entropy.ts";
import { maxPool2d, maxPool2dBackward } from "./pool.ts";
import { softDice } from "./soft-dice.ts";
import { winograd, winogradRoundings } from "./winograd.ts";

const dot = (a: ArrayLike<number>, b: ArrayLike<number>) => Array.from(a).reduce((sum, v, i) => sum + v * b[i]!, 0);
const stream = (s: number, length: number, bound = 1) => Float64Array.from(formulaTensor(s, length, bound));

/** How far <dy, f(x)> and <f'(dy), x> are apart, relative to their size where that exceeds 1. */
const apart = (left: number, right: number) => Math.abs(left - right) / Math.max(1, Math.abs(left));
/** The identity holds to 10 digits. */
const ADJOINT = 1e-10;

/** How far dx is from the gradient of x -> <dy, f(x)> by central differences at worst, relative to its size where that exceeds 1. */
function slopeError(f: (x: Float64Array) => ArrayLike<number>, x: Float64Array, dy: ArrayLike<number>, dx: ArrayLike<number>): number {
  const h = 1e-5;
  const errors = Array.from(x, (_, i) => {
    const [up, down] = [x.slice(), x.slice()];
    up[i]! += h;
    down[i]! -= h;
    return apart((dot(dy, f(up)) - dot(dy, f(down))) / (2 * h), dx[i]!);
  });
  return Math.max(...errors);
}
/** The error of central differences: h^2 / 6 times the third derivative, and 2^-53 / h. */
const SLOPE = 1e-6;

describe("the reference backward is the adjoint of its forward", () => {
  test.each([
    { N: 1, CI: 1, CO: 1, H: 1, W: 1, K: 3 },
    { N: 2, CI: 3, CO: 5, H: 7, W: 4, K: 3 },
    { N: 3, CI: 2, CO: 1, H: 5, W: 6, K: 1 },
  ])("conv2d, N $N, CI $CI, CO $CO, $H x $W, K $K", (sizes) => {
    const { N, CI, CO, H, W, K } = sizes;
    const [x, weight, bias, dy] = [stream(1, N * CI * H * W), stream(2, CO * CI * K * K), stream(3, CO), stream(4, N * CO * H * W)];
    const none = new Float64Array(CO);
    const { dx, dweight } = conv2dBackward(sizes, x, weight, dy);
    const y = conv2dForward(sizes, x, weight, none);
    expect(apart(dot(dy, y), dot(dx, x))).toBeLessThanOrEqual(ADJOINT);
    expect(apart(dot(dy, y), dot(dweight, weight))).toBeLessThanOrEqual(ADJOINT);
    expect(apart(dot(dy, conv2dForward(sizes, x, weight, bias)) - dot(dy, y), dot(biasBackward(dy, CO, H * W), bias))).toBeLessThanOrEqual(
      ADJOINT,
    );
  });

  test.each([
    { N: 1, CI: 1, CO: 1, H: 1, W: 1 },
    { N: 2, CI: 3, CO: 5, H: 4, W: 3 },
  ])("convTranspose2d, N $N, CI $CI, CO $CO, $H x $W", (sizes) => {
    const { N, CI, CO, H, W } = sizes;
    const [x, weight, dy] = [stream(1, N * CI * H * W), stream(2, CI * CO * 4), stream(4, N * CO * 4 * H * W)];
    const { dx, dweight } = convTranspose2dBackward(sizes, x, weight, dy);
    const y = convTranspose2dForward(sizes, x, weight, new Float64Array(CO));
    expect(apart(dot(dy, y), dot(dx, x))).toBeLessThanOrEqual(ADJOINT);
    expect(apart(dot(dy, y), dot(dweight, weight))).toBeLessThanOrEqual(ADJOINT);
  });

  test("maxPool2d, where no two pixels of a window are equal", () => {
    const [x, dy] = [stream(1, 2 * 7 * 5), stream(2, 2 * 3 * 2)];
    const dx = maxPool2dBackward(x, dy, 2, 7, 5);
    expect(apart(dot(dy, maxPool2d(x, 2, 7, 5)), dot(dx, x))).toBeLessThanOrEqual(ADJOINT);
    expect(slopeError((v) => maxPool2d(v, 2, 7, 5), x, dy, dx)).toBeLessThanOrEqual(SLOPE);
  });

  test("maxPool2d gives the gradient of equal pixels to the first", () => {
    expect([...maxPool2dBackward([3, 5, 5, 5], [2], 1, 2, 2)]).toEqual([0, 2, 0, 0]);
  });
});

test("Winograd's transforms give the convolution, and its magnitudes what the error bound of docs/winograd.md is made of", () => {
  const sizes = { N: 2, CI: 3, CO: 2, H: 9, W: 6, K: 3 };
  const [x, weight] = [stream(1, 2 * 3 * 54), stream(2, 2 * 3 * 9)];
  const want = conv2dForward(sizes, x, weight, new Float64Array(2));
  const got = winograd(sizes, x, weight, "values");
  const magnitudes = winograd(sizes, x, weight, "magnitudes");
  got.forEach((value, i) => expect(Math.abs(value - want[i]!)).toBeLessThanOrEqual(2 ** -53 * winogradRoundings(3) * magnitudes[i]!));
  expect(Math.min(...magnitudes.map((m, i) => m - Math.abs(want[i]!)))).toBeGreaterThan(0);
});

describe("the reference gradient is the slope by central differences", () => {
  test("elu and relu", () => {
    const [x, dy] = [stream(1, 40, 3), stream(2, 40)];
    expect(slopeError(elu, x, dy, eluBackward(x, dy))).toBeLessThanOrEqual(SLOPE);
    expect(slopeError(relu, x, dy, reluBackward(x, dy))).toBeLessThanOrEqual(SLOPE);
  });

  test("cross-entropy with class weights and pixels left out", () => {
    const [logits, labels, weight] = [stream(1, 2 * 3 * 4, 3), [0, 1, 2, 255, 2, 0, 1, 1], [1, 0.5, 2]];
    expect(
      slopeError((v) => [crossEntropy(v, labels, weight, 4).loss], logits, [1], crossEntropy(logits, labels, weight, 4).dlogits),
    ).toBeLessThanOrEqual(SLOPE);
  });
  test.each([2, 3])("soft Dice of %i classes with pixels left out, a slice without foreground among them", (C) => {
    const labels = [0, 1, C - 1, 255, 1, 0, 255, 1, 0, 0, 0, 255];
    const logits = stream(1, (labels.length / 4) * C * 4, 3);
    const loss = (v: Float64Array) => [softDice(v, labels, C, 4, 0.5).loss];
    expect(slopeError(loss, logits, [1], softDice(logits, labels, C, 4, 0.5).dlogits)).toBeLessThanOrEqual(SLOPE);
  });
});
