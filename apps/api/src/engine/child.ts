// The program of an engine process: it alone opens what strangers sent, and it may die of that without the service.
import { work } from "./work.ts";
import type { TaskAnswer, TaskMessage } from "./tasks.ts";

const answer = (message: TaskAnswer) => process.send?.(message);

process.on("message", ({ id, kind, given }: TaskMessage) => {
  work(kind, given, (data) => answer({ id, type: "progress", data })).then(
    (result) => answer({ id, type: "done", result }),
    (error: unknown) => {
      const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
      answer({ id, type: "failed", name, message, stack: stack ?? "" });
    },
  );
});
// Whoever started us is gone: nobody waits for the answer.
process.on("disconnect", () => process.exit(0));
