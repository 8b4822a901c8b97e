// The U-Net on a GPU: forward and training step beside onnxruntime-web on the same adapter (WebGPU, by Dawn in Node on both sides) and PyTorch on CUDA.
//
//   node test/bench/gpu.ts [BASE_WIDTH [SIDE [BATCH [ROUNDS]]]]      (64, 256, 8 and 9)
//
// Without a GPU it says so and prints nothing: a software adapter's times say nothing. ISLET_BENCH_SOFTWARE=1 runs it there all the same, to try
// the script (2 16 1 1, say). Ours is timed with the standard workgroups, with a tuning measured at the start, and with one in half precision
// where the adapter passes its check. Every timing ends with the results on the host, as a user has them; TFLOP/s counts the multiplications
// and additions of direct convolutions, whatever computes them.
import {
  createGpuTrainer,
  createGpuUNet,
  parameterTable,
  probeAdapters,
  requestGpu,
  tuneKernels,
  tuningJobs,
  writeOnnx,
  type GpuUNet,
  type Tuning,
  type TuningScope,
} from "@islet/gpu-unet";
import { openWebGpu } from "../../packages/gpu-unet/src/device.node.ts";
import { testDevice } from "../helpers/device.ts";
import { formulaUNet } from "../helpers/formula-checkpoint.ts";
import { formulaLabels, formulaSlices } from "../helpers/formula-weights.ts";
import { cudaPeers, webPeer, type TorchReport, type WebPeer } from "./gpu-peers.ts";
import { distance } from "./onnx-peers.ts";
import { pythonBench } from "./python.ts";
import { inTurns, printRow } from "./row.ts";

const [base = 64, side = 256, batch = 8, rounds = 9] = process.argv.slice(2).map(Number);
const allowSoftware = process.env["ISLET_BENCH_SOFTWARE"] === "1";
const architecture = { baseWidth: base, inChannels: 1, classes: 2, activation: "elu" } as const;

/** Multiplications and additions of the convolutions of one slice. */
const flopsForward = parameterTable(architecture).reduce((sum, { name, shape }) => {
  if (shape.length !== 4) return sum;
  const level = Number(/\.(\d)\./.exec(name)?.[1] ?? 0);
  // A transposed convolution's weights meet the pixels of the level below.
  const pixels = (side / 2 ** (name.includes(".up.") ? level + 1 : level)) ** 2;
  return sum + 2 * shape.reduce((product, length) => product * length, 1) * pixels;
}, 0);
const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1]!;
const rate = (times: readonly number[], passes: number) => `${((flopsForward * passes) / median(times) / 1e9).toFixed(2)} TFLOP/s`;

/** The adapter's description, or null where nothing may be timed; the reason is told. */
async function adapterToTime(): Promise<string | null> {
  const probe = () =>
    probeAdapters().catch((error: Error) => {
      console.error(`bench: no GPU here: ${error.message}`);
      return [];
    });
  const [adapter] = (allowSoftware ? await testDevice(probe) : await probe()) ?? [];
  if (!adapter) return null;
  if (!adapter.isSoftware || allowSoftware) return adapter.description;
  console.error(
    `bench: no GPU here: the only adapter, ${adapter.description}, computes on the CPU, and its times say nothing about a GPU; no row`,
  );
  return null;
}

/** What browsers have as globals and Node has not (WebGPU, sections 5.1.2, 5.2 and 8.2). */
const standardFlags = {
  GPUBufferUsage: {
    MAP_READ: 1,
    MAP_WRITE: 2,
    COPY_SRC: 4,
    COPY_DST: 8,
    INDEX: 16,
    VERTEX: 32,
    UNIFORM: 64,
    STORAGE: 128,
    INDIRECT: 256,
    QUERY_RESOLVE: 512,
  },
  GPUMapMode: { READ: 1, WRITE: 2 },
  GPUShaderStage: { VERTEX: 1, FRAGMENT: 2, COMPUTE: 4 },
};

/** onnxruntime-web's session on WebGPU, in this process. */
async function ortWeb(onnx: Uint8Array): Promise<WebPeer> {
  Object.defineProperty(globalThis.navigator, "gpu", { value: await openWebGpu(), configurable: true });
  Object.assign(globalThis, standardFlags);
  const ort = await import("onnxruntime-web/webgpu");
  const session = await ort.InferenceSession.create(onnx, { executionProviders: ["webgpu"] });
  return async (slices, count) => {
    const results = await session.run({ slices: new ort.Tensor("float32", slices, [count, 1, side, side]) });
    return Object.values(results)[0]!.data as Float32Array;
  };
}

async function bench(adapter: string): Promise<void> {
  const checkpoint = formulaUNet(architecture, parameterTable(architecture));
  const [slices, labels] = [formulaSlices(batch * side * side), formulaLabels(batch * side * side, 0.3)];
  const slice = slices.subarray(0, side * side);
  const onnx = writeOnnx(checkpoint, { outputs: ["logits"], size: { height: side, width: side } });
  const peer = await webPeer(() => ortWeb(onnx), slice);
  const cuda = cudaPeers(() => pythonBench<TorchReport>("torch_gpu.py", "torch", [base, side, batch, rounds, "cuda"].map(String)));

  const measure = async (scope: Pick<TuningScope, "use" | "precision">): Promise<Tuning> => {
    const gpu = await requestGpu({ allowSoftware, tunes: true });
    const tuning = await tuneKernels(gpu, tuningJobs({ architecture, height: side, width: side, ...scope }), batch);
    gpu.destroy();
    return tuning;
  };
  const variants: (readonly [how: string, tuning: Tuning | null])[] = [
    ["standard", null],
    ["tuned", await measure({ use: "training" })],
  ];
  const half = await measure({ use: "inference", precision: "f16" });
  if (half.precision?.kind === "f16") variants.push(["half precision", half]);
  else console.error(`bench: no rows in half precision: ${half.precision?.fallback ?? "no layer of this network is wide enough"}`);
  for (const [how, tuning] of variants) {
    const gpu = await requestGpu({ allowSoftware, tuning });
    // A network computes a whole pass, however few slices come: each count has its own.
    const [single, network] = [1, batch].map((slicesAPass) =>
      createGpuUNet(gpu, checkpoint, { height: side, width: side, batch: slicesAPass }),
    ) as [GpuUNet, GpuUNet];
    const trainer = createGpuTrainer(gpu, checkpoint, { height: side, width: side, batch, learningRate: 1e-5 });
    const agreement = peer && distance(await single.logits(slice, 1), await peer(slice, 1));
    const [one, many, step, peerOne = [], peerMany = []] = (await inTurns(rounds, [
      () => single.logits(slice, 1),
      () => network.logits(slices, batch),
      () => trainer.step(slices, labels),
      ...(peer ? [() => peer(slice, 1), () => peer(slices, batch)] : []),
    ])) as [number[], number[], number[], number[]?, number[]?];
    single.destroy();
    network.destroy();
    trainer.destroy();
    gpu.destroy();

    const classes = (kernel: string) => tuning?.choices.filter((choice) => choice.kernel === kernel).length ?? 0;
    const [forward, back, inHalf] = ["winograd-product", "winograd-backward-input", "conv2d-forward-f16"].map(classes);
    const kernels = tuning
      ? `tuned (classes of layers by Winograd's method: ${forward} forward, ${back} backward; in half precision: ${inHalf})`
      : "standard workgroups";
    const name = (what: string) => `U-Net on ${adapter}, base ${base}, ${side} x ${side}, ${what}, ${how}`;
    const note = (times: readonly number[], passes: number) => `ms; ${rate(times, passes)}; ${kernels}`;
    const agree = agreement === null ? "" : `; logits agree to ${agreement} (relative L2)`;
    printRow(name("one slice"), one, "onnxruntime-web WebGPU", peerOne, note(one, 1) + agree);
    printRow(name(`${batch} slices`), many, "onnxruntime-web WebGPU", peerMany, note(many, batch) + agree);
    for (const mode of ["float32", "tf32"] as const) {
      const { name: by, times } = cuda(mode);
      const apart = "; the peer was timed by itself, before, its results left on the device";
      printRow(name("one slice"), one, by, times.one, note(one, 1) + apart);
      printRow(name(`${batch} slices`), many, by, times.batch, note(many, batch) + apart);
      // A training is never in half precision.
      if (tuning !== half) printRow(name(`training step of ${batch} slices`), step, by, times.step, note(step, 3 * batch) + apart);
    }
  }
}

const adapter = await adapterToTime();
if (adapter !== null) await bench(adapter);
process.exit(0);
