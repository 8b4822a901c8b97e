import { describe, expect, it } from "vitest";
import { readCsv } from "../../intake/csv.ts";
import { readReaders } from "./reader-table.ts";

const read = (text: string, readers: string[], options = {}) => readReaders(readCsv(text, "t.csv"), "t.csv", readers, options);

describe("readReaders", () => {
  it("takes numbers as measurements on the rows that all readers have", () => {
    expect(read("a,b\n1,2\nNA,3\n4,5\n", ["a", "b"])).toEqual({
      kind: "measurements",
      values: [Float64Array.of(1, 4), Float64Array.of(2, 5)],
      rowsLeftOut: 1,
    });
  });

  it("takes words, two codes or what is asked for as categories common to all readers", () => {
    expect(read("a,b\nno,yes\nyes,yes\n", ["b", "a"])).toEqual({
      kind: "categories",
      levels: ["no", "yes"],
      codes: [Int32Array.of(1, 1), Int32Array.of(0, 1)],
      rowsLeftOut: 0,
    });
    expect(read("a,b\n1,0\n1,1\n", ["a", "b"]).kind).toBe("categories");
    expect(read("a,b\n1,10\n2,1\n", ["a", "b"], { asCategories: true })).toMatchObject({ levels: ["1", "2", "10"] });
    expect(read("a,b\nmild,none\nsevere,mild\n", ["a", "b"], { order: ["none", "mild", "severe"] })).toMatchObject({
      codes: [Int32Array.of(1, 2), Int32Array.of(0, 1)],
    });
  });

  it("refuses what cannot be compared, with a sentence", () => {
    expect(() => read("a,b\n1,2\n", ["a"])).toThrow("--reader: name two readers or more, a column each");
    expect(() => read("a,b\n1,\n2,3\n", ["a", "b"])).toThrow("t.csv: only 1 of 2 rows have a value of every reader; at least 2 are needed");
    expect(() => read("a,b\n1,2\n3,x\n5,6\n", ["a", "b"])).toThrow(
      't.csv, row 3, column b: expected a number, as in other cells; got "x". Mend the cell, or say --categories',
    );
    expect(() => read("a,b\nmild,none\nworse,mild\n", ["a", "b"], { order: ["none", "mild"] })).toThrow(
      '--order: does not name the category "worse" of t.csv (named: none, mild)',
    );
  });
});
