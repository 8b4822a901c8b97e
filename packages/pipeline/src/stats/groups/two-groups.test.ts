import { describe, expect, it } from "vitest";
import { fisherTest } from "./fisher.ts";
import { mannWhitneyFor } from "./mann-whitney.ts";
import { studentTest, welchTest } from "./t-test.ts";
import { twoGroupTestFor } from "./two-groups.ts";

const normal = Float64Array.of(-1.6, -1, -0.65, -0.38, -0.12, 0.12, 0.38, 0.65, 1, 1.6);
const shifted = normal.map((v) => v + 1.1);
const wide = normal.map((v) => 8 * v + 1);
const skewed = normal.map((v) => Math.exp(4 * v));
const test = (x: Float64Array, y: Float64Array) => twoGroupTestFor(x.length, y.length)(x, y);

describe("twoGroupTestFor", () => {
  it("takes Student's t for normal groups of equal variance", () => {
    expect(test(normal, shifted)).toEqual({ test: "student", p: studentTest(normal, shifted).p });
  });

  it("takes Welch's t when Levene's test finds the variances unequal", () => {
    expect(test(normal, wide)).toEqual({ test: "welch", p: welchTest(normal, wide).p });
  });

  it("takes Mann-Whitney when either group is not normal", () => {
    const p = mannWhitneyFor(10, 10)(normal, skewed).p;
    expect(test(normal, skewed)).toEqual({ test: "mann-whitney", p });
    expect(test(skewed, normal)).toEqual({ test: "mann-whitney", p });
  });

  it("takes Mann-Whitney when a group is too small to be tested for normality, or constant", () => {
    expect(test(normal.slice(0, 2), shifted).test).toBe("mann-whitney");
    expect(test(Float64Array.of(2, 2, 2, 2), shifted).test).toBe("mann-whitney");
  });

  it("takes Fisher's test for zeros and ones", () => {
    const [x, y] = [Float64Array.of(1, 1, 1, 0), Float64Array.of(0, 0, 1, 0, 0)];
    expect(test(x, y)).toEqual({ test: "fisher", p: fisherTest(3, 1, 1, 4) });
  });

  it("gives a constant variable p = 1", () => {
    expect(test(Float64Array.of(3, 3, 3), Float64Array.of(3, 3, 3, 3)).p).toBe(1);
    expect(test(Float64Array.of(1, 1, 1), Float64Array.of(1, 1, 1, 1)).p).toBe(1);
  });
});
