// A study while it runs: stages, patients, warnings; stop and go on.
import { Box, Text } from "ink";
import { useState } from "react";
import { COLOUR, tint } from "../components/colour.ts";
import { Frame, useRoom } from "../components/frame.tsx";
import { Meter } from "../components/meter.tsx";
import { clock, headline, secondsLeft } from "../components/study-progress.ts";
import { useDoor } from "./route.ts";
import { isOver, type JobState, type StudyJob } from "./study-job.ts";
import { useJob, useSeconds } from "./use.ts";

/** The study that runs or ran last. */
export function RunScreen() {
  const { job } = useDoor();
  return job ? <Run job={job} /> : null;
}

const STAGES = [
  ["cohort", "cohort"],
  ["reading", "study"],
  ["patients", "patients"],
  ["models", "models"],
  ["report", "report"],
] as const;

function Run({ job }: { readonly job: StudyJob }) {
  const { go, back, start, quit } = useDoor();
  const { width, height } = useRoom();
  const state = useJob(job);
  const isOverNow = isOver(state);
  const now = useSeconds(!isOverNow);
  const [isAsked, setAsked] = useState(false);
  const asks = isAsked && !isOverNow && state.stage !== "stopping";
  const { order, file } = state;
  const again = () => start({ file: file ?? order.file, out: order.out });
  return (
    <Frame
      title={state.name}
      about={[
        "Patients are computed first, then the models are learnt, then tables, figures and the report are written. Every finished patient and model is kept at once.",
        "Stopping waits for the patients in work and loses nothing: going on takes all that is there. The study also goes on while you look at other screens.",
      ]}
      keys={
        asks
          ? [
              ["y", "stop"],
              ["any other key", "go on"],
            ]
          : isOverNow
            ? [
                ...(state.stage === "finished" ? ([["enter", "results"]] as const) : ([["r", "go on"]] as const)),
                ["esc", "home"],
                ["q", "end"],
              ]
            : [
                ["q", "stop"],
                ["esc", "home, while it runs"],
              ]
      }
      onKey={(input, key) => {
        if (asks) {
          setAsked(false);
          if (input === "y") job.stop();
        } else if (key.escape) back();
        else if (input === "q") (isOverNow ? quit : () => setAsked(true))();
        else if (key.return && state.stage === "finished") go({ screen: "results", out: order.out, file });
        else if (input === "r" && state.stage !== "finished") again();
      }}
    >
      <StageLine state={state} />
      <Box marginTop={1} flexDirection="column">
        <Bars state={state} now={now} width={Math.max(20, Math.min(50, width - 45))} />
      </Box>
      {asks && (
        <Text bold color={COLOUR.warning}>
          Stop this study? What is finished is kept. y: stop, any other key: go on.
        </Text>
      )}
      <Outcome state={state} now={now} />
      <Below state={state} height={height - 9} width={width} />
    </Frame>
  );
}

function StageLine({ state: { stage, order, progress } }: { readonly state: JobState }) {
  const shown = STAGES.filter(([key]) => key !== "cohort" || order.file === null);
  const reached = stage === "finished" ? shown.length : shown.findIndex(([key]) => key === stage);
  return (
    <Box flexDirection="column">
      <Text wrap="truncate-end">
        {shown.map(([key, words], i) => (
          <Text key={key} dimColor={i > reached && reached >= 0} bold={i === reached}>
            {`${i > 0 ? "  →  " : ""}${i < reached ? "✓ " : i === reached ? "● " : "○ "}${words}`}
          </Text>
        ))}
      </Text>
      <Text dimColor wrap="truncate-end">
        {progress.start ? headline(progress.start).slice(progress.start.study.length + 2) : " "}
      </Text>
    </Box>
  );
}

function Bars({
  state: { order, made, progress, began, ended },
  now,
  width,
}: {
  readonly state: JobState;
  readonly now: number;
  readonly width: number;
}) {
  const { cases, models, computed, since } = progress;
  const left = secondsLeft(progress, now);
  const isOn = cases.done < cases.total;
  const minutes = since === null ? 0 : ((ended ?? now) - since) / 60_000;
  const tail = [
    cases.cached ? `${cases.cached} kept from before` : "",
    isOn && computed > 1 && minutes > 0 ? `${(computed / minutes).toFixed(computed / minutes < 10 ? 1 : 0)} a minute` : "",
    isOn && left !== null && ended === null ? `about ${clock(left)} left` : "",
  ].filter(Boolean);
  const madeLeft =
    made.done > 1 && made.done < made.of ? `about ${clock((((now - began) / made.done) * (made.of - made.done)) / 1000)} left` : "";
  return (
    <>
      {order.file === null && <Meter label="generated" done={made.done} total={made.of} tail={madeLeft} width={width} />}
      <Meter label="cases" done={cases.done} total={cases.total} tail={tail.join(", ")} width={width} />
      <Meter label="models" done={models.done} total={models.total} tail="" width={width} />
    </>
  );
}

function Outcome({ state: { stage, began, ended, error, order }, now }: { readonly state: JobState; readonly now: number }) {
  const spent = clock(((ended ?? now) - began) / 1000);
  if (stage === "finished")
    return (
      <Text color={COLOUR.good}>{`✓ finished after ${spent}; the report: ${order.out}/report.html. Press enter for the results.`}</Text>
    );
  if (stage === "stopped")
    return <Text color={COLOUR.warning}>{`stopped after ${spent}; what was finished is kept. Press r to go on from there.`}</Text>;
  if (stage === "failed") return <Text color={COLOUR.bad}>{`✗ ${error} Press r to go on when it is mended.`}</Text>;
  if (stage === "stopping") return <Text color={COLOUR.warning}>stopping when the cases in work are done; they are kept ...</Text>;
  return <Text dimColor>{`${spent} so far`}</Text>;
}

/** Warnings, and the cases done last: side by side where there is room. */
function Below({
  state: { latest, progress },
  height,
  width,
}: {
  readonly state: JobState;
  readonly height: number;
  readonly width: number;
}) {
  const { remarks } = progress;
  const half = remarks.length > 0 && width >= 120;
  const remarkRows = half ? height - 1 : Math.min(remarks.length * 2, Math.floor(height / 2));
  const caseRows = Math.max(0, half || remarks.length === 0 ? height - 1 : height - remarkRows - 2);
  return (
    <Box marginTop={1} gap={half ? 2 : 0} flexDirection={half ? "row" : "column"} overflow="hidden">
      {latest.length > 0 && (
        <Box flexDirection="column" width={half ? Math.floor(width / 2) : width} flexShrink={0}>
          <Text bold>Done last</Text>
          {latest.slice(0, caseRows).map(({ patient, phase, cached, error }) => (
            <Text key={`${patient} ${phase}`} wrap="truncate-end" {...tint(error === null ? undefined : COLOUR.bad)}>
              {`${error === null ? "✓" : "✗"} ${patient}  ${phase}${cached ? "  kept from before" : ""}${error === null ? "" : "  left out"}`}
            </Text>
          ))}
        </Box>
      )}
      {remarks.length > 0 && (
        <Box flexDirection="column" flexGrow={1}>
          <Text bold color={COLOUR.warning}>{`Warnings (${remarks.length})`}</Text>
          {remarks.slice(-Math.max(1, Math.floor(remarkRows / 2))).map((remark) => (
            <Text key={remark} color={COLOUR.warning}>
              {`! ${remark}`}
            </Text>
          ))}
        </Box>
      )}
    </Box>
  );
}
