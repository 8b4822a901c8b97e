import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { studentTest, welchTest } from "./t-test.ts";

interface T {
  t: number;
  df: number;
  p: number;
}
interface RGolden {
  groups: { x: number[]; y: number[]; student?: T; welch?: T }[];
}
interface ScipyGolden {
  groups: { x: number[]; y: number[]; student: T; welch: T }[];
}

const f64 = (values: readonly number[]) => Float64Array.from(values);

describe("t-tests", () => {
  it("have R's t, degrees of freedom and p, relative 1e-10", () => {
    for (const { x, y, student, welch } of golden<RGolden>("r-group-tests").groups) {
      if (!student || !welch) continue;
      const [s, w] = [studentTest(f64(x), f64(y)), welchTest(f64(x), f64(y))];
      expectClose([s.t, s.df, s.p, w.t, w.df, w.p], [student.t, student.df, student.p, welch.t, welch.df, welch.p], { rtol: 1e-10 });
    }
  });

  it("have SciPy's t and p, relative 1e-10", () => {
    for (const { x, y, student, welch } of golden<ScipyGolden>("scipy-group-tests").groups) {
      const [s, w] = [studentTest(f64(x), f64(y)), welchTest(f64(x), f64(y))];
      expectClose([s.t, s.p, w.t, w.p], [student.t, student.p, welch.t, welch.p], { rtol: 1e-10 });
    }
  });

  it("agree with each other when the groups have equal sizes and variances", () => {
    const [x, y] = [f64([1, 2, 3, 4]), f64([3, 4, 5, 6])];
    expectClose([welchTest(x, y).t, welchTest(x, y).df], [studentTest(x, y).t, 6], { rtol: 1e-14 });
  });

  it("have no p when both groups are constant", () => {
    const [x, y] = [f64([2, 2]), f64([3, 3, 3])];
    expect([studentTest(x, y).p, welchTest(x, y).p]).toEqual([NaN, NaN]);
  });
});
