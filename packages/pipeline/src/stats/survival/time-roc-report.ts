import { ConfigError } from "../../errors.ts";
import { concordance } from "./concordance.ts";
import type { SurvivalTable } from "./survival-table.ts";
import { timeRoc, type TimeRoc } from "./time-roc.ts";

/** The JSON of `islet stats time-roc`. */
export interface TimeRocReport {
  readonly n: number;
  /** Rows left out because a value is missing. */
  readonly leftOut: number;
  readonly scores: readonly {
    readonly score: string;
    readonly harrell: { readonly c: number; readonly se: number };
    readonly uno: { readonly c: number; readonly se: number };
    readonly times: readonly TimeRoc[];
  }[];
  readonly references: readonly string[];
}

/**
 * Time-dependent ROC curves and concordance of one or more scores on the same patients.
 *
 * @param scores  the columns asked for
 * @param at      times, in the unit of the follow-up
 * @throws ConfigError naming a score whose column is not of numbers; as `timeRoc`
 */
export function timeRocReport(
  { data, covariates, leftOut }: SurvivalTable,
  scores: readonly string[],
  at: readonly number[],
): TimeRocReport {
  const words = scores.find((score) => covariates.every(({ name }) => name !== score));
  if (words !== undefined) throw new ConfigError(`score ${words}`, "holds words; a score is a number, higher for an earlier event");
  return {
    n: data.time.length,
    leftOut,
    scores: covariates.map(({ name, values }) => {
      const [harrell, uno] = [concordance(data, values), concordance(data, values, { weights: "uno" })];
      return {
        score: name,
        harrell: { c: harrell.c, se: harrell.se },
        uno: { c: uno.c, se: uno.se },
        times: at.map((t) => timeRoc(data, values, t)),
      };
    }),
    references: [
      "cumulative/dynamic ROC: Heagerty, Lumley & Pepe 2000, cases weighted by the inverse probability of censoring (Uno et al. 2007)",
      "concordance: Harrell 1982; Uno et al. 2011; standard errors by infinitesimal jackknife",
    ],
  };
}
