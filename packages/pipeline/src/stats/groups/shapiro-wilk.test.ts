import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { shapiroWilkFor } from "./shapiro-wilk.ts";

interface RGolden {
  samples: { kind: string; sample: number[]; w: number; p: number }[];
}

const test = (sample: readonly number[]) => shapiroWilkFor(sample.length)(Float64Array.from(sample));

describe("shapiroWilkFor", () => {
  it("has R's W to relative 1e-10 and p to 1e-8 of itself on samples of 3 to 200 values", () => {
    // p takes log(1 - W) and an upper tail: an error of W of 1e-15 near W = 1 grows a thousandfold, hence 1e-8 and not 1e-10.
    const { samples } = golden<RGolden>("r-group-tests");
    expect(samples.length).toBeGreaterThan(90);
    expectClose(
      samples.map(({ sample }) => test(sample).w),
      samples.map(({ w }) => w),
      { rtol: 1e-10 },
    );
    expectClose(
      samples.map(({ sample }) => test(sample).p),
      samples.map(({ p }) => p),
      { rtol: 1e-8 },
    );
  });

  it("does not change when a sample is shifted, scaled, reversed or mirrored", () => {
    const sample = [1, 4, 2, 9, 7, 3.5, 8, 1.25];
    const { w } = test(sample);
    for (const other of [sample.map((v) => v * 8 - 64), sample.toReversed(), sample.map((v) => -v)]) {
      expectClose([test(other).w], [w], { rtol: 1e-13 });
    }
  });

  it("has no W for equal values, and refuses fewer than 3 or more than 5000", () => {
    expect(test([2, 2, 2, 2])).toEqual({ w: NaN, p: NaN });
    expect(() => shapiroWilkFor(2)).toThrow(
      expect.objectContaining({
        name: "ShapeError",
        message: expect.stringMatching(/2 values, 3 to 5000/),
      }),
    );
    expect(() => shapiroWilkFor(5001)).toThrow(/5001/);
  });
});
