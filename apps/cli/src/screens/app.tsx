// The screens' way from one to the next.
import { render, useApp, useInput } from "ink";
import { useState } from "react";
import type { ColourDepth } from "../components/colour.ts";
import { SizeProvider } from "../components/frame.tsx";
import { KeyboardProvider } from "../components/keyboard.tsx";
import { takeTerminal } from "../components/terminal.ts";
import type { Engine } from "./engine.ts";
import { HomeScreen } from "./home.tsx";
import { OpenScreen } from "./open.tsx";
import { ResultsScreen } from "./results.tsx";
import { DoorContext, type Door, type Route } from "./route.ts";
import { RunScreen } from "./run.tsx";
import { ScoreScreen } from "./score.tsx";
import { isOver, startJob, type StudyJob } from "./study-job.ts";

interface AppProps {
  readonly engine: Engine;
  readonly colours: ColourDepth;
  readonly first: Route;
  /** A study to run at once. */
  readonly order?: Parameters<Door["start"]>[0];
}

/** All screens. */
export function App({ engine, colours, first, order }: AppProps) {
  const { exit } = useApp();
  const [job, setJob] = useState<StudyJob | null>(() => (order ? startJob(engine, order) : null));
  const [way, setWay] = useState<readonly Route[]>(order ? [first, { screen: "run" }] : [first]);
  const [drafts] = useState(() => new Map<string, unknown>());
  const isBusy = () => job !== null && !isOver(job.state());
  const here = way.at(-1)!;
  const go = (route: Route) =>
    setWay((before) => (route.screen === "home" ? [route] : [...before.filter((r) => r.screen !== route.screen), route]));
  const leave = async () => {
    if (job && isBusy()) {
      go({ screen: "run" });
      job.stop();
      await job.done;
    }
    exit();
  };
  const quit = () => {
    if (isBusy()) go({ screen: "run" });
    else exit();
  };
  // The second one does not wait for the cases in work; the cache has all that is finished.
  useInput((input, key) => {
    if (!(key.ctrl && input === "c")) return;
    if (job && job.state().stage === "stopping") exit();
    else void leave();
  });
  const door: Door = {
    engine,
    colours,
    go,
    quit,
    job,
    drafts,
    back: () => (way.length > 1 ? setWay(way.slice(0, -1)) : quit()),
    start(next) {
      if (!isBusy()) setJob(startJob(engine, next));
      setWay([{ screen: "home" }, { screen: "run" }]);
    },
  };
  return (
    <SizeProvider>
      <KeyboardProvider>
        <DoorContext value={door}>
          {here.screen === "home" && <HomeScreen />}
          {here.screen === "open" && <OpenScreen />}
          {here.screen === "run" && <RunScreen />}
          {here.screen === "results" && <ResultsScreen out={here.out} file={here.file} />}
          {here.screen === "score" && <ScoreScreen />}
        </DoorContext>
      </KeyboardProvider>
    </SizeProvider>
  );
}

/**
 * Shows the screens on a terminal until the user ends them; then the terminal is as it was.
 *
 * @throws whatever a screen threw
 */
export async function showApp(props: AppProps, stream: NodeJS.WriteStream = process.stdout): Promise<void> {
  const terminal = takeTerminal(stream);
  try {
    const shown = render(<App {...props} />, { stdout: stream, exitOnCtrlC: false, patchConsole: false });
    await shown.waitUntilExit();
  } finally {
    terminal.restore();
  }
}
