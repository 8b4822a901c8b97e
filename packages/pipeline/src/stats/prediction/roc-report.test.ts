import { describe, expect, it } from "vitest";
import { delongTest } from "./delong.ts";
import { rocReport } from "./roc-report.ts";

const outcome = [1, 0, 1, 0, 1, 0, 0];
const a = [0.9, 0.1, 0.6, 0.7, 0.8, 0.3, 0.2];
const b = [0.2, 0.5, 0.9, 0.1, 0.6, 0.4, 0.3];

describe("rocReport", () => {
  it("has the keys that islet stats roc promises, with a paired test for every pair", () => {
    const report = rocReport(outcome, [
      { name: "A", values: a },
      { name: "B", values: b },
      { name: "C", values: a },
    ]);
    expect(report.curves[0]).toEqual({
      score: "A",
      n: 7,
      positives: 3,
      auc: 11 / 12,
      ci: [expect.any(Number), 1],
      pRandom: expect.any(Number),
      youden: { threshold: 0.6, sensitivity: 1, specificity: 0.75, accuracy: 6 / 7 },
      averagePrecision: expect.closeTo((1 + 1 + 3 / 4) / 3, 14),
    });
    const { z, p } = delongTest(outcome, a, b);
    expect(report.delong).toEqual([
      { a: "A", b: "B", z, p },
      { a: "A", b: "C", z: 0, p: 1 },
      { a: "B", b: "C", z: -z, p },
    ]);
  });

  it("has the partial area and the points when they are asked for", () => {
    const partial = { axis: "specificity", from: 0.75, to: 1 } as const;
    const [curve] = rocReport(outcome, [{ name: "A", values: a }], { partial, withPoints: true }).curves;
    expect(curve!.partial).toEqual({ ...partial, area: expect.closeTo((0.25 * 2) / 3, 14), standardised: expect.any(Number) });
    expect(curve!.points).toHaveLength(7);
    expect(curve!.points![2]).toEqual({ threshold: 0.7, sensitivity: 2 / 3, specificity: 0.75, precision: 2 / 3 });
  });

  it("has no interval and no test with a single case, and no infinite z", () => {
    expect(rocReport([1, 0, 0], [{ name: "A", values: [3, 1, 2] }]).curves[0]!.ci).toBeNull();
    const perfect = rocReport(
      [1, 1, 0, 0],
      [
        { name: "A", values: [4, 3, 2, 1] },
        { name: "B", values: [1, 2, 3, 4] },
      ],
    );
    expect(perfect.delong).toEqual([{ a: "A", b: "B", z: null, p: 0 }]);
  });

  it("takes the interval from resampled patients when asked, and says which, with which seed", () => {
    const { curves, method } = rocReport(outcome, [{ name: "A", values: a }], { bootstrap: { replicates: 200, seed: 4 } });
    expect(curves[0]!.bootstrap).toMatchObject({ replicates: 200, seed: 4, percentile: curves[0]!.ci });
    expect(method).toMatch(/stratified bootstrap .*200 replicates, seed 4/);
    expect(rocReport(outcome, [{ name: "A", values: a }]).method).toMatch(/by DeLong et al\. 1988/);
    expect(rocReport([1, 0, 0], [{ name: "A", values: [3, 1, 2] }], { bootstrap: { replicates: 200, seed: 4 } }).curves[0]).toMatchObject({
      ci: null,
      bootstrap: null,
    });
  });

  it("names the score and the row of a value that is no number, and one class", () => {
    expect(() => rocReport(outcome, [{ name: "A", values: [1, 2, 3, NaN, 5, 6, 7] }])).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        message: "score A, row 4: expected a number; fill the value or leave the row out of the table",
      }),
    );
    expect(() => rocReport([1, 1], [{ name: "A", values: [1, 2] }])).toThrow(/^outcome: an ROC curve needs/);
  });
});
