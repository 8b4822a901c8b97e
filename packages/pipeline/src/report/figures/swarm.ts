/**
 * Places points of near values beside each other, so that none hides another: offsets from a common line, symmetric about it.
 *
 * @param values   where each point lies along the line, px
 * @param size     a point's diameter, px
 * @param room     the widest that a row of points may be, px; a fuller row is packed closer
 * @returns        the offset of each point across the line, px
 */
export function swarm(values: readonly number[], size: number, room: number): number[] {
  const rows = new Map<number, number[]>();
  for (const [i, value] of values.entries()) {
    const row = Math.round(value / size);
    rows.set(row, [...(rows.get(row) ?? []), i]);
  }
  const offsets = values.map(() => 0);
  for (const members of rows.values()) {
    const step = Math.min(size, room / members.length);
    const sorted = members.toSorted((a, b) => values[a]! - values[b]! || a - b);
    for (const [k, i] of sorted.entries()) offsets[i] = (k - (members.length - 1) / 2) * step;
  }
  return offsets;
}
