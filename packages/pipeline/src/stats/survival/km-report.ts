import { kaplanMeier, type ConfidenceType, type SurvivalCurve } from "./kaplan-meier.ts";
import { logRank, type LogRankTest, type LogRankWeights } from "./log-rank.ts";
import { medianAsR, medianAsSpss, type TimeInterval } from "./median-survival.ts";
import { restrictedMean } from "./restricted-mean.ts";
import { followUpOf, type SurvivalTable } from "./survival-table.ts";

/** A number, or null where it has no value: JSON knows no NaN. */
type Maybe = number | null;

/** A survival time with its interval. */
interface Time {
  readonly value: Maybe;
  readonly lo: Maybe;
  readonly hi: Maybe;
}

/** A mean survival time: its interval, its standard error and the time up to which it was taken. */
interface Mean extends Time {
  readonly se: Maybe;
  readonly limit: number;
}

/** The JSON of `islet stats km`. */
export interface KmReport {
  readonly n: number;
  readonly events: number;
  /** Rows left out because a value is missing. */
  readonly leftOut: number;
  readonly confType: ConfidenceType;
  readonly groups: readonly {
    readonly name: string;
    readonly n: number;
    readonly events: number;
    /** As R prints it; `spss` below has SPSS's. */
    readonly median: Time;
    /** As R prints it with rmean = "common" (or up to --limit): up to the longest follow-up of all groups. */
    readonly mean: Mean;
    /** What SPSS prints as "Means and Medians for Survival Time": the mean up to the group's own longest follow-up. */
    readonly spss: { readonly median: Time & { readonly se: Maybe }; readonly mean: Mean };
    /** Every distinct time, events and censorings alike. */
    readonly curve: readonly {
      readonly time: number;
      readonly atRisk: number;
      readonly events: number;
      readonly censored: number;
      readonly survival: number;
      readonly se: Maybe;
      readonly lo: Maybe;
      readonly hi: Maybe;
    }[];
  }[];
  /** Numbers at risk at round times, by group. */
  readonly riskTable: { readonly times: readonly number[]; readonly atRisk: readonly (readonly number[])[] };
  /** The log-rank test, within strata where they were asked for; null without groups or events. */
  readonly logRank: Comparison | null;
  /** The log-rank test and its weighted relatives. */
  readonly tests: readonly (Comparison & { readonly weights: LogRankWeights })[];
  readonly strata: number | null;
  readonly references: readonly string[];
}

/** A comparison of the groups' curves. */
interface Comparison {
  readonly chi2: Maybe;
  readonly df: number;
  readonly p: Maybe;
  readonly groups: LogRankTest["groups"];
}

/**
 * Survival by group: curves, medians and means as R and as SPSS print them, numbers at risk, and tests of equal survival.
 *
 * @param limit  where R's mean ends; by default the longest follow-up of all groups
 */
export function kmReport(
  { data, group, strata, leftOut }: SurvivalTable,
  { confType = "log", limit }: { readonly confType?: ConfidenceType; readonly limit?: number | undefined } = {},
): KmReport {
  const names = group?.levels ?? ["all"];
  const curves = names.map((_, g) => kaplanMeier(group ? followUpOf(data, group, g) : data, { confType }));
  const longest = curves.reduce((max, { time }) => Math.max(max, time.at(-1)!), 0);
  const times = roundTimes(longest);
  const weights = ["log-rank", "gehan-breslow", "tarone-ware", "peto-peto"] as const;
  // where nobody has the event the curves stay at 1 and there is nothing to compare
  const tests =
    group && data.event.includes(1)
      ? weights
          .map((by) => logRank(data, group.codes, names.length, { weights: by, ...(strata && { strata: strata.codes }) }))
          .map(({ chi2, p, ...rest }) => ({ chi2: orNull(chi2), p: orNull(p), ...rest }))
      : [];
  return {
    n: data.time.length,
    events: curves.reduce((sum, { events }) => sum + events, 0),
    leftOut,
    confType,
    groups: names.map((name, g) => groupReport(name, curves[g]!, limit ?? longest)),
    riskTable: { times, atRisk: curves.map((curve) => times.map((t) => atRiskAt(curve, t))) },
    logRank: tests[0] ? { chi2: tests[0].chi2, df: tests[0].df, p: tests[0].p, groups: tests[0].groups } : null,
    tests,
    strata: strata?.levels.length ?? null,
    references: [
      `Kaplan & Meier 1958; Greenwood 1926; ${confType} interval as R's survfit(conf.type = "${confType}")`,
      "median and mean: R's print.survfit; spss: IBM SPSS Statistics Algorithms, KM",
      ...(group
        ? [`${strata ? "stratified " : ""}log-rank: Mantel 1966, Peto & Peto 1972; Gehan 1965 and Breslow 1970; Tarone & Ware 1977`]
        : []),
    ],
  };
}

function groupReport(name: string, curve: SurvivalCurve, limit: number): KmReport["groups"][number] {
  const last = curve.time.at(-1)!;
  return {
    name,
    n: curve.n,
    events: curve.events,
    median: timeOf(medianAsR(curve)),
    mean: { ...withError(restrictedMean(curve, limit)), limit },
    spss: { median: withError(medianAsSpss(curve)), mean: { ...withError(restrictedMean(curve, last)), limit: last } },
    curve: Array.from(curve.time, (time, k) => ({
      time,
      atRisk: curve.atRisk[k]!,
      events: curve.died[k]!,
      censored: curve.censored[k]!,
      survival: curve.survival[k]!,
      se: orNull(curve.se[k]!),
      lo: orNull(curve.lo[k]!),
      hi: orNull(curve.hi[k]!),
    })),
  };
}

/** Patients still followed at a time. */
function atRiskAt({ time, atRisk }: SurvivalCurve, t: number): number {
  const k = time.findIndex((value) => value >= t);
  return k < 0 ? 0 : atRisk[k]!;
}

/** 0 and up to seven round times below the longest: steps of 1, 2, 3 (for months), 5 or 6 times a power of ten. */
export function roundTimes(longest: number): number[] {
  if (longest === 0) return [0];
  const power = 10 ** Math.floor(Math.log10(longest / 7));
  const step = power * [1, 2, 3, 5, 6, 10].find((s) => s * power * 7 >= longest)!;
  return Array.from({ length: Math.floor(longest / step) + 1 }, (_, i) => Number((i * step).toPrecision(12)));
}

/** A number, or null where it has no value. */
export function orNull(value: number): Maybe {
  return Number.isFinite(value) ? value : null;
}

function timeOf({ value, lo, hi }: TimeInterval): Time {
  return { value: orNull(value), lo: orNull(lo), hi: orNull(hi) };
}

function withError(time: TimeInterval & { readonly se: number }): Time & { readonly se: Maybe } {
  return { ...timeOf(time), se: orNull(time.se) };
}
