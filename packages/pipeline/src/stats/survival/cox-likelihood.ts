// The partial likelihood of Cox's model with its derivatives, in one pass from the last time to the first.

/** How events at the same time are handled: Efron's approximation (R's default) or Breslow's (SPSS). */
export type Ties = "efron" | "breslow";

/** Patients sorted for the pass: by stratum, within it by falling time. */
export interface RiskSets {
  /** Row-major [n, p], standardised columns. */
  readonly x: Float64Array;
  readonly p: number;
  readonly event: Uint8Array;
  /** End of each patient's block of equal times in the sorted rows (exclusive), at the block's first row; 0 elsewhere. */
  readonly blockEnd: Uint32Array;
  /** 1 at the first row of a stratum. */
  readonly isStratumStart: Uint8Array;
}

/** The events of one time, as the pass meets them. */
export interface EventBlock {
  /** Sorted rows first .. end - 1 share the time. */
  readonly first: number;
  readonly end: number;
  /** Mean covariates of the risk set, averaged over the tied events' steps: [p]. */
  readonly mean: Float64Array;
  /** The time's contribution to the information: [p, p]. */
  readonly information: Float64Array;
}

/** Log partial likelihood, its gradient [p] and the information [p, p] at beta. */
export interface PartialLikelihood {
  readonly logLik: number;
  readonly score: Float64Array;
  readonly information: Float64Array;
}

/**
 * Log partial likelihood of beta with its first and (negative) second derivatives.
 *
 *   over event times with d events D among the risk set R, r_i = exp(x_i beta), k = 0 .. d - 1, f = k / d (Efron) or 0 (Breslow):
 *   S0 = sum_R r - f sum_D r,   S1 = sum_R r x - f sum_D r x,   S2 likewise with x x'
 *   logLik = sum_D x beta - sum_k log S0,   score = sum_D x - sum_k S1/S0,   information = sum_k S2/S0 - S1 S1'/S0^2
 *
 * @param visit  called for every time with an event; its arrays are used again for the next
 * @see Cox 1972; Breslow 1974; Efron 1977
 */
export function partialLikelihood(
  { x, p, event, blockEnd, isStratumStart }: RiskSets,
  beta: Float64Array,
  ties: Ties,
  visit?: (block: EventBlock) => void,
): PartialLikelihood {
  const n = event.length;
  const score = new Float64Array(p);
  const information = new Float64Array(p * p);
  const risk = sums(p);
  const dead = sums(p);
  const block = { mean: new Float64Array(p), information: new Float64Array(p * p) };
  let logLik = 0;
  for (let first = 0; first < n;) {
    const end = blockEnd[first]!;
    if (isStratumStart[first]) risk.clear();
    dead.clear();
    let died = 0;
    for (let i = first; i < end; i++) {
      let eta = 0;
      for (let a = 0; a < p; a++) eta += beta[a]! * x[i * p + a]!;
      const r = Math.exp(eta);
      risk.add(r, x, i);
      if (event[i] !== 1) continue;
      died++;
      dead.add(r, x, i);
      logLik += eta;
      for (let a = 0; a < p; a++) score[a]! += x[i * p + a]!;
    }
    if (died > 0) {
      block.mean.fill(0);
      block.information.fill(0);
      for (let k = 0; k < died; k++) {
        const f = ties === "efron" ? k / died : 0;
        const s0 = risk.s0[0]! - f * dead.s0[0]!;
        logLik -= Math.log(s0);
        for (let a = 0; a < p; a++) {
          const mean = (risk.s1[a]! - f * dead.s1[a]!) / s0;
          score[a]! -= mean;
          block.mean[a]! += mean / died;
          for (let b = 0; b <= a; b++)
            block.information[a * p + b]! +=
              (risk.s2[a * p + b]! - f * dead.s2[a * p + b]!) / s0 - (mean * (risk.s1[b]! - f * dead.s1[b]!)) / s0;
        }
      }
      for (let a = 0; a < p; a++) for (let b = 0; b < a; b++) block.information[b * p + a] = block.information[a * p + b]!;
      for (let a = 0; a < p * p; a++) information[a]! += block.information[a]!;
      visit?.({ first, end, ...block });
    }
    first = end;
  }
  return { logLik, score, information };
}

/** Running sums of r, r x and the lower triangle of r x x'. */
function sums(p: number) {
  const s0 = new Float64Array(1);
  const s1 = new Float64Array(p);
  const s2 = new Float64Array(p * p);
  return {
    s0,
    s1,
    s2,
    add(r: number, x: Float64Array, row: number) {
      s0[0]! += r;
      for (let a = 0; a < p; a++) {
        const rx = r * x[row * p + a]!;
        s1[a]! += rx;
        for (let b = 0; b <= a; b++) s2[a * p + b]! += rx * x[row * p + b]!;
      }
    },
    clear() {
      s0.fill(0);
      s1.fill(0);
      s2.fill(0);
    },
  };
}
