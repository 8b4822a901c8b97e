// The seam between the learner and its classifiers: a point of a search, a trained machine, its decision values.
import { trainSvm, type Core, type GridPoint } from "@islet/core-wasm";
import { fitLogistic, type StoredLogistic } from "./logistic.ts";
import { logisticDecisions } from "./logistic-problem.ts";
import { balancedWeights, storedDecisions, storeSvm, type StoredSvm } from "./svm.ts";

/** One choice of parameters for a logistic regression. */
export interface LogisticChoice {
  readonly penalty: "l1" | "l2" | "elastic-net";
  readonly C: number;
  /** 1 for l1, 0 for l2. */
  readonly l1Ratio: number;
}

/** One choice of parameters: of a support vector machine, which has a kernel, or of a logistic regression, which has a penalty. */
export type ClassifierChoice = GridPoint | LogisticChoice;

/** A trained classifier as plain JSON. */
export type StoredClassifier = StoredSvm | StoredLogistic;

/** How a classifier is trained, besides its choice. */
export interface TrainingOptions {
  /** Weights n / (2 * class size) instead of 1. */
  readonly balanced: boolean;
  /** Tolerance of the optimality conditions. */
  readonly tolerance: number;
}

/** Whether a choice is one of a support vector machine. */
export function isSvmChoice(choice: ClassifierChoice): choice is GridPoint {
  return "kernel" in choice;
}

/**
 * Trains a classifier.
 *
 * @param x  row-major [n, d], scaled
 * @param y  -1 or +1; both occur
 */
export function trainClassifier(
  core: Core,
  x: Float64Array,
  y: Int8Array,
  d: number,
  choice: ClassifierChoice,
  { balanced, tolerance }: TrainingOptions,
): StoredClassifier {
  const classWeight = balanced ? balancedWeights(y) : ([1, 1] as const);
  if (isSvmChoice(choice)) return storeSvm(trainSvm(core, x, y, d, { ...choice, classWeight, tolerance }));
  // Newton's last steps cost little and give all digits.
  return fitLogistic(x, y, d, { C: choice.C, l1Ratio: choice.l1Ratio, classWeight });
}

/** Decision values of n rows (row-major [n, d]); positive speaks for the event. */
export function classifierDecisions(core: Core, classifier: StoredClassifier, x: Float64Array, n: number): Float64Array {
  return "kernel" in classifier ? storedDecisions(core, classifier, x) : logisticDecisions(classifier, x, n);
}

/**
 * The weight of each feature in a classifier that is linear in them, in units of the scaled features; null for a kernel that is not.
 *
 *   linear SVM:  w = sum over support vectors of dualCoef * vector
 */
export function linearWeights(classifier: StoredClassifier): number[] | null {
  if (!("kernel" in classifier)) return classifier.coefficients;
  if (classifier.kernel.kind !== "linear") return null;
  const { d, supportVectors, dualCoef } = classifier;
  return Array.from({ length: d }, (_, j) => dualCoef.reduce((sum, coef, s) => sum + coef * supportVectors[s * d + j]!, 0));
}
