import { rocCurve } from "../../stats/prediction/roc.ts";

/** One measure, estimated four ways. */
export interface Estimate632 {
  /** On the rows the model was fitted on: too good. */
  readonly apparent: number;
  /** On rows left out of the bootstrap samples: too bad, because a sample holds 63% of the rows. */
  readonly outOfBag: number;
  /** .368 apparent + .632 out of bag. */
  readonly plain632: number;
  /** The same with more weight on the out-of-bag part the more the model overfits. */
  readonly plus632: number;
  /** Relative overfitting rate, 0 .. 1. */
  readonly overfitting: number;
}

/** What a bootstrap says of the learner. */
export interface BootstrapEstimate {
  readonly resamples: number;
  readonly auc: Estimate632;
  /** Mean squared difference of risk and outcome. */
  readonly brier: Estimate632;
}

/**
 * The .632+ estimates of the AUC and the Brier score.
 *
 *   R = (apparent - out) / (apparent - none),  w = .632 / (1 - .368 R),  estimate = (1 - w) apparent + w out
 *
 * `none` is what the model would reach if features said nothing of the outcome: 0.5 for the AUC; for the Brier score the mean over all pairs of a patient's
 * outcome and another's risk. Out of bag is kept on the near side of `none`, and R within 0 .. 1. The out-of-bag AUC is the mean over the samples that leave out patients
 * of both outcomes; the out-of-bag Brier score the mean over patients of their mean loss.
 *
 * @param apparent  each row's risk by the model of all rows
 * @param risks     each row's risks by the samples that left it out
 * @see Efron & Tibshirani 1997, Improvements on cross-validation: the .632+ bootstrap method; Adler & Lausen 2009 for the AUC
 */
export function bootstrapEstimate(
  outcome: Uint8Array,
  apparent: Float64Array,
  risks: readonly { readonly row: number; readonly fold: number; readonly risk: number }[],
): BootstrapEstimate {
  const n = outcome.length;
  const samples = new Map<number, { y: number[]; risk: number[] }>();
  const loss = new Float64Array(n);
  const count = new Float64Array(n);
  for (const { row, fold, risk } of risks) {
    const sample = samples.get(fold) ?? { y: [], risk: [] };
    sample.y.push(outcome[row]!);
    sample.risk.push(risk);
    samples.set(fold, sample);
    loss[row]! += (risk - outcome[row]!) ** 2;
    count[row]!++;
  }
  const aucs = [...samples.values()].filter(({ y }) => y.includes(1) && y.includes(0)).map(({ y, risk }) => rocCurve(y, risk).auc);
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0) / values.length;
  let pairs = 0;
  for (const risk of apparent) for (const y of outcome) pairs += (risk - y) ** 2;
  const squares = apparent.map((risk, i) => (risk - outcome[i]!) ** 2);
  return {
    resamples: samples.size,
    auc: combined(rocCurve(outcome, apparent).auc, mean(aucs), 0.5),
    brier: combined(mean(squares), mean(loss.map((sum, i) => sum / count[i]!)), pairs / n ** 2),
  };
}

function combined(apparent: number, out: number, none: number): Estimate632 {
  // On the near side of `none`, whichever side is the better one.
  const kept = apparent > none ? Math.max(out, none) : Math.min(out, none);
  const rate = apparent === none ? 0 : (apparent - kept) / (apparent - none);
  const overfitting = Math.min(1, Math.max(0, rate));
  const w = 0.632 / (1 - 0.368 * overfitting);
  return { apparent, outOfBag: out, plain632: 0.368 * apparent + 0.632 * out, plus632: (1 - w) * apparent + w * kept, overfitting };
}
