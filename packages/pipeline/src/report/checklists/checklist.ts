import type { AnswerName } from "./answers.ts";

/** One item: its number in the checklist, what it asks in our own words, and what answers it; without one the authors write it. */
export type ChecklistItem = readonly [id: string, asks: string, answeredBy?: AnswerName];

/** A reporting checklist. */
export interface Checklist {
  readonly name: string;
  /** Where its items and their full wording are published. */
  readonly source: string;
  readonly items: readonly ChecklistItem[];
}
