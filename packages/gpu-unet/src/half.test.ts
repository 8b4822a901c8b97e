import { describe, expect, test } from "vitest";
import { halfToNumber, LARGEST_HALF, numberToHalf } from "./half.ts";

const finite = Array.from({ length: 0x10000 }, (_, bits) => bits).filter((bits) => Number.isFinite(halfToNumber(bits)));

describe("float16", () => {
  test("gives every finite pattern back: 63 488 of them, both zeros among them", () => {
    expect(finite.length).toBe(63488);
    expect(finite.filter((bits) => numberToHalf(halfToNumber(bits)) !== bits)).toEqual([]);
  });

  test("rounds to the nearest of two neighbours, and from half way to the even one", () => {
    const wrong = finite.filter((bits) => {
      const up = bits + 1;
      if (!Number.isFinite(halfToNumber(up))) return false;
      const [low, high] = [halfToNumber(bits), halfToNumber(up)];
      if (Math.abs(low) > Math.abs(high)) return false;
      const middle = (low + high) / 2;
      const even = bits % 2 === 0 ? bits : up;
      return (
        numberToHalf(middle) !== even || numberToHalf(low + (high - low) * 0.49) !== bits || numberToHalf(low + (high - low) * 0.51) !== up
      );
    });
    expect(wrong).toEqual([]);
  });

  test("ends at 65504 and begins at 2^-24", () => {
    expect(halfToNumber(0x7bff)).toBe(LARGEST_HALF);
    expect(numberToHalf(LARGEST_HALF)).toBe(0x7bff);
    expect(numberToHalf(2 ** -24)).toBe(1);
    expect(numberToHalf(2 ** -25)).toBe(0);
    expect(numberToHalf(Math.fround(0.1))).toBe(0x2e66);
  });
});
