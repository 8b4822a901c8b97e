// By whose formulas the areas under the curves are judged: DeLong's where patients are independent, Obuchowski's where the study groups them.
import type { StudyConfig } from "../study/config.ts";

/** Names of what was done, as parts of sentences. */
export interface AucWords {
  readonly author: "DeLong" | "Obuchowski";
  readonly interval: string;
  /** The test of an area against one half. */
  readonly against: string;
  readonly pair: string;
}

/** The words for a study, or for risks that have groups or none. */
export function aucWords(isGrouped: boolean): AucWords {
  return isGrouped
    ? {
        author: "Obuchowski",
        interval: "Obuchowski's 95% interval for grouped patients",
        against: "the variance of that interval",
        pair: "Obuchowski's paired test for grouped patients",
      }
    : { author: "DeLong", interval: "DeLong's 95% interval", against: "the Mann-Whitney test", pair: "DeLong's paired test" };
}

/** Whether a study's patients come in groups that are alike. */
export function isGrouped({ learn }: Pick<StudyConfig, "learn">): boolean {
  return learn.group !== undefined;
}
