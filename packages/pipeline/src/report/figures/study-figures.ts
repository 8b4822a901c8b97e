// Every figure of a study, in the order of the report.
import type { Cohort } from "../../study/cohort.ts";
import { risksOf } from "../risks.ts";
import type { ModelOutcome } from "../tables.ts";
import type { Figure } from "./draw.ts";
import { rocFigure } from "./roc.ts";

/** Draws what the study's results give; figures without data are left out. */
export function studyFigures({ cohort, models }: { readonly cohort: Cohort; readonly models: readonly ModelOutcome[] }): Figure[] {
  return [rocFigure(models.map((model) => risksOf(cohort, model)))];
}
