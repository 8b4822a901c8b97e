import { useState, type ReactNode } from "react";

/** A column of a table that sorts. */
export interface SortableColumn<Row> {
  readonly key: string;
  readonly heading: string;
  /** What rows are sorted by; null stands last. */
  readonly value: (row: Row) => string | number | null;
  readonly show?: (row: Row) => ReactNode;
  readonly isNumber?: boolean;
}

/** A table whose headings sort it: first rising, then falling, then as it came. */
export function SortableTable<Row>({
  caption,
  columns,
  rows,
  idOf,
  chosen,
  onChoose,
  onPoint,
}: {
  readonly caption: string;
  readonly columns: readonly SortableColumn<Row>[];
  readonly rows: readonly Row[];
  readonly idOf: (row: Row) => string;
  /** Rows that are marked. */
  readonly chosen?: (row: Row) => boolean;
  readonly onChoose?: (row: Row) => void;
  readonly onPoint?: (row: Row | null) => void;
}) {
  const [order, setOrder] = useState<{ readonly key: string; readonly falling: boolean } | null>(null);
  const next = (key: string) =>
    setOrder((now) => (now?.key !== key ? { key, falling: false } : now.falling ? null : { key, falling: true }));
  const by = columns.find(({ key }) => key === order?.key);
  const shown = by && order ? rows.toSorted((a, b) => compare(by.value(a), by.value(b), order.falling)) : rows;
  const sortWord = (key: string) => (order?.key !== key ? "none" : order.falling ? "descending" : "ascending");
  return (
    <div className="scroll" tabIndex={0} role="region" aria-label={caption}>
      <table className="sortable">
        <caption className="visually-hidden">{caption}</caption>
        <thead>
          <tr>
            {columns.map(({ key, heading, isNumber }) => (
              <th key={key} scope="col" className={isNumber ? "number" : undefined} aria-sort={sortWord(key)}>
                <button type="button" className="quiet" onClick={() => next(key)}>
                  {heading}
                  <span aria-hidden="true">{order?.key === key ? (order.falling ? " ↓" : " ↑") : ""}</span>
                </button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody onPointerLeave={() => onPoint?.(null)}>
          {shown.map((row) => (
            <tr
              key={idOf(row)}
              className={chosen?.(row) ? "is-chosen" : undefined}
              onClick={onChoose && (() => onChoose(row))}
              onPointerEnter={onPoint && (() => onPoint(row))}
            >
              {columns.map(({ key, value, show, isNumber }) => (
                <td key={key} className={isNumber ? "number" : undefined}>
                  {show ? show(row) : (value(row) ?? "–")}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function compare(a: string | number | null, b: string | number | null, falling: boolean): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null);
  const order = typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en", { numeric: true });
  return falling ? -order : order;
}
