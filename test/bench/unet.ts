// The whole U-Net forward, slices of 256 x 256 to logits, beside onnxruntime-node (CPU) and onnxruntime-web (WASM), the same weights in all.
import { createUNet, loadCore, loadCrew } from "@islet/core-wasm";
import type { SimdBuild } from "@islet/core-wasm";
import { parameterTable, writeOnnx } from "@islet/gpu-unet";
import { formulaUNet } from "../helpers/formula-checkpoint.ts";
import { formulaSlices } from "../helpers/formula-weights.ts";
import { distance, onnxPeers } from "./onnx-peers.ts";
import { inTurns, printRow } from "./row.ts";

const SIDE = 256;
const BUILDS = ["relaxed", "simd"] as const satisfies SimdBuild[];
/** Slices of a batch. */
const BATCH = 4;

async function compare(baseWidth: number, rounds: number): Promise<void> {
  const architecture = { baseWidth, inChannels: 1, classes: 2, activation: "elu" } as const;
  const checkpoint = formulaUNet(architecture, parameterTable(architecture));
  const spec = { weights: checkpoint.tensors, activation: "elu", height: SIDE, width: SIDE } as const;
  const slices = formulaSlices(BATCH * SIDE * SIDE);
  const slice = slices.subarray(0, SIDE * SIDE);
  const peers = await onnxPeers(writeOnnx(checkpoint, { outputs: ["logits"], size: { height: SIDE, width: SIDE } }));

  const alone = await Promise.all(BUILDS.map(async (build) => createUNet(await loadCore(build), spec)));
  const crews = await Promise.all(BUILDS.map((build) => loadCrew(2, build)));
  const together = crews.map(({ core }) => createUNet(core, spec));
  const one = [1, 1, SIDE, SIDE];
  const many = [BATCH, 1, SIDE, SIDE];
  const agreement = distance(together[0]!.logits(slice, 1), await peers.native(1, slice, one));

  const [oneRelaxed, oneSimd, twoRelaxed, twoSimd, batchRelaxed, nativeOne, nativeTwo, nativeBatch, webTwo] = (await inTurns(rounds, [
    ...alone.map((network) => () => network.logits(slice, 1)),
    ...together.map((network) => () => network.logits(slice, 1)),
    () => together[0]!.logits(slices, BATCH),
    () => peers.native(1, slice, one),
    () => peers.native(2, slice, one),
    () => peers.native(2, slices, many),
    () => peers.web(slice, one),
  ])) as [number[], number[], number[], number[], number[], number[], number[], number[], number[]];

  const name = (what: string, build: SimdBuild) => `whole U-Net ${SIDE} x ${SIDE}, base ${baseWidth}, ${what}, ${build}`;
  const note = `ms for one slice; logits agree to ${agreement} (relative L2)`;
  const shared = "ms for one slice, which both threads share on both sides";
  const batch = `ms for a batch of ${BATCH} slices in one call, on two threads on both sides`;
  printRow(name("one slice, 1 thread", "relaxed"), oneRelaxed, "onnxruntime-node CPU, 1 thread", nativeOne, note);
  printRow(name("one slice, 1 thread", "simd"), oneSimd, "onnxruntime-node CPU, 1 thread", nativeOne, note);
  printRow(name("one slice, 2 threads", "relaxed"), twoRelaxed, "onnxruntime-node CPU, 2 threads", nativeTwo, shared);
  printRow(name("one slice, 2 threads", "simd"), twoSimd, "onnxruntime-node CPU, 2 threads", nativeTwo, shared);
  printRow(name("one slice, 2 threads", "relaxed"), twoRelaxed, "onnxruntime-web WASM, 2 threads", webTwo, shared);
  printRow(name(`${BATCH} slices, 2 threads`, "relaxed"), batchRelaxed, "onnxruntime-node CPU, 2 threads", nativeBatch, batch);

  for (const crew of crews) crew.end();
  await peers.release();
}

await compare(16, 9);
await compare(64, 3);
process.exit(0);
