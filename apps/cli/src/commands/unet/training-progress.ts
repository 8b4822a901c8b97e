import type { TrainingFileEvent } from "@islet/pipeline/node";
import { note } from "../../output.ts";

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function goingOn({ resumed, isFinished }: TrainingFileEvent & { kind: "ready" }): string {
  if (isFinished)
    return `; finished before, after epoch ${resumed}: nothing is left to train, the files are written again (--fresh trains anew)`;
  return resumed ? `; going on after epoch ${resumed}` : "";
}

/** A training's progress on stderr: a line for each case and each epoch, and on a terminal a line that counts the steps. */
export function trainingProgress(epochs: number): { tell(event: TrainingFileEvent): void; close(): void } {
  const isTerminal = process.stderr.isTTY;
  let isCounting = false;
  const clear = () => {
    if (isCounting) process.stderr.write("\r\u001b[K");
    isCounting = false;
  };
  const count = (text: string) => {
    if (!isTerminal) return;
    process.stderr.write(`\r\u001b[K${text}`);
    isCounting = true;
  };
  const told = new Set<string>();
  return {
    tell(event) {
      switch (event.kind) {
        case "case":
          if (event.fault !== null) {
            clear();
            note(`! ${event.name} is left out: ${event.fault}`);
          }
          for (const warning of event.warnings) {
            if (told.has(warning)) continue;
            told.add(warning);
            clear();
            note(`! ${event.name}: ${warning}`);
          }
          count(`reading the cases: ${event.done} of ${event.total}`);
          break;
        case "ready":
          clear();
          note(
            `${event.split.training} ${event.split.training === 1 ? "patient trains" : "patients train"} with ${event.slices} slices, ${event.split.validation} validate` +
              goingOn(event),
          );
          break;
        case "device":
          note(`on ${event.device}`);
          break;
        case "step":
          count(`epoch ${event.epoch}/${epochs}: step ${event.done} of ${event.total}, loss ${event.loss.toFixed(4)}`);
          break;
        case "epoch": {
          clear();
          const { epoch, loss, dsc, learningRate, seconds } = event.row;
          const isBest = event.best.epoch === epoch;
          note(
            `epoch ${epoch}/${epochs}  loss ${loss.toFixed(4)}  validation DSC ${dsc.toFixed(3)}` +
              `${isBest ? " (best so far)" : ` (best ${event.best.dsc.toFixed(3)}, epoch ${event.best.epoch})`}  rate ${learningRate.toPrecision(3)}  ${duration(seconds)}`,
          );
        }
      }
    },
    close: clear,
  };
}
