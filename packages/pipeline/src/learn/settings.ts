// The `learn` part of a study file, and what `islet learn cv` may be asked for: every step of the learner by name, with the method's defaults.
import { z } from "zod";
import { ConfigError } from "../errors.ts";
import { faultIn } from "../schema-fault.ts";

/** 2^from .. 2^to by factors of 2. */
const powersOfTwo = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, k) => 2 ** (from + k));

const column = z.string().min(1).describe("name of a column of the table");
const positive = z.number().positive();
const numbers = z.array(positive).min(1);

const selectionStep = z.discriminatedUnion("step", [
  z
    .strictObject({
      step: z.literal("univariate"),
      test: z
        .enum(["auto", "t", "welch", "mann-whitney"])
        .default("auto")
        .describe("auto: by normality and equal variance; 0/1 columns by Fisher"),
      alpha: z.number().gt(0).max(1).default(0.05).describe("features with p below it are kept"),
      adjust: z.enum(["none", "benjamini-hochberg"]).default("none").describe("adjustment of p for the number of features tested"),
    })
    .describe("features that differ between the outcomes"),
  z
    .strictObject({ step: z.literal("correlation"), threshold: z.number().gt(0).max(1).default(0.9) })
    .describe("of features with |r| at or above the threshold only the one with the smallest p is kept"),
  z.strictObject({ step: z.literal("mrmr"), top: z.int().min(1).default(20) }).describe("minimum redundancy, maximum relevance"),
  z
    .strictObject({ step: z.literal("lasso"), rule: z.enum(["min", "1se"]).default("min") })
    .describe("features with a coefficient in an L1 logistic regression whose penalty is cross-validated"),
  z.strictObject({ step: z.literal("top"), count: z.int().min(1).default(20) }).describe("the features with the smallest p"),
]);

const classifier = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("svm"),
    kernels: z
      .array(z.enum(["linear", "rbf", "poly"]))
      .min(1)
      .default(["linear", "rbf"]),
    C: numbers.default(powersOfTwo(-5, 15)),
    gamma: numbers.default(powersOfTwo(-15, 3)).describe("of the kernels rbf and poly"),
    degree: z.array(z.int().min(1).max(10)).min(1).default([3]).describe("of the kernel poly"),
    coef0: z.number().min(0).default(1).describe("of the kernel poly: (gamma a.b + coef0)^degree"),
  }),
  z.strictObject({
    kind: z.literal("logistic"),
    penalty: z.enum(["l1", "l2", "elastic-net"]).default("l2"),
    C: numbers.default(powersOfTwo(-7, 7)).describe("weight of the data against the penalty, as scikit-learn"),
    l1Ratio: z.array(z.number().gt(0).lt(1)).min(1).default([0.5]).describe("of the penalty elastic-net"),
  }),
]);

const threshold = z.discriminatedUnion("rule", [
  z.strictObject({ rule: z.literal("youden") }),
  z.strictObject({ rule: z.literal("sensitivity"), atLeast: z.number().gt(0).max(1).default(0.9) }),
  z.strictObject({
    rule: z.literal("cost"),
    falseNegative: positive.default(1).describe("cost of a missed event"),
    falsePositive: positive.default(1).describe("cost of a false alarm"),
  }),
]);

/** The schema of `learn`; each default is that of docs/method.md, section 7. */
export const learnSchema = z.strictObject({
  validation: z.enum(["k-fold", "leave-one-out", "bootstrap"]).default("k-fold").describe("bootstrap: the .632+ estimator"),
  folds: z.int().min(2).max(100).default(10).describe("outer folds, never more than the smaller class has members"),
  repeats: z.int().min(1).max(100).default(1).describe("how often the folds are drawn anew (k-fold)"),
  resamples: z.int().min(10).max(2000).default(200).describe("of the bootstrap"),
  group: column.optional().describe("rows with the same value stay together in folds, such as the lesions of one patient"),
  impute: z
    .enum(["none", "median", "mean"])
    .default("none")
    .describe("missing numbers, from the training part; categories take the most frequent"),
  missingFlag: z.boolean().default(false).describe("adds a 0/1 column for every column with missing values"),
  harmonise: z
    .strictObject({ method: z.literal("combat").default("combat"), batch: column.describe("column with the scanner or centre") })
    .optional()
    .describe("ComBat, fitted on the training part"),
  select: z
    .array(selectionStep)
    .default([{ step: "univariate", test: "auto", alpha: 0.05, adjust: "none" }])
    .describe("in order; [] keeps all"),
  scale: z.enum(["z-score", "robust", "none"]).default("z-score"),
  classifier: classifier.prefault({ kind: "svm" }),
  classWeight: z.enum(["balanced", "none"]).default("balanced"),
  search: z
    .discriminatedUnion("kind", [
      z.strictObject({ kind: z.literal("grid") }),
      z.strictObject({ kind: z.literal("random"), draws: z.int().min(1).max(10000).default(60) }),
    ])
    .default({ kind: "grid" })
    .describe("random: values drawn log-uniformly between the smallest and the largest of each list"),
  innerFolds: z.int().min(2).max(20).default(5).describe("of the search"),
  calibration: z.enum(["auto", "platt", "none"]).default("auto").describe("auto: Platt for the SVM, none for logistic regression"),
  threshold: threshold.default({ rule: "youden" }).describe("of the pooled internal risks, frozen for any other cohort"),
  importance: z.int().min(0).max(1000).default(0).describe("how often each feature is shuffled for its permutation importance"),
  permutations: z.int().min(0).max(100000).default(0).describe("how often the outcome is shuffled and everything run again"),
});

/** What the learner does, with every default filled in. */
export type LearnSettings = z.output<typeof learnSchema>;
/** One step of feature selection. */
export type SelectionStep = LearnSettings["select"][number];
/** Which classifier, and the values to search. */
export type ClassifierSettings = LearnSettings["classifier"];
/** How a risk becomes high or low. */
export type ThresholdRule = LearnSettings["threshold"];

/** The method's settings. */
export const METHOD_SETTINGS: LearnSettings = learnSchema.parse({});

/**
 * Settings from plain data, such as the options of a command.
 *
 * @param where  what messages call it
 * @throws ConfigError naming the key and what was expected
 */
export function learnSettings(input: unknown, where: string): LearnSettings {
  const result = learnSchema.safeParse(input);
  if (result.success) return result.data;
  throw new ConfigError(where, faultIn(result.error, learnSchema));
}
