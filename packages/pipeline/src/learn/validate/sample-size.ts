// Is the sample large enough for a prediction model? Events per feature, and Riley's criteria.
import { normalQuantile } from "../../stats/distributions.ts";

/** What a cohort would need, and what it has. */
export interface SampleSize {
  readonly n: number;
  readonly events: number;
  /** Features that selection chose from, and columns that are always in: each is a chance to fit noise. */
  readonly candidates: number;
  /** Members of the smaller class per candidate. */
  readonly eventsPerCandidate: number;
  /** Riley's three criteria for a model of that many candidates, in patients. */
  readonly needed: {
    /** Shrinkage of at least 0.9. */
    readonly shrinkage: number;
    /** Apparent and adjusted Nagelkerke R2 within 0.05. */
    readonly optimism: number;
    /** The overall risk within +- 0.05. */
    readonly overallRisk: number;
  };
  /** The largest of them. */
  readonly patientsNeeded: number;
  /** Nagelkerke's R2 that the criteria assume. */
  readonly assumedR2: number;
  /** Sentences for the reader; none where the sample suffices. */
  readonly warnings: readonly string[];
}

/** Where nothing is known of a model, Riley et al. assume that it explains 15% of what can be explained. */
const ASSUMED_NAGELKERKE = 0.15;
/** Below 10 events per variable coefficients of a logistic regression are biased (Peduzzi et al. 1996). */
const EVENTS_PER_CANDIDATE = 10;

/**
 * Riley's minimum sample size for a binary outcome, and events per candidate feature.
 *
 *   maxR2 = 1 - (share^share (1 - share)^(1 - share))^2,   R2 = 0.15 maxR2
 *   shrinkage:    n = p / ((S - 1) ln(1 - R2 / S)),  S = 0.9
 *   optimism:     the same with  S = R2 / (R2 + 0.05 maxR2)
 *   overall risk: n = (1.96 / 0.05)^2 share (1 - share)
 *
 * Derived for regression without penalty. Selection and penalties need fewer events than that, by how much nobody knows beforehand; so these are warnings, not refusals.
 *
 * @param candidates  p, at least 1
 * @see Riley et al. 2020, BMJ 368:m441 and its R and Stata package pmsampsize; Peduzzi et al. 1996
 */
export function sampleSize(n: number, events: number, candidates: number): SampleSize {
  const share = events / n;
  const maxR2 = 1 - (share ** share * (1 - share) ** (1 - share)) ** 2;
  const R2 = ASSUMED_NAGELKERKE * maxR2;
  const patients = (S: number) => Math.ceil(candidates / ((S - 1) * Math.log(1 - R2 / S)));
  const needed = {
    shrinkage: patients(0.9),
    optimism: patients(R2 / (R2 + 0.05 * maxR2)),
    overallRisk: Math.ceil((normalQuantile(0.975) / 0.05) ** 2 * share * (1 - share)),
  };
  const patientsNeeded = Math.max(needed.shrinkage, needed.optimism, needed.overallRisk);
  const smaller = Math.min(events, n - events);
  const eventsPerCandidate = smaller / candidates;
  const warnings: string[] = [];
  if (eventsPerCandidate < EVENTS_PER_CANDIDATE) {
    warnings.push(
      `${smaller} ${events <= n - events ? "events" : "patients without the event"} for ${candidates} candidate features are ${shown(eventsPerCandidate)} per feature, where ${EVENTS_PER_CANDIDATE} are usual (Peduzzi et al. 1996)`,
    );
  }
  if (patientsNeeded > n) {
    warnings.push(
      `a regression on ${candidates} features would need ${patientsNeeded} patients at this share of events (Riley et al. 2020, Nagelkerke R2 ${ASSUMED_NAGELKERKE}); there are ${n}`,
    );
  }
  return { n, events, candidates, eventsPerCandidate, needed, patientsNeeded, assumedR2: ASSUMED_NAGELKERKE, warnings };
}

const shown = (value: number) => (value < 0.1 ? value.toPrecision(1) : value.toFixed(1));
