import { aalenJohansen, type IncidenceCurve } from "./aalen-johansen.ts";
import { grayTest } from "./gray.ts";
import { orNull, roundTimes } from "./km-report.ts";
import { followUpOf, type SurvivalTable } from "./survival-table.ts";

/** Cumulative incidence at one time. */
interface Incidence {
  readonly time: number;
  readonly incidence: number;
  readonly se: number;
  readonly lo: number | null;
  readonly hi: number | null;
}

/** The JSON of `islet stats competing`. */
export interface CompetingReport {
  readonly n: number;
  /** Rows left out because a value is missing. */
  readonly leftOut: number;
  readonly groups: readonly {
    readonly name: string;
    readonly n: number;
    /** One for event 1, one for event 2. */
    readonly causes: readonly {
      readonly event: 1 | 2;
      readonly events: number;
      /** At round times. */
      readonly at: readonly Incidence[];
      /** Every distinct time of the group. */
      readonly curve: readonly (Incidence & { readonly atRisk: number; readonly events: number })[];
    }[];
  }[];
  /** Gray's test for event 1 and event 2; none without groups, or where nobody has the event. */
  readonly gray: readonly { readonly event: 1 | 2; readonly chi2: number | null; readonly df: number; readonly p: number | null }[];
  readonly strata: number | null;
  readonly references: readonly string[];
}

/** Cumulative incidence of two competing events by group, and Gray's tests between the groups. */
export function competingReport({ data, group, strata, leftOut }: SurvivalTable): CompetingReport {
  const names = group?.levels ?? ["all"];
  const causes = [1, 2] as const;
  const times = roundTimes(data.time.reduce((max, t) => Math.max(max, t), 0)).slice(1);
  return {
    n: data.time.length,
    leftOut,
    groups: names.map((name, g) => {
      const part = group ? followUpOf(data, group, g) : data;
      return {
        name,
        n: part.time.length,
        causes: causes.map((event) => {
          const curve = aalenJohansen(part, event);
          return {
            event,
            events: curve.events,
            at: times
              .filter((t) => t <= curve.time.at(-1)!)
              .map((t) => ({
                ...incidenceAt(
                  curve,
                  curve.time.findLastIndex((u) => u <= t),
                ),
                time: t,
              })),
            curve: Array.from(curve.time, (_, k) => ({ ...incidenceAt(curve, k), atRisk: curve.atRisk[k]!, events: curve.occurred[k]! })),
          };
        }),
      };
    }),
    gray: causes
      .filter((cause) => group && data.event.includes(cause))
      .map((event) => {
        const { chi2, df, p } = grayTest(data, group!.codes, names.length, event, strata?.codes);
        return { event, chi2: orNull(chi2), df, p: orNull(p) };
      }),
    strata: strata?.levels.length ?? null,
    references: [
      "Aalen & Johansen 1978; errors as R's survfit for competing events; 95% interval on the log scale",
      ...(group ? [`${strata ? "stratified " : ""}test between groups: Gray 1988, as R's cmprsk::cuminc`] : []),
    ],
  };
}

/** A curve's k-th entry; before the first time nothing has happened. */
function incidenceAt(curve: IncidenceCurve, k: number): Incidence {
  if (k < 0) return { time: 0, incidence: 0, se: 0, lo: null, hi: null };
  return { time: curve.time[k]!, incidence: curve.incidence[k]!, se: curve.se[k]!, lo: orNull(curve.lo[k]!), hi: orNull(curve.hi[k]!) };
}
