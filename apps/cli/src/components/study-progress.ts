// How far a study has come: a fold of its events, without a screen.
import type { StudyEvent } from "@islet/pipeline";

/** What the screen shows; a fold of the events so far. */
export interface Progress {
  readonly start: Extract<StudyEvent, { type: "start" }> | null;
  readonly cases: { readonly done: number; readonly cached: number; readonly total: number };
  readonly models: { readonly done: number; readonly total: number };
  readonly remarks: readonly string[];
  /** When the first case was computed rather than found, ms. */
  readonly since: number | null;
  readonly computed: number;
}

/** Nothing has happened yet. */
export const NOTHING: Progress = {
  start: null,
  cases: { done: 0, cached: 0, total: 0 },
  models: { done: 0, total: 0 },
  remarks: [],
  since: null,
  computed: 0,
};

/** The progress after one more event. */
export function advance(progress: Progress, event: StudyEvent, now: number): Progress {
  switch (event.type) {
    case "start":
      return {
        ...progress,
        start: event,
        cases: { ...progress.cases, total: event.cases },
        models: { done: 0, total: event.models },
        since: now,
      };
    case "case":
      return {
        ...progress,
        cases: { done: event.done, cached: progress.cases.cached + (event.cached ? 1 : 0), total: event.total },
        computed: progress.computed + (event.cached ? 0 : 1),
        remarks: [...progress.remarks, ...remarksOf(event)],
      };
    case "model":
      return { ...progress, models: { done: event.done, total: event.total } };
    case "warning":
      return { ...progress, remarks: [...progress.remarks, event.message] };
    case "end":
      return progress;
  }
}

function remarksOf(event: Extract<StudyEvent, { type: "case" }>): string[] {
  const who = `${event.patient} ${event.phase}`;
  return [...(event.error ? [`left out: ${who}: ${event.error}`] : []), ...event.warnings.map((warning) => `${who}: ${warning}`)];
}

/** Seconds left for the cases, from the rate of those computed so far; null before there is a rate. */
export function secondsLeft({ cases, computed, since }: Progress, now: number): number | null {
  if (since === null || computed < 2) return null;
  return (((now - since) / computed) * (cases.total - cases.done)) / 1000;
}

/** A span of time as a person says it. */
export function clock(seconds: number): string {
  return seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}

/** What the study is, in one line. */
export function headline(start: NonNullable<Progress["start"]>): string {
  const external = start.external ? ` and ${start.external} external` : "";
  const network = start.network ? `; ${start.network}` : "";
  return `${start.study}: ${start.internal} internal${external} patients, ${start.models} models, ${start.backend} on ${start.workers} worker${start.workers > 1 ? "s" : ""}${network}`;
}

/** Where a run reports to. */
export interface StudyDisplay {
  tell(event: StudyEvent): void;
  close(): void;
}
