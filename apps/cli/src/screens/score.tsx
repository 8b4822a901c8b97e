// One new patient, scored with a model that a study made.
import { Spinner } from "@inkjs/ui";
import { Box, Text } from "ink";
import { useState } from "react";
import type { BundleDescription, Score } from "@islet/pipeline";
import { COLOUR } from "../components/colour.ts";
import { Field, fieldText } from "../components/field.tsx";
import { Frame, useRoom } from "../components/frame.tsx";
import { sentenceOf } from "../exit.ts";
import { expandHome } from "./engine.ts";
import { useForm } from "./form.tsx";
import { useDoor } from "./route.ts";
import { fieldsOf, scoreFilesOf } from "./score-fields.ts";
import { ScoreResult } from "./score-result.tsx";
import { useDraft } from "./use.ts";

type State =
  | { readonly is: "filling"; readonly why: string }
  | { readonly is: "busy"; readonly words: string; readonly stop: () => void }
  | { readonly is: "scored"; readonly score: Score };

const MODEL = "model";
const DRAFT = "score";

/** Fills in the model, for who comes from its study; the other fields stay as they were. */
export function proposeModel(drafts: Map<string, unknown>, path: string): void {
  drafts.set(DRAFT, { ...(drafts.get(DRAFT) as object | undefined), [MODEL]: fieldText(path) });
}
const NOTHING: State = { is: "filling", why: "" };

/** Scores a patient. */
export function ScoreScreen() {
  const { engine, back } = useDoor();
  const { width, height } = useRoom();
  const [opened, setOpened] = useDraft<{ path: string; bundle: BundleDescription } | null>("score bundle", null);
  const [state, setState] = useState<State>(NOTHING);
  const fields = opened ? fieldsOf(opened.bundle) : [];
  const names = [MODEL, ...fields.map(({ name }) => name)];
  const paths = [MODEL, ...fields.filter(({ isPath }) => isPath).map(({ name }) => name)];
  const form = useForm(DRAFT, names, paths, () => state.is === "filling" && state.why !== "" && setState(NOTHING));
  const path = expandHome(form.text(MODEL).trim());

  /** Does what takes a while; until it ends, or is stopped, the screen says what it does. */
  const during = async (words: string, work: (signal: AbortSignal, say: (words: string) => void) => Promise<State>) => {
    const stopper = new AbortController();
    const stop = () => {
      stopper.abort();
      setState({ is: "filling", why: "stopped; what was typed is kept." });
    };
    const show = (next: State) => stopper.signal.aborted || setState(next);
    const say = (now: string) => show({ is: "busy", words: now, stop });
    say(words);
    show(await work(stopper.signal, say).catch((error: unknown): State => ({ is: "filling", why: sentenceOf(error) })));
  };
  const open = (from: string) =>
    during("opening the model", async (signal) => {
      const bundle = await engine.describe(from);
      if (!signal.aborted) setOpened({ path: from, bundle });
      return NOTHING;
    });
  const score = () =>
    during("computing the patient's features", async (signal, say) => {
      const files = { model: path, ...scoreFilesOf(fields, form.text) };
      const found = await engine.score(files, signal, ({ stage, phase, done, total }) =>
        say(phase === null ? stage : `${stage} of ${phase}, ${done + 1} of ${total}`),
      );
      return { is: "scored", score: found };
    });
  if (state.is === "scored")
    return (
      <Frame
        title={`score by ${state.score.model}`}
        aside={state.score.synthetic ? "SYNTHETIC model; research use only" : "research use only"}
        about={[
          "The risk is the mean probability of the study's fold models; the threshold is the study's. The percentile is among the internal patients' risks. Bars: what each block, variable or feature adds to the risk against the average training patient.",
        ]}
        keys={[["esc", "back to the form"]]}
        onKey={(_, key) => (key.escape || key.return) && setState(NOTHING)}
      >
        <ScoreResult score={state.score} width={width} height={height} />
      </Frame>
    );
  const isOpen = opened !== null && opened.path === path;
  const labelWidth = Math.min(28, Math.max(8, ...names.map((name) => name.length)) + 2);
  const room = Math.max(3, height - 8);
  const at = names.indexOf(form.focus);
  const first = Math.min(Math.max(0, at - Math.floor(room / 2)), Math.max(0, names.length - room));
  return (
    <Frame
      title="score a patient"
      about={[
        "Give the model (model.islet of a study's results); then it says what it needs of the patient. Tab completes paths. What is typed stays when you leave this screen.",
        "Scans are read and computed here on this machine; nothing leaves it.",
      ]}
      keys={
        state.is === "busy"
          ? [["esc", "stop"]]
          : [
              ["↑↓", "field"],
              ["tab", "complete a path"],
              ["enter", isOpen ? "score" : "open the model"],
              ["esc", "back"],
            ]
      }
      takesText
      onKey={(input, key) => {
        if (state.is === "busy") {
          if (key.escape) state.stop();
        } else if (key.escape) back();
        else if (!key.return) form.onKey(input, key);
        else if (path !== "") void (isOpen ? score() : open(path));
      }}
    >
      {names.slice(first, first + room).map((name) => (
        <Field
          key={name}
          label={name}
          value={form.texts[name] ?? fieldText("")}
          isFocused={form.focus === name}
          hint={name === MODEL ? "path of model.islet" : (fields.find((field) => field.name === name)?.hint ?? "")}
          width={width - labelWidth - 3}
          labelWidth={labelWidth}
        />
      ))}
      {names.length > room && <Text dimColor>{`  ${first + 1} to ${Math.min(names.length, first + room)} of ${names.length} fields`}</Text>}
      <Box marginTop={1} flexDirection="column">
        {form.ways.slice(0, 4).map((way) => (
          <Text key={way} dimColor wrap="truncate-start">
            {`    ${way}`}
          </Text>
        ))}
        {state.is === "busy" && <Spinner label={state.words} />}
        {state.is === "filling" && state.why !== "" && <Text color={COLOUR.bad}>{`✗ ${state.why}`}</Text>}
        {state.is === "filling" && state.why === "" && isOpen && form.ways.length === 0 && <About bundle={opened.bundle} />}
      </Box>
    </Frame>
  );
}

function About({ bundle: { model, study, training, synthetic, network } }: { readonly bundle: BundleDescription }) {
  return (
    <>
      <Text wrap="truncate-end">{`${model} of "${study}": learnt from ${training.n} patients with ${training.events} events${synthetic ? "; SYNTHETIC" : ""}`}</Text>
      {network && (
        <Text dimColor wrap="truncate-end">
          {network.description}
        </Text>
      )}
      {network?.weights === "elsewhere" && (
        <Text color={COLOUR.warning}>{`Its network is not in the file: use islet score --weights ${network.file ?? "FILE"}.`}</Text>
      )}
      <Text>Press enter to score.</Text>
    </>
  );
}
