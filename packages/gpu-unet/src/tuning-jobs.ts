// Which kernels a network meets with which layers: what there is to tune.
import type { LayerShape, TunableKernel } from "./blocks.ts";
import { choiceKey } from "./tuning.ts";
import { encoderForward, parameterTable, unetActivations, unetForward } from "./unet.ts";
import type { UNetArchitecture } from "./unet.ts";

/** What is tuned. */
export interface TuningScope {
  readonly architecture: UNetArchitecture;
  /** Pixels of a slice, multiples of 16. */
  readonly height: number;
  readonly width: number;
  /** The encoder alone, the whole network forward, or its training. */
  readonly use: "encoder" | "inference" | "training";
  /** "f16" lets half precision compete, but not in a training; "f32" is the default. */
  readonly precision?: "f32" | "f16";
}

/** A kernel of one class of layers. */
export interface TuningJob {
  readonly kernel: TunableKernel;
  readonly op: "conv2d" | "convTranspose2d";
  /** The first layer of the class. */
  readonly shape: LayerShape;
  /** Whether the weights change at each step, so that transforming them for Winograd's method counts. */
  readonly isTrained: boolean;
}

/** Channels below which Winograd's method and half precision have nothing to gain: a lane computes 8 at a time, and transforms cost a layer with few more than the sum. */
const FEWEST = 8;

/** Every kernel with every class of layers that it meets, each once; those that compete (`RIVALS` of tune.ts) come after their rivals. */
export function tuningJobs({ architecture, height, width, use, precision = "f32" }: TuningScope): TuningJob[] {
  const maps = new Map(unetActivations(architecture, 1, height, width).map(({ name, shape }) => [name, shape]));
  const weights = new Map(parameterTable(architecture).map(({ name, shape }) => [name, shape]));
  const jobs = new Map<string, TuningJob>();
  for (const row of use === "encoder" ? encoderForward() : unetForward()) {
    if (row.op !== "conv2d" && row.op !== "convTranspose2d") continue;
    const [, CI, H, W] = maps.get(row.x)!;
    const [rows, columns, K] = weights.get(row.weight)!;
    const shape: LayerShape = { CI: CI!, CO: row.op === "conv2d" ? rows! : columns!, H: H!, W: W!, K: K! };
    const family = row.op === "conv2d" ? "conv2d" : "conv-transpose2d";
    const kernels: TunableKernel[] = [`${family}-forward`];
    const isWide = shape.K === 3 && Math.min(shape.CI, shape.CO) >= FEWEST;
    if (isWide) kernels.push("winograd-product");
    if (isWide && precision === "f16" && use !== "training") kernels.push("conv2d-forward-f16");
    if (use === "training") kernels.push(`${family}-backward-weight`);
    if (use === "training" && row.x !== "input") kernels.push(`${family}-backward-input`);
    if (use === "training" && row.x !== "input" && isWide) kernels.push("winograd-backward-input");
    for (const kernel of kernels) {
      const key = choiceKey(kernel, shape);
      if (!jobs.has(key)) jobs.set(key, { kernel, op: row.op, shape, isTrained: use === "training" });
    }
  }
  return [...jobs.values()];
}
