// The one place that turns an error into an exit code and a sentence.

/** Exit code of an error, by its name (a worker boundary keeps the name, not the class). */
export function exitCodeOf(error: unknown): number {
  switch ((error as Error)?.name) {
    case "ConfigError":
      return 2;
    case "IntakeError":
      return 3;
    case "DeviceError":
      return 4;
    default:
      return 1;
  }
}

/** What the user reads. An error of ours is its sentence; anything else is a fault of the program and says so, with its trace. */
export function sentenceOf(error: unknown): string {
  if (exitCodeOf(error) !== 1) return (error as Error).message;
  if ((error as Error)?.name === "AbortError") return "stopped; what was finished is kept, and the same command goes on from there.";
  const trace = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `this should not have happened; please report it with the lines below.\n${trace}`;
}
