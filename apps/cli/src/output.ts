// Results go to stdout, everything else to stderr.

/** Prints a result as JSON, or as the given lines for a person. */
export function print(result: unknown, { json }: { readonly json?: boolean | undefined }, lines: () => readonly string[]): void {
  process.stdout.write(json ? `${JSON.stringify(result, null, 2)}\n` : `${lines().join("\n")}\n`);
}

/** A remark that is not part of the result. */
export function note(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Rows as columns of text, the first row a header; numbers are right-aligned. */
export function columns(rows: readonly (readonly (string | number | null)[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? "-" : String(cell))));
  const widths = cells[0]!.map((_, i) => Math.max(...cells.map((row) => row[i]!.length)));
  const isNumber = cells[0]!.map((_, i) =>
    rows.slice(1).every((row) => row[i] === null || typeof row[i] === "number" || /^[<\d.-]/.test(String(row[i]))),
  );
  return cells.map((row) =>
    row
      .map((cell, i) => (isNumber[i] ? cell.padStart(widths[i]!) : cell.padEnd(widths[i]!)))
      .join("  ")
      .trimEnd(),
  );
}

/** Pairs of a name and a value, aligned. */
export function pairs(entries: readonly (readonly [string, unknown])[]): string[] {
  const width = Math.max(...entries.map(([name]) => name.length));
  return entries.map(([name, value]) => `${name.padEnd(width)}  ${value}`);
}
