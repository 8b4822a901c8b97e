import { describe, expect, it } from "vitest";
import { expectClose } from "../../../../../test/helpers/close.ts";
import { randomFor, randomNormal } from "../../random.ts";
import { fitScaler, rowsScaled } from "./scaler.ts";

describe("the scaler", () => {
  it("gives the rows it learnt from mean 0 and population variance 1 (seed 1)", () => {
    const random = randomFor(1, "scaler");
    const values = Float64Array.from({ length: 30 * 4 }, (_, k) => randomNormal(random) * (k % 4 === 2 ? 1e6 : 1) + 7);
    const scaled = rowsScaled(fitScaler(values, 4), values);
    for (let j = 0; j < 4; j++) {
      const column = [...scaled].filter((_, k) => k % 4 === j);
      const mean = column.reduce((sum, v) => sum + v, 0) / 30;
      expectClose([mean, column.reduce((sum, v) => sum + (v - mean) ** 2, 0) / 30], [0, 1], { atol: 1e-12 });
    }
  });

  it("scales new rows by what it learnt", () => {
    const scaler = fitScaler(Float64Array.of(1, 10, 3, 10), 2);
    expect(scaler).toEqual({ centre: [2, 10], spread: [1, 0] });
    expect([...rowsScaled(scaler, Float64Array.of(5, 10))]).toEqual([3, 0]);
  });

  it("makes a constant column 0, whatever a new patient brings, also where the value is no exact binary fraction", () => {
    const scaler = fitScaler(
      Float64Array.from({ length: 7 }, () => 0.1),
      1,
    );
    expect(scaler).toEqual({ centre: [0.1], spread: [0] });
    expect([...rowsScaled(scaler, Float64Array.of(0.1, 55))]).toEqual([0, 0]);
  });

  it("scales robustly by median and quartiles, which one outlier does not move, and leaves values alone under none", () => {
    const values = Float64Array.of(1, 2, 3, 4, 1000);
    expect(fitScaler(values, 1, "robust")).toEqual({ centre: [3], spread: [2] });
    expect([...rowsScaled(fitScaler(values, 1, "robust"), Float64Array.of(5))]).toEqual([1]);
    expect([...rowsScaled(fitScaler(values, 1, "none"), values)]).toEqual([...values]);
    // More than half of the values equal: the quartiles meet, and the standard deviation serves.
    expect(fitScaler(Float64Array.of(0, 0, 0, 0, 5), 1, "robust")).toEqual({ centre: [0], spread: [2] });
    expect(fitScaler(Float64Array.of(4, 4), 1, "robust")).toEqual({ centre: [4], spread: [0] });
  });
});
