// What the module exports, one block for each file in assembly/. Addresses are bytes; a kernel returns nothing unless its header says so.
import type { TextureKernels } from "./texture-kernels.ts";
import type { UNetKernels } from "./unet-kernels.ts";

/** The module's functions and its memory. */
export interface Kernels extends TextureKernels, UNetKernels {
  readonly memory: WebAssembly.Memory;

  // memory
  heapBase(): number;

  // resample
  resampleAcross(
    input: number,
    inputStride: number,
    output: number,
    outputStride: number,
    width: number,
    first: number,
    weights: number,
    m: number,
    taps: number,
  ): void;
  resampleAlong(
    input: number,
    inputStride: number,
    output: number,
    outputStride: number,
    rows: number,
    first: number,
    weights: number,
    m: number,
    taps: number,
  ): void;

  // resample-affine
  resampleMaskAffine(
    mask: number,
    nz: number,
    ny: number,
    nx: number,
    out: number,
    mz: number,
    my: number,
    mx: number,
    affine: number,
    threshold: number,
  ): void;

  // kmeans
  assignToCentres(points: number, n: number, d: number, centres: number, k: number, assignment: number, distance: number): number;
  meansOfClusters(points: number, n: number, d: number, assignment: number, k: number, centres: number, sums: number, counts: number): void;

  // kernel-matrix
  innerProducts(a: number, rows: number, b: number, columns: number, d: number, out: number): void;
  squaredNorms(a: number, rows: number, d: number, out: number): void;
  gaussianKernel(product: number, rows: number, columns: number, normA: number, normB: number, gamma: number, kernel: number): void;
  decisionValues(
    kernel: number,
    stride: number,
    row: number,
    rows: number,
    column: number,
    columns: number,
    coef: number,
    rho: number,
    out: number,
  ): void;
  gatherSquare(kernel: number, stride: number, index: number, n: number, out: number, outStride: number): void;
  roundToSingle(values: number, count: number): void;

  // svm
  solveDual(
    kernel: number,
    n: number,
    diagonal: number,
    lower: number,
    upper: number,
    beta: number,
    gradient: number,
    up: number,
    down: number,
    tolerance: number,
    limit: number,
  ): number;

  // free-newton
  moveFree(
    kernel: number,
    n: number,
    diagonal: number,
    lower: number,
    upper: number,
    beta: number,
    gradient: number,
    free: number,
    matrix: number,
    direction: number,
    capacity: number,
  ): number;

  // spatial-autocorrelation
  maskedSpectra(
    intensity: number,
    mask: number,
    nz: number,
    ny: number,
    nx: number,
    mean: number,
    scale: number,
    n: number,
    twiddle: number,
    from: number,
    to: number,
    g: number,
    a: number,
    b: number,
    out: number,
  ): void;
  weightSpectra(
    n: number,
    hy: number,
    hz: number,
    sz: number,
    sy: number,
    sx: number,
    twiddle: number,
    from: number,
    to: number,
    a: number,
    b: number,
    out: number,
  ): void;
  weightPlane(w: number, my: number, mz: number, twiddleY: number, twiddleZ: number, a: number, b: number, t: number, out: number): void;
  addPlane(
    d: number,
    m: number,
    s: number,
    weight: number,
    ny: number,
    nz: number,
    my: number,
    mz: number,
    twiddleY: number,
    twiddleZ: number,
    times: number,
    a: number,
    t: number,
    out: number,
  ): void;
  pairSums(p: number, n: number, out: number): void;

  // lag-sums
  weightLags(w: number, my: number, hp: number, twiddle: number, a: number, b: number, out: number): void;
  addLags(
    fields: number,
    quantity: number,
    weights: number,
    hp: number,
    ny: number,
    n: number,
    my: number,
    twiddle: number,
    times: number,
    a: number,
    t: number,
    out: number,
  ): void;

  // sphere-sums
  sphereSums(running: number, chords: number, n: number, count: number, out: number): void;
}
