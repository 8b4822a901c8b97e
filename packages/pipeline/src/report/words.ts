// Numbers as the report writes them.
import type { Evaluation } from "../learn/validate/evaluate.ts";

/** What stands where there is no number. */
export const NONE = "\u2013";

/** Two decimals. */
export function two(value: number | null | undefined): string {
  return value === null || value === undefined || Number.isNaN(value) ? NONE : value.toFixed(2);
}

/** A P value to three decimals, never "0.000". */
export function pValue(p: number | null | undefined): string {
  if (p === null || p === undefined || Number.isNaN(p)) return NONE;
  return p < 0.001 ? "<0.001" : p.toFixed(3);
}

/** An interval to two decimals. */
export function range(lo: number | null | undefined, hi: number | null | undefined): string {
  return lo === null || hi === null || lo === undefined || hi === undefined || Number.isNaN(lo) || Number.isNaN(hi)
    ? NONE
    : `${lo.toFixed(2)} to ${hi.toFixed(2)}`;
}

/** An AUC with its interval. */
export function auc({ auc: value, lo, hi }: Evaluation): string {
  return value === null ? NONE : lo === null ? two(value) : `${two(value)} (${range(lo, hi)})`;
}

/** Words with commas and a last "and". */
export function listed(words: readonly string[]): string {
  return words.length < 2 ? (words[0] ?? "") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** A count with its noun. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

/** "P = 0.012", "P < 0.001". */
export function pWords(p: number): string {
  return p < 0.001 ? "P < 0.001" : `P = ${p.toFixed(3)}`;
}
