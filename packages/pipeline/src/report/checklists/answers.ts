// What the software can answer of a reporting checklist, and where in the report the evidence stands.
import { learnSettings } from "../../learn/settings.ts";
import type { Finding } from "../../study/guards/finding.ts";
import { VERSION } from "../../version.ts";
import { aucWords, isGrouped } from "../auc-words.ts";
import { methodsParagraphs, type ReportFacts } from "../methods.ts";
import { primaryModel, type StudyResults } from "../../study/results.ts";
import { plural } from "../words.ts";

/** An answer, and the id of the part of the report that shows it. */
export interface Answer {
  readonly text: string;
  readonly href: string;
}

/** Facts that several checklists ask for, by name; null where this study has none. */
export type Answers = Readonly<Record<AnswerName, Answer | null>>;

/** What can be answered. */
export type AnswerName =
  | "outcome"
  | "predictors"
  | "sampleSize"
  | "missing"
  | "partition"
  | "preprocessing"
  | "discretisation"
  | "segmentation"
  | "featureClasses"
  | "featureNumber"
  | "selection"
  | "scaling"
  | "model"
  | "tuning"
  | "imbalance"
  | "threshold"
  | "measures"
  | "uncertainty"
  | "comparison"
  | "calibration"
  | "baseline"
  | "flow"
  | "numbers"
  | "performance"
  | "survival"
  | "shift"
  | "overlap"
  | "limitations"
  | "confounders"
  | "internalTesting"
  | "externalTesting"
  | "combined"
  | "stability"
  | "followUp"
  | "software"
  | "settings"
  | "featureFiles"
  | "modelFile"
  | "explanation"
  | "checklists";

/** Writes the answers of a study. */
export function answersOf(results: StudyResults, findings: readonly Finding[], facts: ReportFacts): Answers {
  const { study, cohort, models, blocks } = results;
  const learn = learnSettings(study.learn, "learn");
  const { author, pair } = aucWords(isGrouped(study));
  const paragraphs = new Map(methodsParagraphs(results, facts).map(({ heading, sentences }) => [heading, sentences]));
  const said = (heading: string, from = 0, to?: number): Answer => ({
    text: (paragraphs.get(heading) ?? []).slice(from, to).join(" "),
    href: "methods",
  });
  const found = (...ids: Finding["id"][]): Answer => {
    const own = findings.filter(({ id }) => ids.includes(id));
    return { text: own.length > 0 ? own.map((finding) => finding.found).join(" ") : "Looked for and not found.", href: "warnings" };
  };
  const count = (name: "internal" | "external") => cohort.patients.filter((p) => p.cohort === name);
  const hasExternal = count("external").length > 0;
  const hasVariables = Object.keys({ ...study.clinical, ...study.findings }).length > 0;
  const hasRadiomics = [...blocks.keys()].some((name) => name.startsWith("radiomics."));
  const hasImages = Object.keys(study.phases).length > 0;
  const hasCombined = study.models.some((m) => m.clinical.length > 0);
  const numbers = (["internal", "external"] as const)
    .filter((name) => count(name).length > 0)
    .map((name) => `${name}: ${plural(count(name).length, "patient")}, ${plural(count(name).filter((p) => p.outcome).length, "event")}`);
  return {
    outcome: said("Patients and outcome", 0, -1),
    predictors: said("Features"),
    sampleSize: found("events-per-feature"),
    missing: found("missing-values", "failed-cases"),
    partition: said("Models", 0, 1),
    preprocessing: hasImages ? said("Images") : null,
    discretisation: hasRadiomics ? { text: `Preset ${study.radiomics.preset}, unless a block names another.`, href: "methods" } : null,
    segmentation: hasImages ? { text: "Masks and boxes as the study file names them, see Images.", href: "methods" } : null,
    featureClasses: said("Features", 0, -1),
    featureNumber: {
      text: [...blocks.values()].map(({ name, columns }) => `${name}: ${columns.length}`).join("; ") || "No image features.",
      href: "methods",
    },
    selection: said("Models", 1, 2),
    scaling: { text: `Scaling in the training part: ${learn.scale}.`, href: "methods" },
    model: said("Models", 1, 2),
    tuning: {
      text: `${learn.search.kind === "grid" ? "Full grid" : "Random search"} in ${learn.innerFolds} inner folds; the choice of every fold is in folds.csv.`,
      href: "methods",
    },
    imbalance: {
      text: learn.classWeight === "balanced" ? "Classes weighted equally in the fit; folds stratified." : "No weights; folds stratified.",
      href: "methods",
    },
    threshold: said("Models", 4, 5),
    measures: said("Statistics"),
    uncertainty: { text: `95% intervals of the AUCs (${author}), of calibration (Wilson) and of survival.`, href: "tables" },
    comparison:
      models.length > 1
        ? { text: `${pair[0]!.toUpperCase()}${pair.slice(1)} of every pair of models.`, href: "table-s3-delong-internal" }
        : null,
    calibration: { text: "Curve, slope, intercept and Brier score.", href: "figure-calibration" },
    baseline: hasVariables ? { text: "Clinical variables and findings by outcome.", href: "table-s2-internal" } : null,
    flow: { text: "Numbers at each stage, with reasons.", href: "table-flow" },
    numbers: { text: `${numbers.join("; ")}.`, href: "table-flow" },
    performance: { text: "Accuracy, sensitivity, specificity and AUC of every model.", href: "tables" },
    survival:
      study.outcome.time === undefined ? null : { text: "Kaplan-Meier by risk group with the log-rank test.", href: "figure-kaplan-meier" },
    shift: hasExternal ? { text: "Differences of the features, and both cohorts on two components.", href: "figure-external-shift" } : null,
    overlap: found("duplicate-scans", "duplicate-features", "trained-on-evaluated", "tables-not-scans"),
    limitations: { text: `${plural(findings.length, "finding")} of the guards, each with its consequence.`, href: "warnings" },
    confounders: found("scanner-and-outcome", "cohort-and-outcome", "tables-not-scans"),
    internalTesting: said("Models", 0, 1),
    externalTesting: hasExternal
      ? { text: "The mean risk of the fold models on the external cohort, at the internal threshold.", href: "tables" }
      : null,
    combined: hasCombined ? { text: "Models with clinical variables beside the image model.", href: "table-4-clinical" } : null,
    stability: { text: "How often the folds select each feature.", href: "figure-feature-stability" },
    followUp:
      study.outcome.time === undefined
        ? null
        : { text: `Follow-up to ${study.outcome.horizonMonths} months; ${found("early-censoring").text}`, href: "warnings" },
    software: { text: `Islet ${VERSION}; seed ${study.seed}; hashes of inputs, code and outputs in provenance.json.`, href: "provenance" },
    settings: { text: "The whole study file with its defaults is in provenance.json.", href: "provenance" },
    featureFiles: { text: "Features of every patient in features/*.csv.", href: "provenance" },
    modelFile: {
      text: `The model ${primaryModel(results).model} with preprocessing, fold models and threshold in model.islet, which islet score applies to new patients.`,
      href: "provenance",
    },
    explanation: hasCombined ? { text: "A nomogram of the image risk and the clinical variables.", href: "figure-nomogram" } : null,
    checklists: { text: "TRIPOD+AI, STROBE, CLEAR, METRICS and IBSI, filled below as far as software can.", href: "checklists" },
  };
}
