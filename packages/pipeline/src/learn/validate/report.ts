import type { BootstrapEstimate } from "./bootstrap-estimate.ts";
import type { CrossValidation, FoldRecord, Prediction } from "./cross-validate.ts";
import { featureRoles, type FeatureRole } from "./importance.ts";
import type { PermutationTest } from "./permutation.ts";
import { sampleSize, type SampleSize } from "./sample-size.ts";
import type { LearnSettings } from "../settings.ts";
import { selectionStability, type Stability } from "./stability.ts";

/** The JSON of `islet learn cv`. */
export interface LearnReport {
  readonly n: number;
  readonly events: number;
  /** How it was done, in words. */
  readonly method: string;
  readonly auc: number;
  readonly ci: readonly [lo: number, hi: number];
  readonly p: number;
  /** Groups of rows, where they come in groups: interval and p are then Obuchowski's. */
  readonly groups?: number;
  readonly acc: number;
  readonly sen: number;
  readonly spc: number;
  readonly threshold: number;
  readonly repeats?: CrossValidation["repeats"];
  readonly bootstrap?: BootstrapEstimate;
  readonly permutation?: PermutationTest;
  readonly stability: Stability;
  /** The features of the fold models, those in most of them first. */
  readonly features: readonly FeatureRole[];
  readonly sampleSize: SampleSize;
  /** What a reader must know. */
  readonly warnings: readonly string[];
  readonly settings: LearnSettings;
  readonly folds: readonly FoldRecord[];
  readonly predictions: readonly Prediction[];
}

/** A cross-validation under the names that `islet learn cv` prints. */
export function learnReport(cv: CrossValidation, settings: LearnSettings, permutation?: PermutationTest): LearnReport {
  const { n, events, auc, accuracy, sensitivity, specificity, threshold, folds, predictions, repeats, bootstrap, importance } = cv;
  const candidates = Math.max(...folds.map(({ candidates }) => candidates));
  const always = folds[0]!.features.length - folds[0]!.selected.length;
  const size = sampleSize(n, events, candidates + always);
  return {
    n,
    events,
    method: methodOf(settings, folds),
    auc: auc.value,
    ci: [auc.lo, auc.hi],
    p: auc.p,
    ...(auc.groups !== undefined && { groups: auc.groups }),
    acc: accuracy,
    sen: sensitivity,
    spc: specificity,
    threshold,
    ...(repeats && { repeats }),
    ...(bootstrap && { bootstrap }),
    ...(permutation && { permutation }),
    stability: selectionStability(
      folds.map(({ selected }) => selected),
      candidates,
    ),
    features: featureRoles(folds, importance),
    sampleSize: size,
    warnings: [...size.warnings, ...foldWarnings(folds), ...schemeWarnings(settings)],
    settings,
    folds,
    predictions,
  };
}

function foldWarnings(folds: readonly FoldRecord[]): string[] {
  const flagged = (flag: FoldRecord["flags"][number]) => folds.filter(({ flags }) => flags.includes(flag)).length;
  const of = folds.length;
  const sentences: [number, string][] = [
    [flagged("nothing-passed"), "nothing passed selection, and the feature with the smallest p was kept"],
    [flagged("platt-inverted"), "unseen patients were ranked the wrong way round, and the probabilities say so"],
    [flagged("not-converged"), "the solver stopped at its limit of steps"],
    [flagged("batch-not-harmonised"), "a batch had a single patient to learn from and was left as it is"],
  ];
  return sentences.flatMap(([count, what]) => (count > 0 ? [`in ${count} of ${of} models ${what}`] : []));
}

function schemeWarnings({ validation }: LearnSettings): string[] {
  const warnings: string[] = [];
  if (validation === "leave-one-out")
    warnings.push(
      "whoever is left out shifts the share of events in the training part against itself, so pooled leave-one-out risks of a weak model can rank the wrong way round; prefer repeated folds for an AUC",
    );
  return warnings;
}

/** How the learner was validated, and with what. */
function methodOf(
  { validation, classifier, search, select, impute, harmonise, scale }: LearnSettings,
  folds: readonly FoldRecord[],
): string {
  const times = new Set(folds.map(({ repeat = 0 }) => repeat).values()).size;
  const perRepeat = folds.length / times;
  const scheme =
    validation === "k-fold"
      ? `${times > 1 ? `${times} times ` : ""}${perRepeat}-fold stratified cross-validation`
      : validation === "bootstrap"
        ? `${folds.length} stratified bootstrap samples`
        : `leave-one-out (${folds.length} fits)`;
  const steps = [
    ...(impute === "none" ? [] : [`missing values by ${impute}`]),
    ...(harmonise ? ["ComBat"] : []),
    select.length ? `selection: ${select.map(({ step }) => step).join(", ")}` : "no selection",
    ...(scale === "none" ? [] : [`${scale === "robust" ? "robust scaling" : "z-scores"}`]),
    `${classifier.kind === "svm" ? `SVM (${classifier.kernels.join(", ")})` : `${classifier.penalty} logistic regression`} by ${search.kind === "grid" ? "grid" : `random (${search.draws} draws)`} search in inner folds`,
  ];
  return `${scheme}, each: ${steps.join("; ")}`;
}
