import { describe, expect, it } from "vitest";
import { readCsv } from "../../intake/csv.ts";
import { requireDistinct, scoreTable } from "./score-table.ts";

const read = (text: string, scores: string[] = ["risk"]) => scoreTable(readCsv(text, "t.csv"), "t.csv", "y", scores);

describe("scoreTable", () => {
  it("reads outcomes and scores in the order of the rows", () => {
    expect(read("y,risk,other\n0,0.5,2\n1,-1e3,3\n", ["other", "risk"])).toEqual({
      outcome: Uint8Array.of(0, 1),
      scores: [
        { name: "other", values: Float64Array.of(2, 3) },
        { name: "risk", values: Float64Array.of(0.5, -1000) },
      ],
    });
  });

  it.each([
    ["y,risk\n0,1\n1,high\n", 't.csv, row 3, column risk: expected a number; got "high"'],
    ["y,risk\n0,1\n1,\n", "t.csv, row 3, column risk: is empty; expected a number"],
    ["y,risk\n0,\n1,NA\n", "t.csv, column risk: has no values; fill it or name another column"],
    ["y,risk\n2,1\n1,2\n", 't.csv, row 2, column y: expected 0 or 1; got "2"'],
    [
      "y,risk\n1,1\n1,2\n",
      "t.csv, column y: patients with and without the event are needed, but 2 of 2 have it; check that 1 means the event",
    ],
    ["z,risk\n1,1\n", /^t\.csv: has no column "y"/],
  ])("refuses %j in one sentence", (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it("refuses a score named twice, but takes the outcome for the perfect score it is", () => {
    expect(() => read("y,risk\n0,1\n1,2\n", ["risk", "risk"])).toThrow("t.csv, column risk: is named twice; name each score once");
    expect(read("y,risk\n0,1\n1,2\n", ["y"]).scores[0]!.values).toEqual(Float64Array.of(0, 1));
  });
});

describe("requireDistinct", () => {
  const check = (text: string) => requireDistinct(readCsv(text, "t.csv"), "t.csv", "id");

  it("passes a column in which every row has its own name", () => {
    expect(check("id,x\na,1\nb,1\n")).toBeUndefined();
  });

  it("names both rows of a patient who is there twice, and the row of one without a name", () => {
    expect(() => check("id,x\na,1\nb,1\na,2\n")).toThrow('t.csv, column id: "a" is in rows 2 and 4; a patient counts once');
    expect(() => check("id,x\na,1\n,1\n")).toThrow("t.csv, row 3, column id: is empty; every row needs the name of its patient");
  });
});
