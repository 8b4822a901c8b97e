/** A p as tables print it: three decimals, four below 0.01, "<0.0001" below that. */
export function pText(p: number | null): string | null {
  if (p === null) return null;
  if (p < 0.0001) return "<0.0001";
  return p.toFixed(p < 0.01 ? 4 : 3);
}
