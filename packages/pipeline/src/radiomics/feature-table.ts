// Features as a table, the same bytes from every door.
import { stringify } from "#csv-stringify";

/** Features as CSV with one row a case. */
export function featureTable(rows: readonly Readonly<Record<string, string | number | null>>[], columns: readonly string[]): string {
  return stringify([columns, ...rows.map((row) => columns.map((name) => row[name] ?? ""))] as string[][]);
}
