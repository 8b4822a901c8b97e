// Where a run reports to: a live screen on a terminal, plain lines elsewhere.
import { note } from "../output.ts";
import { isLive } from "./live.ts";
import { advance, clock, headline, NOTHING, secondsLeft, type StudyDisplay } from "./study-progress.ts";

/** A live screen on stderr where that is a terminal, plain lines where it is not; Ink is loaded only for the first. */
export async function showStudy(stream: NodeJS.WriteStream = process.stderr): Promise<StudyDisplay> {
  if (!isLive(stream)) return plainDisplay();
  const { liveDisplay } = await import("./study-screen.tsx");
  return liveDisplay(stream);
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
        note(
          `patients ${done}/${total}${cached ? `, ${cached} kept from before` : ""}${left !== null && done < total ? `, about ${clock(left)} left` : ""}`,
        );
      }
    },
    close: () => {},
  };
}
