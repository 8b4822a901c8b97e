import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { golden } from "../../../../../test/helpers/golden.ts";
import { calibration } from "./calibration.ts";
import { decisionCurve } from "./decision-curve.ts";
import { normalTwoSided } from "../distributions.ts";
import { wilson } from "../proportion.ts";
import { recalibratedRisks, recalibrate } from "./recalibration.ts";

type Fit = [value: number, se: number];
interface RGolden {
  cohorts: {
    y: number[];
    p: number[];
    intercept: Fit;
    slope: Fit;
    large: Fit;
    brier: number;
    ece: number;
    z: number;
    thresholds: number[];
    netBenefit: number[];
  }[];
}
const { cohorts } = golden<RGolden>("r-calibration");

describe("calibration", () => {
  it("has the slope, intercept and calibration in the large of R's glm with their standard errors, relative 1e-8", () => {
    for (const { y, p, intercept, slope, large } of cohorts) {
      const got = calibration(y, p);
      expectClose(
        [got.intercept, got.slope, got.inTheLarge].flatMap((c) => [c!.value, c!.se]),
        [...intercept, ...slope, ...large],
        { rtol: 1e-8 },
      );
      expect((got.slope!.hi - got.slope!.lo) / got.slope!.se).toBeCloseTo(2 * 1.959963984540054, 12);
    }
  });

  it("has R's Brier score, expected calibration error and Spiegelhalter's z, relative 1e-10", () => {
    for (const { y, p, brier, ece, z } of cohorts) {
      const got = calibration(y, p);
      expectClose([got.brier, got.ece, got.spiegelhalter!.z, got.spiegelhalter!.p], [brier, ece, z, normalTwoSided(z)], { rtol: 1e-10 });
    }
  });

  it("maximises the likelihood: no step from the fit is uphill", () => {
    const { y, p } = cohorts[4]!;
    const { slope, intercept } = recalibrate(y, p);
    const loss = (a: number, b: number) =>
      y.reduce((sum, outcome, i) => sum + Math.log1p(Math.exp((outcome ? -1 : 1) * (a + b * Math.log(p[i]! / (1 - p[i]!))))), 0);
    const best = loss(intercept!.value, slope!.value);
    for (const [da, db] of [
      [1e-4, 0],
      [-1e-4, 0],
      [0, 1e-4],
      [0, -1e-4],
    ] as const)
      expect(loss(intercept!.value + da, slope!.value + db)).toBeGreaterThan(best);
  });

  it("draws groups of equal size that hold everybody, and keeps equal risks together", () => {
    const { y, p } = cohorts[7]!;
    const { bins } = calibration(y, p);
    expect(bins).toHaveLength(10);
    for (const bin of bins) expect(Math.abs(bin.n - 20)).toBeLessThanOrEqual(2);
    expect(bins.reduce((sum, bin) => sum + bin.n, 0)).toBe(200);
    const tied = calibration([0, 1, 0, 1, 1, 0], [0.2, 0.2, 0.2, 0.2, 0.9, 0.9], 3).bins;
    expect(tied.map(({ n, events, ci }) => [n, events, ci])).toEqual([
      [4, 2, wilson(2, 4)],
      [2, 1, wilson(1, 2)],
    ]);
  });

  it("gives a perfect forecast a Brier score of 0, and says why nothing is fitted to it", () => {
    expect(calibration([0, 1, 1, 0], [0, 1, 1, 0])).toMatchObject({
      brier: 0,
      brierScaled: 1,
      ece: 0,
      spiegelhalter: null,
      slope: null,
      reason: "a risk is exactly 0 or 1, so its logit is infinite",
    });
    expect(recalibrate([0, 0, 1, 1], [0.1, 0.2, 0.2, 0.3])).toMatchObject({
      slope: null,
      reason: "the risks separate the outcomes, so the best slope is infinite",
    });
    expect(recalibrate([1, 1, 0, 0], [0.1, 0.2, 0.3, 0.4]).slope).toBeNull();
    expect(recalibrate([0, 0], [0.1, 0.2])).toMatchObject({ inTheLarge: null, reason: "all outcomes are equal" });
    const flat = recalibrate([0, 1, 1, 1], [0.5, 0.5, 0.5, 0.5]);
    expect(flat).toMatchObject({ slope: null, reason: "all risks are equal, so no slope can be fitted" });
    expect(flat.inTheLarge!.value).toBeCloseTo(Math.log(3), 12);
  });

  it("finds the shift of risks that are far too low or too high", () => {
    const y = [0, 1, 1, 0, 1];
    for (const risk of [1e-12, 1 - 1e-12]) {
      const { inTheLarge } = recalibrate(
        y,
        y.map(() => risk),
      );
      expect(inTheLarge!.value + Math.log(risk / (1 - risk))).toBeCloseTo(Math.log(1.5), 10);
    }
  });
});

describe("decisionCurve", () => {
  it("has the net benefit counted by R at every threshold, relative 1e-10", () => {
    // A net benefit near 0 is a difference of counts, hence the absolute part.
    for (const { y, p, thresholds, netBenefit } of cohorts) {
      expectClose(
        decisionCurve(y, p, thresholds).map((point) => point.netBenefit),
        netBenefit,
        { rtol: 1e-10, atol: 1e-15 },
      );
    }
  });

  it("is that of treating all below the lowest risk, and 0 above the highest", () => {
    const [low, high] = decisionCurve([1, 0, 0, 1], [0.3, 0.4, 0.5, 0.6], [0.3, 0.7]);
    expect(low).toMatchObject({ truePositives: 2, falsePositives: 2, netBenefit: low!.treatAll, avoidedPer100: 0 });
    expect(high).toMatchObject({ truePositives: 0, falsePositives: 0, netBenefit: 0 });
  });

  it("counts the actions avoided: all of those without the event for a perfect forecast", () => {
    const [point] = decisionCurve([1, 0, 0, 0], [1, 0, 0, 0], [0.2]);
    expect(point!.netBenefit).toBe(0.25);
    expect(point!.avoidedPer100).toBeCloseTo(75, 12);
  });
});

describe("recalibrated risks", () => {
  it("have slope 1, intercept 0 and the prevalence as their mean on the patients the line was fitted on", () => {
    for (const { y, p } of cohorts) {
      const { slope, intercept } = recalibrate(y, p);
      const changed = recalibratedRisks(p, { intercept: intercept!.value, slope: slope!.value });
      const again = calibration(y, changed);
      expectClose([again.slope!.value, again.intercept!.value, again.inTheLarge!.value], [1, 0, 0], { atol: 1e-7 });
      expectClose([again.meanRisk], [again.observed], { rtol: 1e-9 });
    }
  });

  it("are the risks themselves by intercept 0 and slope 1, keep 0 and 1, and keep their order", () => {
    const risks = [0, 1e-9, 0.2, 0.5, 0.9, 1];
    expectClose(recalibratedRisks(risks, { intercept: 0, slope: 1 }), risks, { rtol: 1e-12 });
    const changed = [...recalibratedRisks(risks, { intercept: -1, slope: 0.4 })];
    expect([changed[0], changed[5]]).toEqual([0, 1]);
    expect(changed).toEqual(changed.toSorted((a, b) => a - b));
  });
});
