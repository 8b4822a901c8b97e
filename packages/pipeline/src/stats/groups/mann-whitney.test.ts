import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { aucNullTest, mannWhitneyFor } from "./mann-whitney.ts";

interface RGolden {
  groups: { kind: string; x: number[]; y: number[]; w: number; wilcoxP: number }[];
}
interface ScipyGolden {
  groups: { x: number[]; y: number[]; mannWhitneyNormal: { u: number; p: number } }[];
}

const test = (x: readonly number[], y: readonly number[]) => mannWhitneyFor(x.length, y.length)(Float64Array.from(x), Float64Array.from(y));

/** P(two-sided) by listing every way to choose which ranks are x. */
function pByEnumeration(m: number, n: number, u: number): number {
  let asExtreme = 0;
  let all = 0;
  for (let choice = 0; choice < 1 << (m + n); choice++) {
    const ranks = Array.from({ length: m + n }, (_, k) => (choice >> k) & 1);
    if (ranks.reduce((sum, bit) => sum + bit, 0) !== m) continue;
    let statistic = 0;
    for (const [k, bit] of ranks.entries()) if (bit === 1) statistic += ranks.slice(0, k).filter((other) => other === 0).length;
    all++;
    if (statistic <= Math.min(u, m * n - u)) asExtreme++;
  }
  return Math.min(1, (2 * asExtreme) / all);
}

describe("mannWhitneyFor", () => {
  it("has the statistic and p of R's wilcox.test on 64 pairs of groups, exact and with ties, relative 1e-10", () => {
    for (const { x, y, w, wilcoxP } of golden<RGolden>("r-group-tests").groups) {
      const got = test(x, y);
      expect(got.u).toBe(w);
      expectClose([got.p], [wilcoxP], { rtol: 1e-10 });
    }
  });

  it("has SciPy's normal approximation where it is not exact", () => {
    const cases = golden<ScipyGolden>("scipy-group-tests").groups.filter(({ x, y }) => !test(x, y).exact);
    expect(cases.length).toBeGreaterThan(5);
    for (const { x, y, mannWhitneyNormal } of cases) {
      expectClose([test(x, y).u, test(x, y).p], [mannWhitneyNormal.u, mannWhitneyNormal.p], {
        rtol: 1e-10,
      });
    }
  });

  it("has the exact p of listing every arrangement of 4 and 5 values", () => {
    const y = [10, 20, 30, 40, 50];
    for (const x of [
      [1, 2, 3, 4],
      [1, 12, 35, 45],
      [60, 61, 62, 63],
      [11, 21, 31, 41],
      [5, 6, 7, 55],
    ]) {
      const got = test(x, y);
      expect(got.exact).toBe(true);
      expectClose([got.p], [pByEnumeration(4, 5, got.u)], { rtol: 1e-13 });
    }
  });

  it("is exact below 50 in both groups without ties, and normal otherwise", () => {
    const ramp = (n: number, offset: number) => Array.from({ length: n }, (_, i) => i + offset);
    expect(test(ramp(49, 0.5), ramp(49, 20)).exact).toBe(true);
    expect(test(ramp(50, 0.5), ramp(10, 20)).exact).toBe(false);
    expect(test([1, 2, 3], [3, 4, 5]).exact).toBe(false);
  });

  it("keeps p when the groups change places, and counts all pairs between them", () => {
    const x = [0.3, 1.7, 2.2, 9, 4.4];
    const y = [0.1, 1.7, 3.3];
    expect(test(y, x).p).toBe(test(x, y).p);
    expect(test(y, x).u + test(x, y).u).toBe(15);
  });

  it("has p = 1 when all values are equal", () => {
    expect(test([2, 2, 2], [2, 2])).toEqual({ u: 3, p: 1, exact: false });
  });

  it("leaves its samples as they were", () => {
    const x = Float64Array.of(3, 1, 2);
    mannWhitneyFor(3, 2)(x, Float64Array.of(5, 4));
    expect([...x]).toEqual([3, 1, 2]);
  });
});

describe("aucNullTest", () => {
  it("prints the P of the paper's internal models: .80 with .003, .70 with .044, .58 with .429 for some AUC that rounds so", () => {
    const printed = [
      [0.8, 0.003],
      [0.7, 0.044],
      [0.58, 0.429],
      [0.53, 0.748],
    ] as const;
    for (const [auc, p] of printed) {
      const pairs = 46 * 10;
      const fits = Array.from({ length: 2 * pairs + 1 }, (_, k) => k / (2 * pairs)).filter(
        (a) => Math.abs(a - auc) <= 0.005 && aucNullTest(a, 10, 46).p.toFixed(3) === p.toFixed(3),
      );
      expect(fits.length, `AUC ${auc}, P ${p}`).toBeGreaterThan(0);
    }
  });

  it("is 1 at one half and symmetric about it", () => {
    expect(aucNullTest(0.5, 10, 46)).toEqual({ z: 0, p: 1 });
    expect(aucNullTest(0.25, 10, 46).p).toBe(aucNullTest(0.75, 10, 46).p);
  });
});
