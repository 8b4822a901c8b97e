// What the module exports for texture matrices, one block for each file in assembly/.

/** The texture kernels; addresses are bytes. */
export interface TextureKernels {
  // grey-levels
  padLevels(levels: number, nz: number, ny: number, nx: number, reach: number, padded: number, voxels: number): number;

  // tally
  tallyKeys(keys: number, n: number, counts: number): void;
  moveCounts(wide: number, rows: number, columns: number, isSymmetric: boolean, counts: number): void;
  takeCells(counts: number, cells: number, columns: number, row: number, column: number, count: number): number;
  sortKeys(keys: number, n: number, scratch: number, buckets: number, highest: number): void;
  countSorted(keys: number, n: number, columns: number, row: number, column: number, count: number): number;

  // glcm
  glcmPairs(levels: number, from: number, to: number, step: number, ng: number, isSymmetric: boolean, keys: number): number;
  glcmCount(levels: number, from: number, to: number, step: number, ng: number, counts: number): void;

  // glcm-local
  glcmLocal(
    levels: number,
    centres: number,
    n: number,
    row: number,
    slice: number,
    rz: number,
    ry: number,
    rx: number,
    directions: number,
    count: number,
    ng: number,
    isSymmetric: boolean,
    isMerged: boolean,
    keys: number,
    rows: number,
    columns: number,
    counts: number,
    ends: number,
  ): void;

  // glrlm
  glrlmRuns(levels: number, from: number, to: number, step: number, longest: number, length: number, keys: number): number;
  glrlmCount(levels: number, from: number, to: number, step: number, longest: number, length: number, counts: number): void;

  // glszm
  findZones(
    levels: number,
    from: number,
    to: number,
    steps: number,
    connections: number,
    distance: number,
    stack: number,
    level: number,
    size: number,
    nearest: number,
  ): number;
  markValues(values: number, n: number, seen: number): void;
  rankedKeys(level: number, values: number, from: number, to: number, rank: number, ranks: number, keys: number): number;

  // gldzm
  padInside(morphological: number, levels: number, nz: number, ny: number, nx: number, reach: number, distance: number): void;
  cityBlockDistance(distance: number, from: number, to: number, row: number, slice: number): void;

  // ngtdm
  ngtdmDifferences(levels: number, from: number, to: number, steps: number, neighbours: number, voxels: number, difference: number): void;

  // ngldm
  ngldmDependences(levels: number, from: number, to: number, steps: number, neighbours: number, alpha: number, keys: number): number;
}
