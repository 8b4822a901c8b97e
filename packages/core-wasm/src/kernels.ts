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

  // masked-moments
  maskedMoments(intensity: number, mask: number, rows: number, nx: number, counts: number, out: number): void;
  maskedSquares(intensity: number, mask: number, rows: number, nx: number, counts: number, mean: number): number;

  // masked-spectra
  maskedSpectra(
    intensity: number,
    mask: number,
    rows: number,
    count: number,
    nx: number,
    mean: number,
    scale: number,
    n: number,
    table: number,
    plan: number,
    parity: number,
    from: number,
    to: number,
    g: number,
    a: number,
    b: number,
    c: number,
    out: number,
  ): void;

  // weight-spectra
  weightSpectra(
    n: number,
    plan: number,
    table: number,
    parity: number,
    hy: number,
    hz: number,
    sz: number,
    sy: number,
    sx: number,
    from: number,
    to: number,
    v: number,
    g: number,
    a: number,
    b: number,
    c: number,
    wz: number,
    out: number,
  ): void;
  weightAlong(x: number, step: number, n: number, plan: number, table: number, g: number, a: number, b: number, c: number): void;

  // spatial-autocorrelation
  alongY(
    fields: number,
    field: number,
    nz: number,
    n: number,
    table: number,
    plan: number,
    a: number,
    b: number,
    tz: number,
    out: number,
  ): void;
  addSpectra(
    t: number,
    ny: number,
    tz: number,
    parity: number,
    n: number,
    table: number,
    plan: number,
    weights: number,
    wz: number,
    scratch: number,
    out: number,
  ): void;

  // lag-sums
  addLags(t: number, ny: number, tz: number, parity: number, n: number, weights: number, wz: number, scratch: number, out: number): void;

  // pair-sums
  pairSums(p: number, n: number, from: number, step: number, out: number): void;

  // sphere-sums
  runningSums(values: number, rows: number, nx: number, margin: number, out: number): void;
  rowSpans(mask: number, rows: number, nx: number, out: number): void;
  sphereSums(running: number, chords: number, n: number, count: number, out: number): void;
}
