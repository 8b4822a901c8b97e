import { describe, expect, it } from "vitest";
import { interval, number, tableCsv, tableHtml, tableLatex, words, type Table } from "./table.ts";
import { pValue, range, two } from "./words.ts";

const TABLE: Table = {
  name: "table-x",
  title: "50% of A & B_1",
  columns: [
    { key: "model", heading: "Model" },
    { key: "auc", heading: "AUC", over: "Internal" },
    { key: ["lo", "hi"], heading: "95% CI", over: "Internal" },
    { key: "p", heading: "P" },
  ],
  rows: [
    [words("A&V <1>"), number(0.123456789, two), interval(0.1, 0.9, range(0.1, 0.9)), number(0.0004, pValue)],
    [words("B"), number(null, two), interval(null, 1, range(null, 1)), number(Number.NaN, pValue)],
  ],
  notes: ["a \u2265 b"],
};

describe("a table of the report", () => {
  it("is CSV with all digits, an interval in two columns, and nothing where there is no value", () => {
    expect(tableCsv(TABLE)).toBe("model,auc,lo,hi,p\nA&V <1>,0.123456789,0.1,0.9,0.0004\nB,,,,\n");
  });

  it("is HTML as one prints it, with what HTML would take for its own escaped", () => {
    const html = tableHtml(TABLE);
    expect(html).toContain(`<th scope="row">A&amp;V &lt;1&gt;</th><td>0.12</td><td>0.10 to 0.90</td><td>&lt;0.001</td>`);
    expect(html).toContain(`<th scope="colgroup" colspan="2">Internal</th>`);
    expect(html).toContain("<td>\u2013</td>");
  });

  it("is LaTeX with its special characters escaped and as many cells as columns", () => {
    const lines = tableLatex(TABLE).split("\n");
    expect(lines).toContain(String.raw`\caption{50\% of A \& B\_1}\label{tab:table-x}\\`);
    expect(lines).toContain(String.raw`A\&V $<$1$>$ & 0.12 & 0.10 to 0.90 & $<$0.001 \\`);
    expect(lines).toContain(String.raw`\cmidrule(lr){2-3}`);
    expect(lines.filter((line) => line.endsWith(String.raw`\\`) && line.split(" & ").length === 4)).toHaveLength(3);
    expect(tableLatex(TABLE)).toContain(String.raw`a $\geq$ b`);
  });
});
