// The results paragraphs of a paper, written from the numbers and from nothing else.
import { calibration } from "../stats/prediction/calibration.ts";
import { modelPairs } from "./delong-tables.ts";
import { patientFlow } from "./flow.ts";
import type { Paragraph } from "./methods.ts";
import { primaryModel, type StudyResults } from "../study/results.ts";
import { bestOf, headline } from "./headline.ts";
import { risksOf, type ModelRisks } from "./risks.ts";
import { cohortShift } from "./shift.ts";
import { selectionCounts } from "./stability.ts";
import { riskGroupSurvival } from "./survival.ts";
import { univariateOf } from "./univariate-tables.ts";
import { auc, listed, plural, pWords, two } from "./words.ts";

/** What came out, in the order of the tables. */
export function resultsParagraphs(results: StudyResults): Paragraph[] {
  return [
    { heading: "Patients", sentences: patientSentences(results) },
    { heading: "Discrimination", sentences: discriminationSentences(results) },
    { heading: "Risks of the primary model", sentences: primarySentences(results) },
  ];
}

function patientSentences(results: StudyResults): string[] {
  const flows = patientFlow(results).map(
    ({ cohort, inTable, included, events }) =>
      `Of ${plural(inTable, "patient")} in the table of the ${cohort} cohort ${included} were included, ${events} with the event.`,
  );
  const variables = (["internal", "external"] as const).flatMap((cohort) => {
    const report = univariateOf(results, cohort);
    if (!report) return [];
    const differing = report.rows.filter(({ p }) => p !== null && p < 0.05);
    return [
      `In the ${cohort} cohort ${differing.length || "none"} of ${plural(report.rows.length, "variable")} differed between patients with and without the event at P < 0.05${differing.length ? `: ${listed(differing.map(({ variable, p }) => `${variable} (${pWords(p!)})`))}` : ""}.`,
    ];
  });
  return [...flows, ...variables];
}

function discriminationSentences(results: StudyResults): string[] {
  const { cohort, models } = results;
  const primary = risksOf(cohort, primaryModel(results));
  const sentences = [aucSentence(primary, true)];
  const others = headline(results)
    .filter(({ model }) => model !== primary.name)
    .map((model) => risksOf(cohort, model));
  if (others.length > 0)
    sentences.push(
      `Beside it: ${listed(others.map((model) => `${model.name} ${auc(model.internal.evaluation)}`))} on the internal cohort.`,
    );
  const best = [bestOf(results, "radiomics"), bestOf(results, "deep")].filter((model) => model !== undefined);
  if (best.length === 2) sentences.push(`The best models of each kind by internal AUC were ${best[0]!.model} and ${best[1]!.model}.`);
  const all = models.map((model) => risksOf(cohort, model));
  for (const name of ["internal", "external"] as const) {
    const pairs = modelPairs(all, name);
    if (pairs.length === 0) continue;
    const [raw, adjusted] = [pairs.filter(({ p }) => p < 0.05).length, pairs.filter(({ pHolm }) => pHolm < 0.05).length];
    sentences.push(
      `On the ${name} cohort ${raw} of ${plural(pairs.length, "pair")} of models differed in AUC at P < 0.05, ${adjusted} after adjustment by Holm.`,
    );
  }
  const external = all.filter((model) => model.external?.evaluation.p !== null && model.external !== null);
  if (external.length > 0) {
    const significant = external.filter(({ external: risks }) => risks!.evaluation.p! < 0.05 && risks!.evaluation.auc! > 0.5);
    sentences.push(
      significant.length === 0
        ? "On the external cohort no model's AUC was above 0.5 at P < 0.05."
        : `On the external cohort the AUC of ${listed(significant.map(({ name }) => name))} was above 0.5 at P < 0.05.`,
    );
  }
  return sentences;
}

function aucSentence({ name, internal, external }: ModelRisks, isFirst: boolean): string {
  const { acc, sen, spc, p } = internal.evaluation;
  const inside = `${isFirst ? "The primary model, " : ""}${name}, had a cross-validated AUC of ${auc(internal.evaluation)}${p === null ? "" : `, ${pWords(p)} against 0.5`}; at its threshold accuracy ${two(acc)}, sensitivity ${two(sen)}, specificity ${two(spc)}.`;
  if (!external) return inside;
  const outside = external.evaluation;
  return `${inside} On the ${external.ids.length} external patients its AUC was ${auc(outside)}${outside.p === null ? "" : `, ${pWords(outside.p)}`}; at the same threshold accuracy ${two(outside.acc)}, sensitivity ${two(outside.sen)}, specificity ${two(outside.spc)}.`;
}

function primarySentences(results: StudyResults): string[] {
  const model = primaryModel(results);
  const risks = risksOf(results.cohort, model);
  const sentences: string[] = [];
  for (const cohort of ["internal", "external"] as const) {
    const part = risks[cohort];
    if (!part || part.risk.length === 0) continue;
    const { brier, meanRisk, observed, slope } = calibration(part.outcome, part.risk, 5);
    sentences.push(
      `On the ${cohort} cohort the mean risk was ${two(meanRisk)} where ${two(observed)} had the event; Brier score ${two(brier)}${slope ? `, calibration slope ${two(slope.value)} (${two(slope.lo)} to ${two(slope.hi)})` : ""}.`,
    );
  }
  const survival = riskGroupSurvival(results);
  if (survival?.logRank) {
    const groups = survival.groups.map(
      ({ group, curve, mean }) =>
        `${group} risk: ${plural(curve.n, "patient")}, ${plural(curve.events, "event")}, mean ${mean.value.toFixed(1)} months (${mean.lo.toFixed(1)} to ${mean.hi.toFixed(1)})`,
    );
    sentences.push(
      `Risk groups of both cohorts together differed in survival with log-rank ${pWords(survival.logRank.p)}; ${groups.join("; ")}.`,
    );
  }
  const counts = selectionCounts(model);
  const folds = model.result.crossValidation.folds.length;
  if (counts.length > 0) {
    const always = counts.filter((count) => count.folds === folds).length;
    sentences.push(
      `Selection kept ${plural(counts.length, "feature")} in at least one of ${folds} training parts and ${always} in every one.`,
    );
  }
  const shift = cohortShift(results);
  if (shift && shift.features.length > 0) {
    sentences.push(
      `${(100 * shift.shareLarge).toFixed(0)}% of the ${plural(shift.features.length, "feature")} of ${shift.model} differ between the cohorts by more than half a standard deviation.`,
    );
  }
  return sentences;
}
