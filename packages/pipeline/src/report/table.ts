// A table of the report: the same rows as CSV with all digits, and as HTML and LaTeX as one prints them.
import { stringify } from "#csv-stringify";
import { escapeText } from "./escape.ts";

/** One cell: the value for a program, the words for a reader. */
export interface Cell {
  readonly value: string | number | null | readonly [lo: number, hi: number];
  readonly shown: string;
  /** A name rather than a number: stands at the left. */
  readonly isName?: boolean;
}

/** One column: its name in CSV (two of an interval), its heading, and the heading it shares with its neighbours. */
export interface Column {
  readonly key: string | readonly [lo: string, hi: string];
  readonly heading: string;
  readonly over?: string;
}

/** A table with its caption and the notes below it. */
export interface Table {
  /** Its files' name without extension. */
  readonly name: string;
  readonly title: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Cell[])[];
  readonly notes: readonly string[];
}

/** A cell of words. */
export function words(text: string): Cell {
  return { value: text, shown: text, isName: true };
}

/** A cell of an interval; a bound that has no value is missing in both. */
export function interval(lo: number | null, hi: number | null, shown: string): Cell {
  return { value: lo === null || hi === null || Number.isNaN(lo) || Number.isNaN(hi) ? null : [lo, hi], shown };
}

/** A cell of a number as `show` writes it. */
export function number(value: number | null | undefined, show: (value: number | null | undefined) => string): Cell {
  return { value: value === undefined || (value !== null && Number.isNaN(value)) ? null : value, shown: show(value) };
}

/** The table as CSV: a row of keys, then values with the digits that give them back; cells without a value are empty. */
export function tableCsv({ columns, rows }: Table): string {
  const widths = columns.map(({ key }) => [key].flat().length);
  const spread = ({ value }: Cell, j: number) =>
    Array.isArray(value) ? value : [value, ...Array.from({ length: widths[j]! - 1 }, () => null)];
  return stringify([columns.flatMap(({ key }) => key), ...rows.map((row) => row.flatMap(spread))]);
}

/** The table as an HTML element. */
export function tableHtml({ name, title, columns, rows, notes }: Table): string {
  const grouped = columns.some(({ over }) => over !== undefined);
  const spans = groupsOf(columns).map(({ over, count }) =>
    over === undefined ? `<td colspan="${count}"></td>` : `<th scope="colgroup" colspan="${count}">${escapeText(over)}</th>`,
  );
  const head = columns.map(({ heading }, j) => `<th scope="col"${isNames(rows, j) ? ' class="name"' : ""}>${escapeText(heading)}</th>`);
  const body = rows.map((row) => {
    const cells = row.map((cell, j) =>
      j === 0
        ? `<th scope="row">${escapeText(cell.shown)}</th>`
        : `<td${cell.isName ? ' class="name"' : ""}>${escapeText(cell.shown)}</td>`,
    );
    return `<tr>${cells.join("")}</tr>`;
  });
  return [
    `<figure class="table" id="${name}"><figcaption>${escapeText(title)}</figcaption><div class="scroll"><table>`,
    `<thead>${grouped ? `<tr>${spans.join("")}</tr>` : ""}<tr>${head.join("")}</tr></thead>`,
    `<tbody>${body.join("\n")}</tbody></table></div>`,
    ...notes.map((note) => `<p class="note">${escapeText(note)}</p>`),
    `</figure>`,
  ].join("\n");
}

/** The table in LaTeX, for the packages booktabs and longtable. */
export function tableLatex({ name, title, columns, rows, notes }: Table): string {
  const spec = columns.map((_, j) => (j === 0 || isNames(rows, j) ? "l" : "r")).join("");
  const line = (cells: readonly string[]) => `${cells.join(" & ")} \\\\`;
  const groups = groupsOf(columns);
  const over = columns.some((column) => column.over !== undefined)
    ? [
        line(groups.map(({ over, count }) => `\\multicolumn{${count}}{c}{${latex(over ?? "")}}`)),
        ...groups.filter(({ over }) => over !== undefined).map(({ from, count }) => `\\cmidrule(lr){${from + 1}-${from + count}}`),
      ]
    : [];
  return [
    `% needs \\usepackage{booktabs,longtable}`,
    `\\begin{longtable}{${spec}}`,
    `\\caption{${latex(title)}}\\label{tab:${name}}\\\\`,
    "\\toprule",
    ...over,
    line(columns.map(({ heading }) => latex(heading))),
    "\\midrule",
    "\\endhead",
    ...rows.map((row) => line(row.map(({ shown }) => latex(shown)))),
    "\\bottomrule",
    "\\end{longtable}",
    ...notes.map((note) => `\\noindent{\\footnotesize ${latex(note)}}\\par`),
    "",
  ].join("\n");
}

/** Runs of columns under one heading. */
function groupsOf(columns: readonly Column[]): { over: string | undefined; from: number; count: number }[] {
  const groups: { over: string | undefined; from: number; count: number }[] = [];
  for (const [j, { over }] of columns.entries()) {
    const last = groups.at(-1);
    if (last && last.over === over) last.count++;
    else groups.push({ over, from: j, count: 1 });
  }
  return groups;
}

const isNames = (rows: Table["rows"], j: number) => rows.some((row) => row[j]?.isName === true);

const LATEX: Record<string, string> = {
  "\\": "\\textbackslash{}",
  "~": "\\textasciitilde{}",
  "^": "\\textasciicircum{}",
  "<": "$<$",
  ">": "$>$",
  "\u2265": "$\\geq$",
  "\u00b1": "$\\pm$",
  "\u2013": "--",
  "\u2212": "$-$",
};

/** Characters that mean something in LaTeX, written so that they do not. */
function latex(text: string): string {
  return text.replace(/[\\~^<>\u2265\u00b1\u2013\u2212&%$#_{}]/g, (found) => LATEX[found] ?? `\\${found}`);
}
