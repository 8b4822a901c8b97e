import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { levene } from "./levene.ts";

interface ScipyGolden {
  groups: { x: number[]; y: number[]; levene: { statistic: number; p: number } }[];
}

describe("levene", () => {
  it("has the statistic and p of SciPy's levene with the median, relative 1e-10", () => {
    for (const { x, y, levene: want } of golden<ScipyGolden>("scipy-group-tests").groups) {
      const got = levene(Float64Array.from(x), Float64Array.from(y));
      expectClose([got.statistic, got.p], [want.statistic, want.p], { rtol: 1e-10 });
    }
  });

  it("does not change when a group is shifted, and is 0 for a group and its shifted copy", () => {
    const x = Float64Array.of(1, 4, 2, 9, 7);
    const y = Float64Array.of(3, 3.5, 8, 1);
    expectClose(
      [
        levene(
          x,
          y.map((v) => v + 16),
        ).p,
      ],
      [levene(x, y).p],
      { rtol: 1e-12 },
    );
    expect(
      levene(
        x,
        x.map((v) => v + 16),
      ),
    ).toEqual({ statistic: 0, p: 1 });
  });

  it("has no p for two constant groups", () => {
    expect(levene(Float64Array.of(1, 1), Float64Array.of(2, 2)).p).toBeNaN();
  });
});
