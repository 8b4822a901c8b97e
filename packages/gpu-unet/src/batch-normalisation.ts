// Batch normalisation after a convolution, folded into the convolution's weight and bias.
import { IntakeError } from "./errors.ts";
import type { StoredTensor } from "./safetensors.ts";

/** What is added to the variance, PyTorch's default. */
const EPSILON = 1e-5;

/** The arrays of one normalisation layer; its counter of batches plays no part in inference. */
export const NORM_PARTS = ["weight", "bias", "running_mean", "running_var"] as const;

/**
 * Folds one normalisation layer into the convolution before it, in f64.
 *
 *   scale[co] = gamma[co] / sqrt(variance[co] + 1e-5)
 *   weight'[co,...] = weight[co,...] * scale[co],   bias'[co] = (bias[co] - mean[co]) * scale[co] + beta[co]
 *
 * @param weight  (CO, CI, K, K)
 * @param bias    (CO); absent where the convolution has none because the normalisation has one
 * @param norm    gamma, beta, mean, variance, each (CO)
 * @param where   file and layer, for messages
 * @throws IntakeError for arrays of another length or a negative variance
 */
export function foldNormalisation(
  weight: StoredTensor,
  bias: StoredTensor | undefined,
  norm: Readonly<Record<(typeof NORM_PARTS)[number], StoredTensor>>,
  where: { readonly file: string; readonly layer: string },
): { weight: StoredTensor; bias: StoredTensor } {
  const CO = weight.shape[0] ?? 0;
  for (const part of NORM_PARTS) {
    const { shape } = norm[part];
    if (shape.length !== 1 || shape[0] !== CO) {
      throw new IntakeError(
        where.file,
        `${where.layer}.${part} has shape [${shape}], and the convolution before it gives ${CO} channels, so it must be [${CO}]; save the layers that belong together`,
      );
    }
  }
  const [gamma, beta, mean, variance] = NORM_PARTS.map((part) => norm[part].data) as [
    Float32Array,
    Float32Array,
    Float32Array,
    Float32Array,
  ];
  const folded = { weight: { shape: weight.shape, data: weight.data.slice() }, bias: { shape: [CO], data: new Float32Array(CO) } };
  const taps = weight.data.length / CO;
  for (let co = 0; co < CO; co++) {
    if (!(variance[co]! >= 0)) {
      throw new IntakeError(
        where.file,
        `${where.layer}.running_var of channel ${co} is ${variance[co]}, and a variance is never negative; save the trained weights again`,
      );
    }
    const scale = gamma[co]! / Math.sqrt(variance[co]! + EPSILON);
    for (let i = co * taps; i < (co + 1) * taps; i++) folded.weight.data[i] = weight.data[i]! * scale;
    folded.bias.data[co] = ((bias?.data[co] ?? 0) - mean[co]!) * scale + beta[co]!;
  }
  return folded;
}
