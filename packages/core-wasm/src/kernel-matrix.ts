// Rows of features in wasm memory, and the kernel values between them.
import type { Slot } from "./arena.ts";
import type { Core } from "./core.ts";
import { DeviceError, ShapeError } from "./errors.ts";

/** K(a, b) = a . b, exp(-gamma |a - b|^2), or (gamma a . b + coef0)^degree with a whole degree of at least 1. */
export type SvmKernel =
  | { readonly kind: "linear" }
  | { readonly kind: "rbf"; readonly gamma: number }
  | { readonly kind: "poly"; readonly gamma: number; readonly degree: number; readonly coef0: number };

/** Beyond this many training rows the full kernel matrix (512 MiB at the limit) no longer fits comfortably. */
const MAX_ROWS = 8192;

/** Rows padded with zeros to an even number of rows and of features. */
export interface Rows {
  readonly slot: Slot<Float64Array>;
  /** |row|^2 of each padded row. */
  readonly norms: Slot<Float64Array>;
  /** Rows and features, padding included. */
  readonly n: number;
  readonly d: number;
}

const even = (n: number) => n + (n % 2);

/** Refuses features that are not whole rows of finite numbers; the number of rows. */
export function checkRows(where: string, x: Float64Array, d: number): number {
  if (!Number.isInteger(d) || d < 1 || x.length % d !== 0) {
    throw new ShapeError(`${where}: x holds ${x.length} numbers, which are no whole rows of ${d} features`);
  }
  const bad = x.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    throw new ShapeError(
      `${where}: feature ${bad % d} of row ${Math.floor(bad / d)} is ${x[bad]}; fill or drop missing values before training`,
    );
  }
  return x.length / d;
}

/** Refuses what a support vector machine cannot be trained on; the number of rows. */
export function checkTraining(where: string, x: Float64Array, y: Int8Array, d: number): number {
  const n = checkRows(where, x, d);
  if (y.length !== n) throw new ShapeError(`${where}: x has ${n} rows, y has ${y.length} labels`);
  const bad = y.findIndex((label) => label !== 1 && label !== -1);
  if (bad >= 0) throw new ShapeError(`${where}: labels are -1 and +1; row ${bad} has ${y[bad]}`);
  if (n > MAX_ROWS) {
    throw new DeviceError(
      `${where}: ${n} rows need a kernel matrix of ${n} x ${n}; at most ${MAX_ROWS} rows are held. Train on a subset of the rows.`,
    );
  }
  return n;
}

/** Refuses a gamma, a C or a tolerance that is no positive number, a degree that is not whole, and a coef0 that is negative. */
export function checkParameters(where: string, kernel: SvmKernel, C: number, tolerance: number): void {
  const named = { C, tolerance, ...(kernel.kind === "linear" ? {} : { gamma: kernel.gamma }) };
  for (const [name, value] of Object.entries(named)) {
    if (!(value > 0 && Number.isFinite(value))) throw new ShapeError(`${where}: ${name} must be a positive number, it is ${value}`);
  }
  if (kernel.kind !== "poly") return;
  if (!(Number.isInteger(kernel.degree) && kernel.degree >= 1 && kernel.degree <= 10))
    throw new ShapeError(`${where}: degree must be a whole number from 1 to 10, it is ${kernel.degree}`);
  if (!(kernel.coef0 >= 0 && Number.isFinite(kernel.coef0)))
    throw new ShapeError(`${where}: coef0 must be 0 or more, it is ${kernel.coef0}; a negative one makes no kernel`);
}

/** Copies rows [n, d] into the arena. */
export function pushRows({ arena, exports }: Core, x: Float64Array, d: number): Rows {
  const rows = x.length / d;
  const padded = { n: even(rows), d: even(d) };
  const slot = arena.zeros(Float64Array, padded.n * padded.d);
  const norms = arena.empty(Float64Array, padded.n);
  const view = slot.view();
  if (padded.d === d) view.set(x);
  else for (let i = 0; i < rows; i++) view.set(x.subarray(i * d, (i + 1) * d), i * padded.d);
  exports.squaredNorms(slot.ptr, padded.n, padded.d, norms.ptr);
  return { slot, norms, ...padded };
}

/** Inner products of every row of a with every row of b, [a.n, b.n]. */
export function innerProducts({ arena, exports }: Core, a: Rows, b: Rows): Slot<Float64Array> {
  const out = arena.empty(Float64Array, a.n * b.n);
  exports.innerProducts(a.slot.ptr, a.n, b.slot.ptr, b.n, a.d, out.ptr);
  return out;
}

/** The kernel values that belong to inner products; written to `out`, which may be `products` itself, unless the kernel is linear. */
export function kernelValues(
  { exports }: Core,
  kernel: SvmKernel,
  products: Slot<Float64Array>,
  a: Rows,
  b: Rows,
  out: Slot<Float64Array>,
): Slot<Float64Array> {
  if (kernel.kind === "linear") return products;
  if (kernel.kind === "poly") {
    // A few multiplications a pair: not worth a kernel of its own.
    const { gamma, coef0, degree } = kernel;
    const from = products.view();
    const to = out.view();
    for (let i = 0; i < a.n * b.n; i++) to[i] = wholePower(gamma * from[i]! + coef0, degree);
    return out;
  }
  exports.gaussianKernel(products.ptr, a.n, b.n, a.norms.ptr, b.norms.ptr, kernel.gamma, out.ptr);
  return out;
}

/** base^degree by squaring, in libsvm's order of multiplications. */
function wholePower(base: number, degree: number): number {
  let power = base;
  let result = 1;
  for (let t = degree; t > 0; t >>= 1) {
    if (t & 1) result *= power;
    power *= power;
  }
  return result;
}
