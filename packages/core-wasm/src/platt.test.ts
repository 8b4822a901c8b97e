import { expect, test } from "vitest";
import { expectClose } from "../../../test/helpers/close.ts";
import * as reference from "../reference/platt.ts";
import { plattProbability, plattScaling } from "./platt.ts";

/** Decision values that favour the positives by `shift`, from a linear congruential generator. */
function scores(seed: number, n: number, shift: number): { decision: Float64Array; y: Int8Array } {
  let state = seed;
  const y = Int8Array.from({ length: n }, (_, i) => (i % 4 === 0 ? 1 : -1));
  const decision = Float64Array.from(y, (label) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return 3 * (state / 2 ** 32) - 1.5 + (label === 1 ? shift : 0);
  });
  return { decision, y };
}

test.each([
  [1, 40, 1],
  [2, 56, 0],
  [3, 20, -0.8],
  [4, 300, 2.5],
])("seed %i, %i rows, shift %d: a and b are those of the reference, and the gradient there is 0", (seed, n, shift) => {
  const { decision, y } = scores(seed, n, shift);
  const { a, b } = plattScaling(decision, y);
  const want = reference.platt(decision, y);
  // The loss is flat around its minimum: a loss that cannot fall by more than its rounding, 1e-16, leaves 1e-8 in a and b.
  expectClose([a, b], [want.a, want.b], { atol: 1e-7 });
  expectClose(reference.gradient(decision, y, a, b), [0, 0], { atol: 1e-6 });
});

test("perfectly separated decision values give finite probabilities on the right sides", () => {
  const platt = plattScaling(Float64Array.of(-2, -1, 1, 2), Int8Array.of(-1, -1, 1, 1));
  expect(platt.a).toBeLessThan(0);
  expect(plattProbability(-2, platt)).toBeLessThan(0.5);
  expect(plattProbability(2, platt)).toBeGreaterThan(0.5);
  expect(Number.isFinite(platt.a) && Number.isFinite(platt.b)).toBe(true);
});

test("equal decision values give every row the mean of the targets", () => {
  const platt = plattScaling(new Float64Array(5).fill(0.7), Int8Array.of(1, -1, -1, -1, -1));
  // One positive: t = 2/3; four negatives: t = 1/6.
  expectClose([plattProbability(0.7, platt)], [(2 / 3 + 4 / 6) / 5], { atol: 1e-9 });
});

test("probabilities stay in 0 .. 1 for decision values of any size", () => {
  expect(plattProbability(-1e9, { a: -1, b: 0 })).toBe(0);
  expect(plattProbability(1e9, { a: -1, b: 0 })).toBe(1);
  expect(plattProbability(0, { a: -1, b: 0 })).toBe(0.5);
});

test("decision values without a label each are refused", () => {
  expect(() => plattScaling(Float64Array.of(1, 2), Int8Array.of(1))).toThrow("2 decision values came with 1 labels");
  expect(() => plattScaling(Float64Array.of(1, NaN), Int8Array.of(1, -1))).toThrow("not finite");
});
