// The live screen of a study.
import { ProgressBar, Spinner } from "@inkjs/ui";
import { Box, render, Static, Text } from "ink";
import { useEffect, useState } from "react";
import { advance, clock, headline, NOTHING, secondsLeft, type Progress, type StudyDisplay } from "./study-progress.ts";

/** One bar with its count. */
function Bar({
  label,
  done,
  total,
  tail,
}: {
  readonly label: string;
  readonly done: number;
  readonly total: number;
  readonly tail: string;
}) {
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
  const tail = [
    cases.cached ? `${cases.cached} kept from before` : "",
    left !== null && cases.done < cases.total ? `about ${clock(left)} left` : "",
  ]
    .filter(Boolean)
    .join(", ");
  return (
    <Box flexDirection="column">
      <Static items={remarks.map((text, key) => ({ key, text }))}>
        {({ key, text }) => <Text key={key} color="yellow">{`! ${text}`}</Text>}
      </Static>
      {start ? <Text bold>{headline(start)}</Text> : <Spinner label="reading the study" />}
      {start && <Bar label="patients" done={cases.done} total={cases.total} tail={tail} />}
      {start && <Bar label="models" done={models.done} total={models.total} tail="" />}
    </Box>
  );
}

/** Shows a study on a terminal; remarks scroll away above, the bars stay. */
export function liveDisplay(stream: NodeJS.WriteStream): StudyDisplay {
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
