// A tensor is a GPU buffer with a shape: float32, row-major, last axis fastest. There are no views and no strides.
import { ShapeError } from "./errors.ts";
import type { Binding, Gpu } from "./gpu.ts";

// The standard's values of GPUBufferUsage and GPUMapMode, written out because Node has no such globals (WebGPU, sections 5.1.2 and 5.2).
const usage = { mapRead: 0x1, copySrc: 0x4, copyDst: 0x8, uniform: 0x40, storage: 0x80 } as const;
const mapModeRead = 0x1;

/** A buffer on the device with its shape; several tensors may take turns in one buffer. */
export interface Tensor<S extends readonly number[] = readonly number[]> extends Binding {
  readonly label: string;
  readonly shape: S;
}

/** Feature maps. */
export type Images = Tensor<readonly [n: number, c: number, h: number, w: number]>;
/** Convolution weights. */
export type Filters = Tensor<readonly [co: number, ci: number, kh: number, kw: number]>;
/** One number a row and column. */
export type Matrix = Tensor<readonly [rows: number, columns: number]>;
/** A bias. */
export type Vector = Tensor<readonly [length: number]>;

/** Number of elements of a shape; 1 for a scalar's empty shape. */
export function elements(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1);
}

/** A buffer for any tensor up to this size. */
export function createBuffer(gpu: Gpu, label: string, bytes: number): GPUBuffer {
  return gpu.device.createBuffer({ label, size: bytes, usage: usage.storage | usage.copySrc | usage.copyDst });
}

/** Reads a buffer as a tensor of this shape. */
export function tensorIn<const S extends readonly number[]>(buffer: GPUBuffer, label: string, shape: S): Tensor<S> {
  const bytes = elements(shape) * 4;
  if (bytes > buffer.size) throw new ShapeError(`tensor ${label}: shape [${shape}] takes ${bytes} bytes and its buffer has ${buffer.size}`);
  return { label, shape, bytes, buffer };
}

/** A tensor with a buffer of its own, zero at first. */
export function createTensor<const S extends readonly number[]>(gpu: Gpu, label: string, shape: S): Tensor<S> {
  return tensorIn(createBuffer(gpu, label, elements(shape) * 4), label, shape);
}

/** Writes values to the start of a tensor; the rest keeps what it had. */
export function upload(gpu: Gpu, tensor: Tensor, data: Float32Array | Uint32Array): void {
  if (data.byteLength > tensor.bytes)
    throw new ShapeError(`upload: ${data.length} values do not fit in ${tensor.label}, whose shape is [${tensor.shape}]`);
  gpu.device.queue.writeBuffer(tensor.buffer, 0, data as Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>);
}

/** A tensor with these values. */
export function tensorFrom<const S extends readonly number[]>(gpu: Gpu, label: string, shape: S, data: Float32Array): Tensor<S> {
  if (data.length !== elements(shape))
    throw new ShapeError(`tensor ${label}: shape [${shape}] holds ${elements(shape)} values, ${data.length} came`);
  const tensor = createTensor(gpu, label, shape);
  upload(gpu, tensor, data);
  return tensor;
}

/** A small uniform of this many f32, rounded up to whole vec4. */
export function createUniform(gpu: Gpu, label: string, count: number): Tensor {
  const buffer = gpu.device.createBuffer({ label, size: Math.ceil(count / 4) * 16, usage: usage.uniform | usage.copyDst });
  return tensorIn(buffer, label, [buffer.size / 4]);
}

/** A buffer through which results of up to this size come back. */
export function createReadback(gpu: Gpu, label: string, bytes: number): GPUBuffer {
  return gpu.device.createBuffer({ label, size: bytes, usage: usage.mapRead | usage.copyDst });
}

/** Records the copy of a tensor's first values into a readback buffer. */
export function recordReadback(encoder: GPUCommandEncoder, tensor: Tensor, readback: GPUBuffer, count: number): void {
  encoder.copyBufferToBuffer(tensor.buffer, 0, readback, 0, count * 4);
}

/** Waits for the recorded copy and returns the values as a copy of their own. */
export async function readBack(gpu: Gpu, readback: GPUBuffer, count: number): Promise<Float32Array> {
  await gpu.survive(`reading ${readback.label} back`, readback.mapAsync(mapModeRead, 0, count * 4));
  const values = new Float32Array(readback.getMappedRange(0, count * 4).slice(0));
  readback.unmap();
  return values;
}
