// How many of many are done: one line that is written over on a terminal, a line now and then elsewhere.
import { isLive } from "./live.ts";
import { clock } from "./study-progress.ts";

/** Where a count is told to. */
export interface CountDisplay {
  tell(done: number, of: number): void;
  close(): void;
}

/** Shows on stderr how far something has come, and about how long it will take. */
export function showCount(label: string, stream: NodeJS.WriteStream = process.stderr): CountDisplay {
  const live = isLive(stream);
  const since = Date.now();
  let said = since;
  return {
    tell(done, of) {
      const now = Date.now();
      const left = done > 1 && done < of ? `, about ${clock((((now - since) / done) * (of - done)) / 1000)} left` : "";
      const line = `${label} ${done}/${of}${left}`;
      if (live) stream.write(`\r${line}\u001b[K`);
      else if (done === of || now - said > 10_000) {
        said = now;
        stream.write(`${line}\n`);
      }
    },
    close() {
      if (live) stream.write("\n");
    },
  };
}
