// A measured choice of the kernels' workgroups on this machine's adapter, as a file that a later run can use.
import { requestGpu, tuneKernels, tuningJobs, type TuningScope } from "@islet/gpu-unet";
import type { Tuning } from "./tuning.ts";
import { ConfigError, DeviceError } from "../errors.ts";
import { writeAtomic } from "../host/output.node.ts";
import { checkInputSize } from "./network-settings.ts";

/** What is tuned, and where. */
export interface TuneRequest {
  readonly out: string;
  readonly baseWidth: number;
  /** Pixels of a slice's side, a multiple of 16. */
  readonly inputSize: number;
  /** Slices a pass; 4 is what the pipeline's networks take. */
  readonly batch: number;
  readonly use: TuningScope["use"];
  /** "f16" lets half precision compete; "f32" is the default. */
  readonly precision?: TuningScope["precision"];
  /** Tune an adapter that computes on the CPU too: its times say nothing about a GPU. */
  readonly software?: boolean;
}

/**
 * Times the candidates of every convolution of a network on the fastest adapter, and writes the record.
 *
 * @throws DeviceError where there is no adapter, or only a software one that was not asked for
 */
export async function tuneFile(
  { out, baseWidth, inputSize, batch, use, precision = "f32", software = false }: TuneRequest,
  onProgress?: (done: number, all: number, what: string) => void,
): Promise<Tuning> {
  checkInputSize(inputSize);
  if (precision === "f16" && use === "training") {
    throw new ConfigError(
      "precision",
      "a training computes in float32, whatever the adapter; tune for the encoder or for inference, or leave f16 out",
    );
  }
  if (baseWidth > 256) throw new ConfigError("base width", `expected a whole number from 1 to 256; got ${baseWidth}`);
  const architecture = { baseWidth, inChannels: 1, classes: 2, activation: "elu" } as const;
  const gpu = await requestGpu({ allowSoftware: true, tunes: true });
  try {
    if (!software && gpu.info.isSoftware) {
      throw new DeviceError(
        `tuning: the only adapter here, ${gpu.info.description}, computes on the CPU, and its times would say nothing about a GPU; tune on a machine with a GPU, or add --software to tune it all the same`,
      );
    }
    const jobs = tuningJobs({ architecture, height: inputSize, width: inputSize, use, precision });
    const tuning = await tuneKernels(gpu, jobs, batch, onProgress);
    await writeAtomic(out, `${JSON.stringify(tuning, null, 2)}\n`);
    return tuning;
  } finally {
    gpu.destroy();
  }
}
