// Texture matrices by their definitions: every voxel asks every neighbour, one index at a time.

type Triple = readonly [z: number, y: number, x: number];

/** A volume of grey levels, 0 outside the ROI. */
export interface Levels {
  readonly shape: Triple;
  readonly levels: ArrayLike<number>;
}

/** [row, column, count] of the non-empty cells, in rising order of (row, column). */
export type Cells = [row: number, column: number, count: number][];

/** The level at an index; 0 outside the volume. */
export function levelAt({ shape: [nz, ny, nx], levels }: Levels, [z, y, x]: Triple): number {
  if (z < 0 || z >= nz || y < 0 || y >= ny || x < 0 || x >= nx) return 0;
  return levels[(z * ny + y) * nx + x]!;
}

/** Calls visit with every voxel of the ROI, in order. */
export function eachVoxel(volume: Levels, visit: (at: Triple, level: number) => void): void {
  const [nz, ny, nx] = volume.shape;
  for (let z = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++) {
        const level = levelAt(volume, [z, y, x]);
        if (level !== 0) visit([z, y, x], level);
      }
    }
  }
}

/** The volume's slices, each as a volume. */
export function slicesOf({ shape: [nz, ny, nx], levels }: Levels): Levels[] {
  return Array.from({ length: nz }, (_, z) => ({
    shape: [1, ny, nx],
    levels: Array.from({ length: ny * nx }, (_unused, i) => levels[z * ny * nx + i]!),
  }));
}

/** The voxel k offsets away. */
export const moved = ([z, y, x]: Triple, [dz, dy, dx]: Triple, k = 1): Triple => [z + k * dz, y + k * dy, x + k * dx];

/** How often each pair (row, column) occurs; both are below 2^26. */
export function counted(pairs: readonly (readonly [row: number, column: number])[]): Cells {
  const counts = new Map<number, number>();
  for (const [row, column] of pairs) counts.set(row * 2 ** 26 + column, (counts.get(row * 2 ** 26 + column) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([pair, count]): Cells[number] => [Math.floor(pair / 2 ** 26), pair % 2 ** 26, count]);
}
