import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../test/helpers/close.ts";
import { golden } from "../../../../test/helpers/golden.ts";
import { fUpperTail, normalQuantile, normalTwoSided, normalUpperTail, tTwoSided } from "./distributions.ts";

type One = [number, number][];
interface ScipyGolden {
  tails: {
    normalTwoSided: One;
    normalUpperTail: One;
    normalQuantile: One;
    tTwoSided: [[number, number], number][];
    fUpperTail: [[number, number, number], number][];
  };
}

describe("distributions", () => {
  it("have SciPy's tails to relative 1e-10, far out too", () => {
    const { tails } = golden<ScipyGolden>("scipy-group-tests");
    const check = (got: number[], want: number[]) => expectClose(got, want, { rtol: 1e-10 });
    check(
      tails.normalTwoSided.map(([z]) => normalTwoSided(z)),
      tails.normalTwoSided.map(([, p]) => p),
    );
    check(
      tails.normalUpperTail.map(([z]) => normalUpperTail(z)),
      tails.normalUpperTail.map(([, p]) => p),
    );
    check(
      tails.normalQuantile.map(([p]) => normalQuantile(p)),
      tails.normalQuantile.map(([, z]) => z),
    );
    check(
      tails.tTwoSided.map(([arguments_]) => tTwoSided(...arguments_)),
      tails.tTwoSided.map(([, p]) => p),
    );
    check(
      tails.fUpperTail.map(([arguments_]) => fUpperTail(...arguments_)),
      tails.fUpperTail.map(([, p]) => p),
    );
  });

  it("have no F below 0 and all of it above 0", () => {
    expect(fUpperTail(0, 1, 10)).toBe(1);
  });
});
