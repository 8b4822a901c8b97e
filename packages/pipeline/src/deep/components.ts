// What belongs together in a mask: its largest piece, and the holes in it.
import type { Triple } from "../volume.ts";

/**
 * The largest connected piece of a mask; voxels that share a face, an edge or a corner are connected. Of equal pieces, the one that comes first.
 *
 * @param data  1 inside, 0 outside, x fastest; left untouched
 */
export function largestComponent(data: Uint8Array, shape: Triple): Uint8Array {
  const seen = data.map((value) => Number(value === 0));
  let largest = new Int32Array(0);
  for (let start = 0; start < data.length; start++) {
    if (seen[start]) continue;
    const piece = flood(seen, shape, start, CORNERS);
    if (piece.length > largest.length) largest = piece;
  }
  const kept = new Uint8Array(data.length);
  for (const i of largest) kept[i] = 1;
  return kept;
}

/**
 * A mask with its holes filled: the voxels outside it that no way through faces leads from the border of the grid to.
 *
 * @param data  1 inside, 0 outside, x fastest; left untouched
 */
export function fillHoles(data: Uint8Array, shape: Triple): Uint8Array {
  const [nz, ny, nx] = shape;
  const seen = data.slice();
  for (let z = 0, i = 0; z < nz; z++) {
    for (let y = 0; y < ny; y++) {
      for (let x = 0; x < nx; x++, i++) {
        const isBorder = z === 0 || y === 0 || x === 0 || z === nz - 1 || y === ny - 1 || x === nx - 1;
        if (isBorder && !seen[i]) flood(seen, shape, i, FACES);
      }
    }
  }
  // What is still unseen is neither mask nor reached from outside.
  return data.map((value, i) => Number(value === 1 || seen[i] === 0));
}

type Step = readonly [dz: number, dy: number, dx: number];
const CORNERS: readonly Step[] = [-1, 0, 1].flatMap((dz) =>
  [-1, 0, 1].flatMap((dy) => [-1, 0, 1].map((dx) => [dz, dy, dx] as const).filter((step) => step.some((d) => d !== 0))),
);
const FACES: readonly Step[] = CORNERS.filter((step) => Math.abs(step[0]) + Math.abs(step[1]) + Math.abs(step[2]) === 1);

/** Marks all unseen voxels that steps lead to from `start`, and returns them. */
function flood(seen: Uint8Array, [nz, ny, nx]: Triple, start: number, steps: readonly Step[]): Int32Array<ArrayBuffer> {
  const found: number[] = [start];
  seen[start] = 1;
  for (let head = 0; head < found.length; head++) {
    const i = found[head]!;
    const [z, y, x] = [Math.floor(i / (ny * nx)), Math.floor(i / nx) % ny, i % nx];
    for (const [dz, dy, dx] of steps) {
      const [pz, py, px] = [z + dz, y + dy, x + dx];
      if (pz < 0 || py < 0 || px < 0 || pz >= nz || py >= ny || px >= nx) continue;
      const j = (pz * ny + py) * nx + px;
      if (seen[j]) continue;
      seen[j] = 1;
      found.push(j);
    }
  }
  return Int32Array.from(found);
}
