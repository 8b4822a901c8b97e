// The progress of a study: live on a terminal, plain lines elsewhere.
import type { StudyEvent } from "@islet/pipeline";
import { ProgressBar, Spinner } from "@inkjs/ui";
import { Box, render, Static, Text } from "ink";
import { useEffect, useState } from "react";
import { note } from "../output.ts";

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
export const NOTHING: Progress = { start: null, cases: { done: 0, cached: 0, total: 0 }, models: { done: 0, total: 0 }, remarks: [], since: null, computed: 0 };

/** The progress after one more event. */
export function advance(progress: Progress, event: StudyEvent, now: number): Progress {
  switch (event.type) {
    case "start":
      return { ...progress, start: event, cases: { ...progress.cases, total: event.cases }, models: { done: 0, total: event.models }, since: now };
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

const clock = (seconds: number) => (seconds < 90 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`);

/** What the study is, in one line. */
export function headline(start: NonNullable<Progress["start"]>): string {
  const external = start.external ? ` and ${start.external} external` : "";
  const network = start.network ? `; ${start.network}` : "";
  return `${start.study}: ${start.internal} internal${external} patients, ${start.models} models, ${start.backend} on ${start.workers} worker${start.workers > 1 ? "s" : ""}${network}`;
}

/** One bar with its count. */
function Bar({ label, done, total, tail }: { readonly label: string; readonly done: number; readonly total: number; readonly tail: string }) {
  return (
    <Box gap={1}>
      <Box width={9}>
        <Text>{label}</Text>
      </Box>
      <Box width={30}>
        <ProgressBar value={total ? (100 * done) / total : 0} />
      </Box>
      <Text>
        {done}/{total} {tail}
      </Text>
    </Box>
  );
}

/** The live screen: remarks scroll away above, the bars stay. */
export function StudyScreen({ progress, now }: { readonly progress: Progress; readonly now: number }) {
  const { start, cases, models, remarks } = progress;
  const left = secondsLeft(progress, now);
  const tail = [cases.cached ? `${cases.cached} kept from before` : "", left !== null && cases.done < cases.total ? `about ${clock(left)} left` : ""].filter(Boolean).join(", ");
  return (
    <Box flexDirection="column">
      <Static items={remarks.map((text, key) => ({ key, text }))}>{({ key, text }) => <Text key={key} color="yellow">{`! ${text}`}</Text>}</Static>
      {start ? <Text bold>{headline(start)}</Text> : <Spinner label="reading the study" />}
      {start && <Bar label="patients" done={cases.done} total={cases.total} tail={tail} />}
      {start && <Bar label="models" done={models.done} total={models.total} tail="" />}
    </Box>
  );
}

/** Where a run reports to. */
export interface StudyDisplay {
  tell(event: StudyEvent): void;
  close(): void;
}

/** A live screen on stderr where that is a terminal, plain lines where it is not. */
export function showStudy(stream: NodeJS.WriteStream = process.stderr): StudyDisplay {
  return stream.isTTY && !process.env["CI"] ? liveDisplay(stream) : plainDisplay();
}

function liveDisplay(stream: NodeJS.WriteStream): StudyDisplay {
  let progress = NOTHING;
  let redraw: (progress: Progress) => void = () => {};
  function Live() {
    const [state, setState] = useState(progress);
    const [now, setNow] = useState(() => Date.now());
    useEffect(() => {
      redraw = setState;
      const tick = setInterval(() => setNow(Date.now()), 1000);
      return () => clearInterval(tick);
    }, []);
    return <StudyScreen progress={state} now={now} />;
  }
  const screen = render(<Live />, { stdout: stream, exitOnCtrlC: false, patchConsole: false });
  return {
    tell(event) {
      progress = advance(progress, event, Date.now());
      redraw(progress);
    },
    close: () => screen.unmount(),
  };
}

function plainDisplay(): StudyDisplay {
  let progress = NOTHING;
  let said = Date.now();
  return {
    tell(event) {
      const before = progress.remarks.length;
      progress = advance(progress, event, Date.now());
      if (event.type === "start") note(headline(event));
      for (const remark of progress.remarks.slice(before)) note(`! ${remark}`);
      if (event.type === "model") note(`model ${event.done}/${event.total}: ${event.model}${event.cached ? " (kept from before)" : ""}`);
      const { done, total, cached } = progress.cases;
      if (event.type === "case" && (done === total || Date.now() - said > 10_000)) {
        said = Date.now();
        const left = secondsLeft(progress, said);
        note(`patients ${done}/${total}${cached ? `, ${cached} kept from before` : ""}${left !== null && done < total ? `, about ${clock(left)} left` : ""}`);
      }
    },
    close: () => {},
  };
}
