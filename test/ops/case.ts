// What a case of the table is: one layer on a device beside its definition in f64, on any device, in Node or in a page.
import { largest, ROUNDING, runOp } from "../../packages/gpu-unet/reference/run-op.ts";
import type { Gpu, Pass } from "../../packages/gpu-unet/src/gpu.ts";
import { partialsIn, type Partials } from "../../packages/gpu-unet/src/ops/reduce.ts";
import { createBuffer, createTensor, elements, tensorFrom, type Tensor } from "../../packages/gpu-unet/src/tensor.ts";
import type { Tolerance } from "../helpers/difference.ts";
import { formulaTensor } from "../helpers/formula-weights.ts";

export { largest, ROUNDING };

/** A result beside what it must be, and how far it may lie from it. */
export interface Claim extends Tolerance {
  readonly what: string;
  readonly got: ArrayLike<number>;
  readonly want: ArrayLike<number>;
}

/** One case of a layer. */
export interface OpCase {
  /** A claim: the layer, what it equals, and the sizes. */
  readonly title: string;
  /** A feature without which the case cannot run on a device. */
  readonly needs?: "shader-f16" | "subgroups";
  run(device: CaseDevice): Promise<Claim[]>;
}

/** A device with what every case needs of it. Inputs are streams of formula-weights.ts, values in -1 .. 1 unless a limit says otherwise. */
export class CaseDevice {
  readonly gpu: Gpu;

  constructor(gpu: Gpu) {
    this.gpu = gpu;
  }

  /** A tensor with the numbers of a stream, and those numbers. */
  filled<const S extends readonly number[]>(shape: S, stream: number, limit = 1): { data: Float32Array; tensor: Tensor<S> } {
    const data = formulaTensor(stream, elements(shape), limit);
    return { data, tensor: this.from(shape, data) };
  }

  /** A tensor with these numbers. */
  from<const S extends readonly number[]>(shape: S, data: Float32Array): Tensor<S> {
    return tensorFrom(this.gpu, "input", shape, data);
  }

  /** A tensor for a result. */
  empty<const S extends readonly number[]>(shape: S): Tensor<S> {
    return createTensor(this.gpu, "result", shape);
  }

  /** Scratch for partial sums of this many values. */
  partials(count: number): Partials {
    return partialsIn(createBuffer(this.gpu, "partial sums", count * 4));
  }

  /** Runs what `record` records and returns what it left in these tensors, which are freed. */
  run(results: readonly Tensor[], record: (pass: Pass) => void): Promise<Float32Array[]> {
    return runOp(this.gpu, results, record);
  }
}

/** A sum's bound: its number of terms times its largest term, twice (CONTRIBUTING.md: WGSL f32 against f64). */
export function sumBound(terms: number, largestTerm: number): Tolerance {
  return { atol: ROUNDING * terms * largestTerm * 2 };
}
