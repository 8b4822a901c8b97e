// The peers of gpu.ts, each of which a machine may lack: what is missing is told, and its rows then have no peer.

/** Milliseconds of each round. */
interface TorchFigures {
  readonly one: readonly number[];
  readonly batch: readonly number[];
  readonly step: readonly number[];
}

/** What torch_gpu.py prints; `device` is null where PyTorch finds no CUDA. */
export type TorchReport =
  | { readonly version: string; readonly device: null }
  | { readonly version: string; readonly device: string; readonly float32: TorchFigures; readonly tf32: TorchFigures };

/** PyTorch's part of a row. */
export interface CudaPeer {
  /** What the row calls it. */
  readonly name: string;
  /** Empty where it could not be timed. */
  readonly times: TorchFigures;
}

const NONE: TorchFigures = { one: [], batch: [], step: [] };
const tell = (why: string) => console.error(`bench: ${why}, so its rows have no peer`);

/**
 * PyTorch on CUDA in a mode, from what the script answered.
 *
 * @param ask  runs the script: its answer, null where no Python has torch (which was told), or an error where the script failed
 */
export function cudaPeers(ask: () => TorchReport | null): (mode: "float32" | "tf32") => CudaPeer {
  let report: TorchReport | null = null;
  try {
    report = ask();
    if (report && report.device === null) tell(`PyTorch ${report.version} here finds no CUDA device`);
  } catch (error) {
    const [first] = String(error instanceof Error ? error.message : error)
      .trim()
      .split("\n")
      .slice(-1);
    tell(`PyTorch on CUDA failed: ${first}`);
  }
  return (mode) => {
    if (!report || report.device === null) return { name: `PyTorch CUDA, ${mode}`, times: NONE };
    return { name: `PyTorch ${report.version} on ${report.device}, ${mode}`, times: report[mode] };
  };
}

/** A network that gives the logits of (count, 1, side, side). */
export type WebPeer = (slices: Float32Array, count: number) => Promise<Float32Array>;

/**
 * onnxruntime-web on WebGPU, tried once on a slice; null, and told, where the package, its backend or the adapter refuses.
 *
 * @param open  makes the session
 */
export async function webPeer(open: () => Promise<WebPeer>, slice: Float32Array): Promise<WebPeer | null> {
  try {
    const peer = await open();
    const logits = await peer(slice, 1);
    if (!logits.every(Number.isFinite)) throw new Error("its logits are not finite");
    return peer;
  } catch (error) {
    tell(`onnxruntime-web does not run on WebGPU here: ${error instanceof Error ? error.message.split("\n")[0] : String(error)}`);
    return null;
  }
}
