// Calls that share buffers take turns.

/** Runs each piece of work after the one before it, whether that succeeded or not; the first waits for `start`. */
export function takeTurns(start: Promise<unknown>): <T>(work: () => Promise<T>) => Promise<T> {
  let last = start;
  return (work) => {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined);
    return turn;
  };
}
