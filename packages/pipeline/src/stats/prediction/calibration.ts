import { normalTwoSided } from "../distributions.ts";
import { wilson, type Interval } from "../proportion.ts";
import { recalibrate, type Recalibration } from "./recalibration.ts";

/** One point of the calibration curve. */
interface CalibrationBin {
  readonly n: number;
  readonly events: number;
  readonly meanRisk: number;
  /** events / n, with Wilson's interval. */
  readonly observed: number;
  readonly ci: Interval;
}

/** How well risks agree with outcomes. */
export interface Calibration extends Recalibration {
  readonly n: number;
  readonly events: number;
  /** Mean of the risks, and the share with the event. */
  readonly meanRisk: number;
  readonly observed: number;
  /** Mean squared distance of risk and outcome: 0 .. 1, smaller is better. */
  readonly brier: number;
  /** 1 - brier / (observed (1 - observed)): 1 is perfect, 0 no better than one risk for all; null with one class. */
  readonly brierScaled: number | null;
  /** Mean distance of mean risk and observed share over equal widths of risk, weighted by their numbers. */
  readonly ece: number;
  /** z and two-sided p that the Brier score is what these risks promise; null where every risk is 0, 1/2 or 1. */
  readonly spiegelhalter: { readonly z: number; readonly p: number } | null;
  /** From the lowest risks up; groups of about equal size. */
  readonly bins: readonly CalibrationBin[];
}

/**
 * Agreement of risks with outcomes: the curve, logistic recalibration, Brier score, expected calibration error and Spiegelhalter's test.
 *
 *   brier = mean (y - p)^2
 *   ece   = sum over k equal widths of [0, 1]  n_k / n * | mean y - mean p |        (the last width holds p = 1)
 *   z     = sum (y - p)(1 - 2p) / sqrt( sum (1 - 2p)^2 p (1 - p) )
 *
 * The curve's groups have as equal sizes as equal risks allow: these stay together, in the group where their middle rank falls.
 *
 * @param outcome  1 = event, 0 = none
 * @param risks    probabilities 0 .. 1, one a patient, at least one
 * @param groups   groups of the curve, and widths of the expected calibration error; at least 1
 * @see Brier 1950; Spiegelhalter 1986; Naeini, Cooper & Hauskrecht 2015 for the error; Van Calster et al. 2019 for the levels of calibration
 */
export function calibration(outcome: ArrayLike<number>, risks: ArrayLike<number>, groups = 10): Calibration {
  const n = risks.length;
  let [events, sum, squares, product, variance] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [y, p] = [outcome[i] !== 0 ? 1 : 0, risks[i]!];
    events += y;
    sum += p;
    squares += (y - p) ** 2;
    product += (y - p) * (1 - 2 * p);
    variance += (1 - 2 * p) ** 2 * p * (1 - p);
  }
  const observed = events / n;
  const z = product / Math.sqrt(variance);
  return {
    n,
    events,
    meanRisk: sum / n,
    observed,
    brier: squares / n,
    brierScaled: events > 0 && events < n ? 1 - squares / n / (observed * (1 - observed)) : null,
    ece: expectedCalibrationError(outcome, risks, groups),
    spiegelhalter: variance > 0 ? { z, p: normalTwoSided(z) } : null,
    ...recalibrate(outcome, risks),
    bins: curve(outcome, risks, groups),
  };
}

function expectedCalibrationError(outcome: ArrayLike<number>, risks: ArrayLike<number>, widths: number): number {
  const excess = new Float64Array(widths);
  for (let i = 0; i < risks.length; i++) {
    const width = Math.min(widths - 1, Math.floor(risks[i]! * widths));
    excess[width]! += (outcome[i] !== 0 ? 1 : 0) - risks[i]!;
  }
  return excess.reduce((total, difference) => total + Math.abs(difference), 0) / risks.length;
}

function curve(outcome: ArrayLike<number>, risks: ArrayLike<number>, groups: number): CalibrationBin[] {
  const n = risks.length;
  const order = Array.from({ length: n }, (_, i) => i).sort((a, b) => risks[a]! - risks[b]!);
  const bins = Array.from({ length: groups }, () => ({ n: 0, events: 0, sum: 0 }));
  for (let first = 0, next: number; first < n; first = next) {
    next = first + 1;
    while (next < n && risks[order[next]!] === risks[order[first]!]) next++;
    const bin = bins[Math.floor((groups * ((first + next) / 2)) / n)]!;
    for (let k = first; k < next; k++) {
      bin.n++;
      bin.sum += risks[order[k]!]!;
      if (outcome[order[k]!] !== 0) bin.events++;
    }
  }
  return bins
    .filter((bin) => bin.n > 0)
    .map((bin) => ({
      n: bin.n,
      events: bin.events,
      meanRisk: bin.sum / bin.n,
      observed: bin.events / bin.n,
      ci: wilson(bin.events, bin.n),
    }));
}
