import { describe, expect, it } from "vitest";
import { checkOutcome, checkTable, columnsOf, orderById, rowsAt } from "./feature-table.ts";

const table = { ids: ["b", "a", "c"], names: ["size", "mean"], values: Float64Array.of(1, 2, 3, 4, 5, 6) };

describe("a feature table", () => {
  it("is accepted when every value is finite and every name unique", () => {
    expect(() => checkTable(table)).not.toThrow();
  });

  it("is refused with the feature and the patient when a value is not finite", () => {
    for (const value of [NaN, Infinity]) {
      const values = table.values.slice();
      values[3] = value;
      expect(() => checkTable({ ...table, values })).toThrow(
        expect.objectContaining({
          name: "ConfigError",
          message: `patient a, feature mean: expected a finite number, found ${value}; fill the value, or leave the feature or the patient out`,
        }),
      );
    }
  });

  it("is refused when a patient or a feature occurs twice, or a value is missing", () => {
    expect(() => checkTable({ ...table, ids: ["a", "b", "a"] })).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(/^patient a: occurs twice/) }),
    );
    expect(() => checkTable({ ...table, names: ["size", "size"] })).toThrow(
      expect.objectContaining({ message: expect.stringMatching(/^feature size: occurs twice/) }),
    );
    expect(() => checkTable({ ...table, names: ["size"] })).toThrow(
      expect.objectContaining({ name: "ShapeError", message: expect.stringMatching(/6 values for 3 patients x 1 features/) }),
    );
  });

  it("has outcomes of 0 and 1 only, one a patient", () => {
    expect(() => checkOutcome(table, [0, 1, 1])).not.toThrow();
    expect(() => checkOutcome(table, [0, 2, 1])).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(/^patient a, outcome: .*found 2/) }),
    );
    expect(() => checkOutcome(table, [0, 1])).toThrow(expect.objectContaining({ name: "ShapeError" }));
  });

  it("gives columns in the order asked for, and names the one it lacks", () => {
    expect([...columnsOf(table, ["mean", "size"])]).toEqual([2, 1, 4, 3, 6, 5]);
    expect(() => columnsOf(table, ["mean", "volume"])).toThrow(
      expect.objectContaining({ name: "ConfigError", message: expect.stringMatching(/^feature volume: is not among/) }),
    );
  });

  it("gives rows in the order asked for, and orders them by id", () => {
    expect(orderById(table)).toEqual([1, 0, 2]);
    expect([...rowsAt(table.values, 2, orderById(table))]).toEqual([3, 4, 1, 2, 5, 6]);
  });
});
