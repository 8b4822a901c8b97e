// The methods paragraphs of a paper, written from the study file and from what ran.
import { learnSettings, type LearnSettings, type SelectionStep } from "../learn/settings.ts";
import { planRadiomics } from "../radiomics/plan.ts";
import { blockOf } from "../study/blocks.ts";
import { featureTablesOf } from "../study/config.ts";
import { VERSION } from "../version.ts";
import { isSynthetic, primaryModel, type StudyResults } from "../study/results.ts";
import { aucWords, isGrouped } from "./auc-words.ts";
import { listed, plural } from "./words.ts";

/** Where the study ran. */
export interface ReportFacts {
  readonly backend: string;
  /** Identifies the engine's code. */
  readonly engine: string;
}

/** A paragraph with its heading. */
export interface Paragraph {
  readonly heading: string;
  readonly sentences: readonly string[];
}

/** What was done, in the order of the work. */
export function methodsParagraphs(results: StudyResults, facts: ReportFacts): Paragraph[] {
  return [patients(results), images(results), features(results), learning(results), statistics(results), software(results, facts)];
}

function patients({ study, cohort }: StudyResults): Paragraph {
  const { event, time, horizonMonths, early } = study.outcome;
  const hasExternal = cohort.patients.some((p) => p.cohort === "external");
  return {
    heading: "Patients and outcome",
    sentences: [
      ...(isSynthetic(study) ? ["The patients are generated: this cohort is synthetic and says nothing about real tumours."] : []),
      `The outcome was "${event}"${time === undefined ? "" : ` within ${horizonMonths} months; an event later than that, or none, counted as none`}.`,
      ...(time === undefined
        ? []
        : [
            early === "exclude"
              ? "Patients censored before the horizon were left out."
              : "Patients censored before the horizon were kept and counted as without the event.",
          ]),
      hasExternal
        ? "Models were made on the internal cohort only; the external cohort was used once, for validation."
        : "There was no external cohort.",
    ],
  };
}

function images({ study }: StudyResults): Paragraph {
  if (Object.keys(study.phases).length === 0) return { heading: "Images", sentences: [] };
  const { spacing, interpolation, order } = study.preprocess;
  const phases = Object.entries(study.phases).map(([name, { window, percentiles, rough, roughFrom }]) => {
    const how = window
      ? `window level ${window.level}, width ${window.width} HU`
      : `window between the ${percentiles![0]}th and ${percentiles![1]}th percentile of the image`;
    const box = rough
      ? "; box around a reader's rough annotation"
      : roughFrom
        ? `; box around a rough annotation simulated from the mask (corners moved by ${roughFrom.jitterMm} mm standard deviation)`
        : "";
    return `${name} (${how}${box})`;
  });
  return {
    heading: "Images",
    sentences: [
      `Phases: ${listed(phases)}.`,
      `Images were resampled to ${spacing} mm isotropic voxels by ${interpolation === "cubic" ? "cubic B-spline" : "linear"} interpolation on grids aligned by their centres; masks by linear interpolation with a threshold of 0.5.`,
      order === "resample-window"
        ? "Intensities were clipped to the window after resampling."
        : "Intensities were clipped to the window before resampling.",
    ],
  };
}

function features({ study, blocks, network }: StudyResults): Paragraph {
  const sentences: string[] = [];
  const radiomics = [...blocks.keys()].filter((name) => name.startsWith("radiomics."));
  if (radiomics.length > 0) {
    const presets = [...new Set(radiomics.map((name) => blockOf(name, study).preset))];
    sentences.push(
      `Hand-crafted features from the fine mask: ${listed(presets.map((preset) => `${preset} (${planRadiomics(preset).description})`))}.`,
    );
  }
  const made = featureTablesOf(study).filter(([name]) => blocks.has(`features.${name}`));
  if (made.length > 0) {
    sentences.push(
      `Features made elsewhere were read from tables: ${listed(made.map(([name, { tables }]) => `features.${name} (${tables.join(", ")})`))}.`,
    );
  }
  if (network !== null) {
    const { inputSize } = study.deep;
    sentences.push(
      `Deep features: every axial slice of the box was stretched to ${inputSize} x ${inputSize} pixels and encoded by a U-Net (${network}); its bottleneck was averaged over each slice, the slices' vectors were parted into two clusters by K-means, and the mean of the larger one described the patient.`,
    );
  }
  const sizes = [...blocks.values()].map(({ name, columns, undefinedFeatures }) => {
    const left = undefinedFeatures.length;
    return `${name} ${columns.length - left}${left ? ` (${left} without a value for some patient left out)` : ""}`;
  });
  if (sizes.length > 0) sentences.push(`Number of features: ${listed(sizes)}.`);
  const variables = [...Object.keys(study.clinical), ...Object.keys(study.findings)];
  if (variables.length > 0)
    sentences.push(
      `Clinical variables and findings: ${listed(variables)}; a category became one 0/1 column a level, or one column where it has two.`,
    );
  return { heading: "Features", sentences };
}

function learning(results: StudyResults): Paragraph {
  const { study, models } = results;
  const learn = learnSettings(study.learn, "learn");
  const folds = new Set(models.map(({ result }) => result.crossValidation.folds.length));
  return {
    heading: "Models",
    sentences: [
      `${validation(learn, folds.size === 1 ? [...folds][0]! : learn.folds)} (seed ${study.seed}).`,
      `In each training part, and there only: ${steps(learn).join("; ")}.`,
      "Clinical variables were added after selection.",
      "The pooled risks of the held-out patients make one ROC curve. An external patient's risk is the mean of the fold models' risks.",
      `High risk is a risk at or above ${thresholdWords(learn)} of the pooled internal risks.`,
    ],
  };
}

function validation({ validation, repeats, resamples, group }: LearnSettings, folds: number): string {
  const grouped = group === undefined ? "" : `, rows with the same ${group} in the same part`;
  if (validation === "leave-one-out") return `Leave-one-out cross-validation on the internal cohort${grouped}`;
  if (validation === "bootstrap") return `Bootstrap validation (.632+) with ${resamples} resamples of the internal cohort${grouped}`;
  return `Stratified ${folds}-fold cross-validation on the internal cohort${repeats > 1 ? `, ${repeats} times` : ""}${grouped}`;
}

function steps({ impute, harmonise, select, scale, classifier, classWeight, search, innerFolds, calibration }: LearnSettings): string[] {
  const machine =
    classifier.kind === "svm"
      ? `a support vector machine (kernels ${listed(classifier.kernels)})`
      : `a logistic regression with ${classifier.penalty === "elastic-net" ? "elastic-net" : classifier.penalty.toUpperCase()} penalty`;
  return [
    ...(impute === "none" ? [] : [`missing numbers were filled by the ${impute}`]),
    ...(harmonise ? [`features were harmonised by ComBat over ${harmonise.batch}`] : []),
    ...select.map(selectionWords),
    ...(scale === "none"
      ? []
      : [scale === "z-score" ? "features were scaled to z-scores" : "features were scaled by median and interquartile range"]),
    `${machine} was tuned by AUC in ${innerFolds} inner folds (${search.kind === "grid" ? "full grid" : `${search.draws} random draws`})${classWeight === "balanced" ? ", the classes weighted equally" : ""}`,
    ...(calibration === "none" || (calibration === "auto" && classifier.kind !== "svm")
      ? []
      : ["risks were made by Platt scaling of inner out-of-fold decision values"]),
  ];
}

function selectionWords(step: SelectionStep): string {
  switch (step.step) {
    case "univariate": {
      const adjusted = step.adjust === "none" ? "" : ", adjusted by Benjamini and Hochberg";
      const test =
        step.test === "auto"
          ? "Student's or Welch's t-test or the Mann-Whitney test by normality and equality of variances, 0/1 columns by Fisher's exact test"
          : `the ${step.test} test`;
      return `features with P < ${step.alpha} were kept (${test}${adjusted}; the single smallest P where none passed)`;
    }
    case "correlation":
      return `of features with |r| of ${step.threshold} or more one was kept`;
    case "mrmr":
      return `the ${step.top} features of minimum redundancy and maximum relevance were kept`;
    case "lasso":
      return "features with a coefficient in a cross-validated LASSO were kept";
    case "top":
      return `the ${step.count} features with the smallest P were kept`;
  }
}

/** The rule by which a study's threshold is chosen, as a part of a sentence. */
export function thresholdWords({ threshold }: Pick<LearnSettings, "threshold">): string {
  if (threshold.rule === "youden") return "the threshold with the highest Youden index";
  if (threshold.rule === "sensitivity") return `the highest threshold with a sensitivity of at least ${threshold.atLeast}`;
  return `the threshold of least cost (missed event ${threshold.falseNegative}, false alarm ${threshold.falsePositive})`;
}

function statistics(results: StudyResults): Paragraph {
  const hasTimes = results.study.outcome.time !== undefined;
  const { interval, against, pair } = aucWords(isGrouped(results.study));
  return {
    heading: "Statistics",
    sentences: [
      `AUCs have ${interval} and are tested against 0.5 by ${against}; pairs of models are compared by ${pair}, with P also adjusted by Holm.`,
      "Calibration: groups of risk with Wilson's interval, logistic recalibration, Brier score. Decision curves: net benefit.",
      ...(hasTimes
        ? [
            `Survival of the risk groups of ${primaryModel(results).model} by Kaplan-Meier (log interval), the log-rank test, and restricted means, both cohorts together.`,
          ]
        : []),
      "All tests are two-sided; P values are not adjusted unless a table says so.",
    ],
  };
}

function software({ network, models }: StudyResults, { backend }: ReportFacts): Paragraph {
  return {
    heading: "Software",
    sentences: [
      `Islet ${VERSION}${network === null ? "" : `; the network ran on ${backend === "webgpu" ? "WebGPU" : "the processor (WebAssembly)"}`}. ${plural(models.length, "model")}. provenance.json has the hashes of all inputs and outputs; selftest.json what this machine was seen to compute.`,
    ],
  };
}
