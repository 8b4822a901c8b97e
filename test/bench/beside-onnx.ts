// A network's forward pass on slices of 256 x 256 beside onnxruntime-node (CPU) and onnxruntime-web (WASM), the same weights in all.
import { loadCore, loadCrew } from "@islet/core-wasm";
import type { Core, SimdBuild } from "@islet/core-wasm";
import { formulaSlices } from "../helpers/formula-weights.ts";
import { distance, onnxPeers } from "./onnx-peers.ts";
import { inTurns, printRow } from "./row.ts";

/** Pixels of a slice's side. */
export const SIDE = 256;
const BUILDS = ["relaxed", "simd"] as const satisfies SimdBuild[];

/** A network to time. */
export interface TimedNetwork {
  /** What the rows call it. */
  readonly name: string;
  /** What it gives, for the note on agreement. */
  readonly output: string;
  readonly onnx: Uint8Array;
  /** Slices of the batch. */
  readonly batch: number;
  readonly rounds: number;
  place(core: Core): (slices: Float32Array, count: number) => Float32Array;
}

/** Times one slice on one thread and on two, and a batch on two, on both SIMD builds, in turns with the peers; prints a row for each pair. */
export async function besideOnnx({ name, output, onnx, batch, rounds, place }: TimedNetwork): Promise<void> {
  const slices = formulaSlices(batch * SIDE * SIDE);
  const slice = slices.subarray(0, SIDE * SIDE);
  const [one, many] = [1, batch].map((count) => [count, 1, SIDE, SIDE]) as [number[], number[]];
  const peers = await onnxPeers(onnx);
  const alone = await Promise.all(BUILDS.map(async (build) => place(await loadCore(build))));
  const crews = await Promise.all(BUILDS.map((build) => loadCrew(2, build)));
  const together = crews.map(({ core }) => place(core));
  const agreement = distance(together[0]!(slice, 1), await peers.native(1, slice, one));

  const times = await inTurns(rounds, [
    () => peers.native(1, slice, one),
    () => peers.native(2, slice, one),
    () => peers.native(2, slices, many),
    () => peers.web(slice, one),
    ...alone.map((run) => () => run(slice, 1)),
    ...together.map((run) => () => run(slice, 1)),
    ...together.map((run) => () => run(slices, batch)),
  ]);
  const [nativeOne, nativeTwo, nativeBatch, webTwo, ...ours] = times as [number[], number[], number[], number[], ...number[][]];
  BUILDS.forEach((build, b) => {
    const [oneThread, twoThreads, batched] = [ours[b]!, ours[2 + b]!, ours[4 + b]!];
    const row = (what: string) => `${name} ${SIDE} x ${SIDE}, ${what}, ${build}`;
    const shared = "ms for one slice, which both threads share on both sides";
    printRow(
      row("one slice, 1 thread"),
      oneThread,
      "onnxruntime-node CPU, 1 thread",
      nativeOne,
      `ms for one slice; ${output} agree to ${agreement} (relative L2)`,
    );
    printRow(row("one slice, 2 threads"), twoThreads, "onnxruntime-node CPU, 2 threads", nativeTwo, shared);
    printRow(row("one slice, 2 threads"), twoThreads, "onnxruntime-web WASM, 2 threads", webTwo, shared);
    printRow(
      row(`${batch} slices, 2 threads`),
      batched,
      "onnxruntime-node CPU, 2 threads",
      nativeBatch,
      `ms for a batch of ${batch} slices in one call, on two threads on both sides`,
    );
  });
  for (const crew of crews) crew.end();
  await peers.release();
}
