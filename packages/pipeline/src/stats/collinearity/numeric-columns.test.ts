import { describe, expect, it } from "vitest";
import { readCsv } from "../../intake/csv.ts";
import { numericColumns } from "./numeric-columns.ts";

const read = (text: string, ...patterns: string[][]) => numericColumns(readCsv(text, "t.csv"), "t.csv", patterns);
const TABLE = "id,a1,a2,b,constant,empty\np,1,2,3,7,\nq,2,NA,4,7,NA\nr,5,1,1,7,\ns,4,4,9,7,\n";

describe("numericColumns", () => {
  it("takes names and beginnings of names on the rows without gaps, and says what it left out", () => {
    const { sets, rowsLeftOut, ignored } = read(TABLE, ["a*", "id", "constant", "empty"], ["b"]);
    expect(sets).toEqual([
      [
        { name: "a1", values: Float64Array.of(1, 5, 4) },
        { name: "a2", values: Float64Array.of(2, 1, 4) },
      ],
      [{ name: "b", values: Float64Array.of(3, 1, 9) }],
    ]);
    expect(rowsLeftOut).toBe(1);
    expect(ignored).toEqual([
      { column: "id", reason: "is text" },
      { column: "constant", reason: "has a single value" },
      { column: "empty", reason: "has no values" },
    ]);
  });

  it("refuses what cannot be read, with a sentence", () => {
    expect(() => read("a\n1\nx\n3\n4\n", ["a"])).toThrow('t.csv, row 3, column a: expected a number; got "x"');
    expect(() => read(TABLE, ["zz*"])).toThrow(/no column begins with "zz"/);
    expect(() => read(TABLE, ["a*"], ["a1"])).toThrow('column "a1" is in both sets');
    expect(() => read(TABLE, ["id"])).toThrow("t.csv: no column of numbers is left to compare (id is text)");
    expect(() => read("a,b\n1,\n,2\n3,4\n5,6\n", ["a", "b"])).toThrow(/only 2 of 4 rows have a number in every column/);
  });

  it("leaves out a column that is constant once rows with gaps are gone", () => {
    const { sets, ignored } = read("a,b,c\n1,1,1\n1,2,2\n1,3,4\n2,,5\n", ["a", "b", "c"]);
    expect(sets[0]!.map(({ name }) => name)).toEqual(["b", "c"]);
    expect(ignored).toEqual([{ column: "a", reason: "has a single value on the rows without gaps" }]);
  });
});
