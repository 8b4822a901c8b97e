// The first screen: what this machine has, the last studies, and where to go.
import { Box, Text } from "ink";
import { useState } from "react";
import type { RecentStudy } from "@islet/pipeline/node";
import { COLOUR, tint } from "../components/colour.ts";
import { Frame, useRoom } from "../components/frame.tsx";
import { List, moved } from "../components/list.tsx";
import { useDoor } from "./route.ts";
import { isOver, type JobState, type StudyJob } from "./study-job.ts";
import { useFetched, useJob } from "./use.ts";

/** Home. */
export function HomeScreen() {
  const { engine, go, quit, start, job } = useDoor();
  const { width, height } = useRoom();
  const [chosen, setChosen] = useState(0);
  const recent = useFetched("recent", () => engine.recent());
  const machine = useFetched("machine", () => engine.machine());
  const studies = recent.is === "there" ? recent.value : [];
  const isBusy = job !== null && !isOver(job.state());
  const show = (study: RecentStudy) => {
    if (job && job.state().order.out === study.out) go({ screen: "run" });
    else if (study.state === "finished") go({ screen: "results", out: study.out, file: study.file });
    else start({ file: study.file, out: study.out });
  };
  return (
    <Frame
      title="deep-learning radiomics for tumour recurrence studies"
      about={[
        "Choose one of your last studies to see its results, or to go on with one that was stopped; open another study file; run the demo, whose patients are generated; or score one new patient with a model that a study made.",
      ]}
      keys={[
        ...(studies.length
          ? ([
              ["↑↓", "choose"],
              ["enter", "show or go on"],
            ] as const)
          : []),
        ["o", "open a study"],
        ["d", "demo"],
        ["s", "score a patient"],
        ...(job ? ([["r", "running study"]] as const) : []),
        ["q", "end"],
      ]}
      onKey={(input, key) => {
        if (input === "q" || key.escape) quit();
        else if (input === "o") go({ screen: "open" });
        else if (input === "s") go({ screen: "score" });
        else if (input === "d") start({ file: null, out: DEMO_OUT });
        else if (input === "r" && job) go({ screen: "run" });
        else if (key.return && studies[chosen]) show(studies[chosen]);
        else setChosen(moved(chosen, studies.length, height, input, key));
      }}
    >
      <Text bold>This machine</Text>
      {machine.is === "pending" && <Text dimColor>looking for adapters ...</Text>}
      {machine.is === "failed" && <Text color={COLOUR.bad}>{machine.why}</Text>}
      {machine.is === "there" && (
        <>
          <Text wrap="truncate-end">
            {`${machine.value.cores} cores, ${machine.value.memoryGiB.toFixed(0)} GiB, ${machine.value.system}; WASM with ${machine.value.wasm}`}
          </Text>
          <Text wrap="truncate-end">
            {`the network runs on ${machine.value.backend === "webgpu" ? `WebGPU: ${machine.value.adapters.map((a) => a.description).join("; ")}` : `WASM (${machine.value.noAdapter || "the only adapter computes on the CPU"})`}`}
          </Text>
        </>
      )}
      {job && <RunningLine job={job} />}
      <Box marginTop={1} flexDirection="column">
        <Text bold>Your last studies</Text>
        {recent.is === "there" && studies.length === 0 && (
          <Text>none yet: press o to open a study file, or d for the demo (74 generated patients; about two minutes on two cores)</Text>
        )}
        <List
          items={studies}
          chosen={chosen}
          height={height - 6 - (job ? 1 : 0)}
          idOf={({ out }) => out}
          line={(study) => studyLine(study, width - 2, isBusy && job.state().order.out === study.out)}
        />
      </Box>
    </Frame>
  );
}

/** Where the demo's cohort and results go. */
const DEMO_OUT = "islet-out/demo";

function RunningLine({ job }: { readonly job: StudyJob }) {
  const state = useJob(job);
  return (
    <Text wrap="truncate-end" {...tint(isOver(state) ? undefined : COLOUR.accent)}>
      {jobLine(state)}
    </Text>
  );
}

/** A job in a line. */
function jobLine({ stage, name, progress: { cases, models } }: JobState): string {
  const counts = `${cases.done} of ${cases.total} patients, ${models.done} of ${models.total} models`;
  if (stage === "finished") return `finished: ${name}`;
  if (stage === "stopped" || stage === "failed") return `${stage}: ${name}; press r to see it and go on`;
  return `running: ${name}: ${counts}`;
}

function studyLine({ name, state, when, out }: RecentStudy, width: number, isRunning: boolean) {
  const tail = `${isRunning ? "running" : state === "running" ? "interrupted" : state}  ${when.slice(0, 16).replace("T", " ")}`;
  const place = Math.max(20, Math.floor((width - tail.length) * 0.6));
  const head = cut(name, place).padEnd(place);
  return `${head}  ${cut(out, Math.max(8, width - place - tail.length - 4), "start").padEnd(Math.max(8, width - place - tail.length - 4))}  ${tail}`;
}

/** A text in so many cells; what is left out of its end, or of its start, has an ellipsis for it. */
function cut(text: string, width: number, from: "start" | "end" = "end"): string {
  if (text.length <= width) return text;
  return from === "end" ? `${text.slice(0, width - 1)}…` : `…${text.slice(text.length - width + 1)}`;
}
