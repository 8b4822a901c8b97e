// Every figure of a study, in the order of the report.
import { primaryModel, type StudyResults } from "../../study/results.ts";
import { headline } from "../headline.ts";
import { risksOf } from "../risks.ts";
import { riskGroupSurvival } from "../survival.ts";
import { cohortShift } from "../shift.ts";
import { nomogramOf } from "../nomogram.ts";
import { calibrationFigure } from "./calibration.ts";
import { correlationFigure } from "./correlation.ts";
import { examplesFigure } from "./examples.ts";
import { externalShiftFigure } from "./external-shift.ts";
import { featureStabilityFigure } from "./feature-stability.ts";
import { nomogramFigure } from "./nomogram.ts";
import { decisionCurveFigure } from "./decision-curve.ts";
import type { Figure } from "./draw.ts";
import { kaplanMeierFigure } from "./kaplan-meier.ts";
import { riskDistributionFigure } from "./risk-distribution.ts";
import { rocFigure } from "./roc.ts";
import { trainingCurveFigure } from "./training-curve.ts";

/** Draws what the study's results give; figures without data are left out. */
export function studyFigures(results: StudyResults): Figure[] {
  const { cohort, models } = results;
  const primary = risksOf(cohort, primaryModel(results));
  const nomogram = nomogramOf(results);
  const shift = cohortShift(results);
  const survival = riskGroupSurvival(results);
  const figures = [
    rocFigure(models.map((model) => risksOf(cohort, model))),
    riskDistributionFigure(primary),
    survival && survival.groups.length > 0 ? kaplanMeierFigure(survival) : null,
    calibrationFigure(primary),
    decisionCurveFigure(headline(results).map((model) => risksOf(cohort, model))),
    "axes" in nomogram ? nomogramFigure(nomogram) : null,
    featureStabilityFigure(primaryModel(results)),
    correlationFigure(results),
    shift ? externalShiftFigure(shift) : null,
    results.examples && results.examples.length > 0 ? examplesFigure(results.examples, primary.name) : null,
    results.training && results.training.curve.length > 0
      ? trainingCurveFigure(results.training.curve, results.training.best, results.training.settings?.loss?.kind)
      : null,
  ];
  return figures.filter((figure) => figure !== null);
}
