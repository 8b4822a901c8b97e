import { describe, expect, it } from "vitest";
import { readCsv } from "../intake/csv.ts";
import { readGroups, readVariables } from "./variables.ts";

const table = (text: string) => readCsv(text, "t.csv");
const read = (text: string, names: string[], options = {}) => readVariables(table(text), "t.csv", names, options);

describe("readVariables", () => {
  it("takes numbers as continuous, words and two codes as categories, and empty cells or NA as missing", () => {
    const { variables } = read("age,sex,code\n50,F,1\nNA,M,0\n61.5,,1\n48,F,.\n", ["age", "sex", "code"]);
    expect(variables).toEqual([
      { name: "age", kind: "continuous", values: Float64Array.of(50, Number.NaN, 61.5, 48) },
      { name: "sex", kind: "categorical", levels: ["F", "M"], codes: Int32Array.of(0, 1, -1, 0) },
      { name: "code", kind: "categorical", levels: ["0", "1"], codes: Int32Array.of(1, 0, 1, -1) },
    ]);
  });

  it("takes numbers as codes where it is told so, in rising order", () => {
    const { variables } = read("grade\n10\n2\n1\n2\n", ["grade"], { categorical: ["grade"] });
    expect(variables[0]).toMatchObject({ kind: "categorical", levels: ["1", "2", "10"], codes: Int32Array.of(2, 1, 0, 1) });
  });

  it("names row and column of text among numbers, and the ways out", () => {
    expect(() => read("a\n1\nx\n3\n", ["a"])).toThrow(
      expect.objectContaining({
        name: "ConfigError",
        message:
          't.csv, row 3, column a: expected a number, as in 2 other rows; got "x". Mend the cell, leave it empty if the value is missing, or name the column with --categorical',
      }),
    );
    expect(() => read("age\n1\n2\n", ["agee"])).toThrow(/did you mean "age"\?/);
  });

  it("leaves out names, unless they were asked for", () => {
    const text = `who\n${"abcdefghijkl".split("").join("\n")}\n`;
    expect(read(text, ["who"]).ignored).toEqual([{ column: "who", reason: "every value occurs once: names, not categories" }]);
    expect(read(text, ["who"], { isAsked: true }).variables).toHaveLength(1);
  });
});

describe("readGroups", () => {
  it("takes groups in rising order and says what is wrong with one, with more than are compared, or with a row without", () => {
    expect(readGroups(table("g\nb\na\nb\n"), "t.csv", "g")).toMatchObject({ levels: ["a", "b"], codes: Int32Array.of(1, 0, 1) });
    const groups =
      (text: string, most = 2) =>
      () =>
        readGroups(table(text), "t.csv", "g", most);
    expect(groups("g\na\na\n")).toThrow('t.csv, column g: every row is "a"; two groups or more are needed');
    expect(groups("g\n1\n2\n3\n")).toThrow("t.csv, column g: has 3 groups (1, 2, 3); two are compared: make a table of two of them");
    expect(groups("g\n1\n2\n3\n4\n", 3)).toThrow(
      "t.csv, column g: has 4 groups (1, 2, 3, 4); at most 3 are compared: merge some, or is it a measurement?",
    );
    expect(groups("g\n1\n2\n3\n", 3)()).toMatchObject({ levels: ["1", "2", "3"] });
    expect(groups("g,x\na,1\n,2\n")).toThrow(
      "t.csv, row 3, column g: is empty; every row needs its group, or leave the row out of the table",
    );
  });
});
