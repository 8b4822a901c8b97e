import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { reclassification } from "./reclassification.ts";

type Estimate = [value: number, se: number];
interface RGolden {
  reclassified: {
    y: number[];
    old: number[];
    new: number[];
    thresholds: number[];
    nri: Estimate;
    nriCategories: Estimate;
    idi: Estimate;
  }[];
}
const { reclassified } = golden<RGolden>("r-discrimination");

describe("reclassification", () => {
  it("has R's improvements and standard errors, continuous and by categories, relative 1e-10", () => {
    for (const row of reclassified) {
      const [plain, byCategory] = [reclassification(row.y, row.old, row.new), reclassification(row.y, row.old, row.new, row.thresholds)];
      expectClose(
        [plain.nri.value, plain.nri.se, byCategory.nri.value, byCategory.nri.se, plain.idi.value, plain.idi.se],
        [...row.nri, ...row.nriCategories, ...row.idi],
        { rtol: 1e-10 },
      );
    }
  });

  it("turns round when old and new are exchanged", () => {
    const { y, old, new: after } = reclassified[0]!;
    const [one, other] = [reclassification(y, old, after), reclassification(y, after, old)];
    expectClose([other.nri.value, other.idi.value, other.nri.p, other.idi.p], [-one.nri.value, -one.idi.value, one.nri.p, one.idi.p], {
      rtol: 1e-12,
    });
    expect([other.events.up, other.events.down]).toEqual([one.events.down, one.events.up]);
  });

  it("is 2 when every event rises and every other risk falls", () => {
    expect(reclassification([1, 0, 1, 0], [0.5, 0.5, 0.4, 0.6], [0.6, 0.4, 0.7, 0.1]).nri).toMatchObject({
      value: 2,
      se: 0,
      z: Infinity,
      p: 0,
    });
    expect(reclassification([1, 0], [0.5, 0.5], [0.5, 0.5]).nri.p).toBeNaN();
  });
});
