// What every bench of this folder prints: one row for each pair of ours and a peer, timed in turns in one run on one machine.
import { setTimeout as pause } from "node:timers/promises";

/** One comparison; `ratio` = ours / peer, so less is better. */
interface Row {
  readonly name: string;
  readonly ours_ms: number;
  readonly peer: string;
  readonly peer_ms: number | null;
  readonly ratio: number | null;
  /** Timings of each side; the milliseconds are their medians. */
  readonly n: number;
  readonly note: string;
}

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const rounded = (ms: number) => Number(ms.toPrecision(4));

/** Prints a row as a line of JSON, for scripts/bench.mjs. */
export function printRow(name: string, ours: readonly number[], peer: string, peers: readonly number[], note: string): void {
  const [oursMs, peerMs] = [median(ours), peers.length > 0 ? median(peers) : null];
  const ratio = peerMs === null ? null : Number((oursMs / peerMs).toPrecision(3));
  const row: Row = { name, ours_ms: rounded(oursMs), peer, peer_ms: peerMs && rounded(peerMs), ratio, n: ours.length, note };
  console.log(JSON.stringify(row));
}

/** Milliseconds that `body` takes. */
export async function milliseconds(body: () => unknown): Promise<number> {
  const start = performance.now();
  await body();
  return performance.now() - start;
}

/** Times several bodies in turns, after one untimed turn; the pauses let a runtime's spinning threads come to rest before the next body runs. */
export async function inTurns(rounds: number, bodies: readonly (() => unknown)[]): Promise<number[][]> {
  const times: number[][] = bodies.map(() => []);
  for (let round = -1; round < rounds; round++) {
    for (const [i, body] of bodies.entries()) {
      await pause(50);
      const ms = await milliseconds(body);
      if (round >= 0) times[i]!.push(ms);
    }
  }
  return times;
}
