// What the module exports, one block for each file in assembly/. Addresses are bytes; a kernel returns nothing unless its header says so.

/** The module's functions and its memory. */
export interface Kernels {
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

  // blocked
  blockedBytes(C: number, H: number, W: number): number;
  toBlocked(x: number, C: number, H: number, W: number, y: number): void;
  fromBlocked(x: number, C: number, H: number, W: number, y: number): void;
  // conv2d
  conv2d(x: number, CI: number, H: number, W: number, weight: number, bias: number, CO: number, activation: number, y: number): void;
  // pool2d
  maxPool2d(x: number, C: number, H: number, W: number, y: number): void;
  // global-average
  globalAverage(x: number, C: number, H: number, W: number, y: number): void;

  // kmeans
  assignToCentres(points: number, n: number, d: number, centres: number, k: number, assignment: number, distance: number): number;
  meansOfClusters(points: number, n: number, d: number, assignment: number, k: number, centres: number, sums: number, counts: number): void;
}
