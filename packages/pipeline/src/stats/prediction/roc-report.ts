import { ConfigError } from "../../errors.ts";
import { bootstrapAuc, type BootstrapAuc } from "./bootstrap-auc.ts";
import { comparePlacements, intervalOf, logitIntervalOf, placementsOf } from "./delong.ts";
import { aucNullTest } from "../groups/mann-whitney.ts";
import { partialAuc, type PartialAuc } from "./partial-auc.ts";
import { precisionRecall } from "./precision-recall.ts";
import { confusionAt, curveOf, rankScores, youdenThreshold } from "./roc.ts";

/** A named column of scores, one a patient. */
export interface NamedScores {
  readonly name: string;
  readonly values: ArrayLike<number>;
}

/** A part of the ROC curve. */
export interface RocRange {
  readonly axis: "specificity" | "sensitivity";
  readonly from: number;
  readonly to: number;
}

/** The JSON of `islet stats roc`. */
export interface RocReport {
  readonly curves: readonly {
    readonly score: string;
    readonly n: number;
    /** Patients with the event. */
    readonly positives: number;
    readonly auc: number;
    /** 95% interval: DeLong's, DeLong's on the logit scale (null for an area of 0 or 1), or the bootstrap's percentiles; null with a single patient of one outcome. */
    readonly ci: readonly [lo: number, hi: number] | null;
    /** Mann-Whitney, against an AUC of one half. */
    readonly pRandom: number;
    readonly youden: { readonly threshold: number; readonly sensitivity: number; readonly specificity: number; readonly accuracy: number };
    /** Area under the precision-recall curve in steps; about positives / n for a score that carries nothing. */
    readonly averagePrecision: number;
    /** Both intervals of the bootstrap, when asked for; null with a single patient of one outcome. */
    readonly bootstrap?: BootstrapAuc | null;
    /** Area of the part asked for. */
    readonly partial?: PartialAuc & RocRange;
    /** The curve, from the highest score down, when asked for. */
    readonly points?: readonly {
      readonly threshold: number;
      readonly sensitivity: number;
      readonly specificity: number;
      readonly precision: number;
    }[];
  }[];
  /** Every pair of scores, in the order given; z and p are null where the variance has no value or is 0 for different areas. */
  readonly delong: readonly { readonly a: string; readonly b: string; readonly z: number | null; readonly p: number | null }[];
  /** How the numbers were made, in words. */
  readonly method: string;
}

/** How many replicates, and from which seed. */
export interface BootstrapOptions {
  readonly replicates: number;
  readonly seed: number;
}

/**
 * ROC curves of one or more scores on the same patients, and DeLong's paired test for every pair of them.
 *
 * @param outcome    1 = event, 0 = none
 * @param scores     at least one, higher = more likely an event
 * @param scale      of DeLong's interval
 * @param bootstrap  take the interval by resampling patients instead of DeLong's
 * @throws ConfigError when the outcome has one class, or naming the score and row (counted from 1) of a value that is not a number
 */
export function rocReport(
  outcome: ArrayLike<number>,
  scores: readonly NamedScores[],
  {
    partial,
    withPoints = false,
    scale = "plain",
    bootstrap,
  }: {
    readonly scale?: "plain" | "logit";
    readonly partial?: RocRange;
    readonly withPoints?: boolean;
    readonly bootstrap?: BootstrapOptions | undefined;
  } = {},
): RocReport {
  for (const { name, values } of scores) {
    for (let i = 0; i < values.length; i++) {
      if (Number.isNaN(values[i]!)) {
        throw new ConfigError(`score ${name}, row ${i + 1}`, "expected a number; fill the value or leave the row out of the table");
      }
    }
  }
  const placed = scores.map(({ name, values }) => {
    const ranked = rankScores(outcome, values);
    return { name, values, ranked, at: placementsOf(ranked) };
  });
  const pairs = placed.flatMap((a, i) => placed.slice(i + 1).map((b) => [a, b] as const));
  return {
    curves: placed.map(({ name, values, ranked, at }) => {
      const curve = curveOf(ranked);
      const { auc } = at;
      const { lo, hi } = scale === "logit" ? logitIntervalOf(at) : intervalOf(at);
      const hasInterval = !Number.isNaN(lo);
      const resampled = bootstrap && Math.min(curve.cases, curve.controls) > 1 ? bootstrapAuc(ranked, at, bootstrap) : null;
      const { precision, averagePrecision } = precisionRecall(curve);
      const points = Array.from(curve.thresholds, (threshold, i) => ({
        threshold,
        sensitivity: curve.tpr[i]!,
        specificity: 1 - curve.fpr[i]!,
        precision: precision[i]!,
      }));
      const threshold = youdenThreshold(curve);
      const { sensitivity, specificity, accuracy } = confusionAt(threshold, outcome, values);
      return {
        score: name,
        n: values.length,
        positives: curve.cases,
        auc,
        ci: resampled?.percentile ?? (hasInterval ? [lo, hi] : null),
        pRandom: aucNullTest(auc, curve.cases, curve.controls).p,
        youden: { threshold, sensitivity: sensitivity!, specificity: specificity!, accuracy: accuracy! },
        averagePrecision,
        ...(bootstrap && { bootstrap: resampled }),
        ...(partial && { partial: { ...partial, ...partialAuc(curve, partial.axis, partial.from, partial.to) } }),
        ...(withPoints && { points }),
      };
    }),
    delong: pairs.map(([a, b]) => {
      const { z, p } = comparePlacements(a.at, b.at);
      return { a: a.name, b: b.name, z: Number.isFinite(z) ? z : null, p: Number.isNaN(p) ? null : p };
    }),
    method:
      "AUC over all pairs of a patient with and one without the event, ties counted half; 95% interval " +
      (bootstrap
        ? `by stratified bootstrap (Efron 1987), ${bootstrap.replicates} replicates, seed ${bootstrap.seed}: percentiles, and BCa`
        : `by DeLong et al. 1988${scale === "logit" ? " on the logit scale (Pepe 2003)" : ""}`) +
      "; P against 0.5 by Mann-Whitney without corrections; threshold by Youden 1950, an observed score; average precision in steps" +
      (partial ? "; partial area standardised by McClish 1989" : "") +
      (pairs.length > 0 ? "; pairs by DeLong's paired test, two-sided, P not adjusted (stats delong adjusts)" : ""),
  };
}
