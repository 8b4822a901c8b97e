// ONNX Runtime on one model: native on one and two threads, and its WASM build on two.
import * as native from "onnxruntime-node";
import * as web from "onnxruntime-web";

/** A model in the peers' sessions; each call gives the model's only output. */
interface OnnxPeers {
  native(threads: 1 | 2, slices: Float32Array, shape: readonly number[]): Promise<Float32Array>;
  web(slices: Float32Array, shape: readonly number[]): Promise<Float32Array>;
  release(): Promise<void>;
}

/** Opens a model whose input is called `slices`. */
export async function onnxPeers(model: Uint8Array): Promise<OnnxPeers> {
  web.env.wasm.numThreads = 2;
  const [one, two] = (await Promise.all(
    [1, 2].map((threads) => native.InferenceSession.create(model, { intraOpNumThreads: threads, interOpNumThreads: 1 })),
  )) as [native.InferenceSession, native.InferenceSession];
  const wasm = await web.InferenceSession.create(model, { executionProviders: ["wasm"] });
  const only = (outputs: Readonly<Record<string, { data: unknown }>>) => Object.values(outputs)[0]!.data as Float32Array;
  return {
    native: async (threads, slices, shape) =>
      only(await (threads === 1 ? one : two).run({ slices: new native.Tensor("float32", slices, shape) })),
    web: async (slices, shape) => only(await wasm.run({ slices: new web.Tensor("float32", slices, shape) })),
    release: async () => {
      await Promise.all([one.release(), two.release(), wasm.release()]);
    },
  };
}

/** Relative L2 distance of two results, in words. */
export function distance(got: Float32Array, want: Float32Array): string {
  let [difference, size] = [0, 0];
  want.forEach((value, i) => {
    difference += (got[i]! - value) ** 2;
    size += value ** 2;
  });
  return Math.sqrt(difference / size).toExponential(1);
}
