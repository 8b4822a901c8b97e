import { describe, expect, test } from "vitest";
import { diceScore, labelsOf } from "./dice.ts";

describe("labelsOf", () => {
  test("takes the largest logit of each pixel, in each image, the lower class on a tie", () => {
    const logits = Float32Array.of(1, 5, 0, 2, 5, -1, -3, 0, 9);
    expect([...labelsOf(logits, 3, 3)]).toEqual([1, 0, 2]);
    expect([...labelsOf(Float32Array.of(0, 1, 1, 0, 7, 7, 7, 8), 2, 2)]).toEqual([1, 0, 0, 1]);
  });
});

describe("diceScore", () => {
  test("is twice the overlap over the sum of the sizes", () => {
    expect(diceScore([1, 1, 1, 0, 0], [0, 1, 1, 1, 1])).toBe(4 / 7);
  });

  test("is 1 for equal arrays, 0 for disjoint ones, and NaN where the label is in neither", () => {
    expect(diceScore([0, 1, 1], [0, 1, 1])).toBe(1);
    expect(diceScore([1, 0, 0], [0, 1, 1])).toBe(0);
    expect(diceScore([0, 0], [0, 0])).toBeNaN();
  });

  test("counts the label it is asked for", () => {
    expect(diceScore([2, 2, 1], [2, 1, 1], 2)).toBe(2 / 3);
  });
});
