// The sums over pairs of a masked volume as sums over frequencies, in two shares that need nothing of each other.
import type { Core } from "./core.ts";
import { fftLength, pushPlan } from "./fft-plan.ts";
import type { Triple } from "./resample.ts";

/** A masked volume in wasm memory. */
export interface MaskedVolume {
  /** Address of f32 [nz, ny, nx], readable 16 bytes beyond its end. */
  readonly intensity: number;
  /** Address of u8 [nz, ny, nx]. */
  readonly mask: number;
  readonly shape: Triple;
  /** mm. */
  readonly spacing: Triple;
  readonly mean: number;
  readonly sd: number;
  /** Voxels inside of each row [nz, ny]. */
  readonly counts: Uint32Array;
}

/** Bytes that the spectra of one share may take at once; a larger box goes through in several groups of frequencies. */
const SPECTRA_BYTES = 64 * 2 ** 20;

/** Up to so many voxels along z its pairs are summed by their lags; beyond, transforms take less time. */
const MOST_LAGS = 96;

/** Nanoseconds for what is done with one number after its transform along x, y and z. */
const LATER = { x: 40, y: 20, z: 3 } as const;

/** Bytes of a row of 8 numbers. */
const ROW = 64;

const upTo = (multiple: number, n: number) => Math.ceil(n / multiple) * multiple;

/**
 * One of two shares of three sums over ordered pairs i != j of voxels inside, with w = 1 / distance in mm: of w d_i d_j, of w and of w d_i^2, d the
 * intensity's distance from the mean in standard deviations.
 *
 * By Parseval they are sums over frequencies of W |D|^2, W |M|^2 and W Re(conj(S) M), where the spectra are of twice the box, so that nothing wraps
 * around. The frequencies of even number along x are the transform of one length of the box, and so are those of odd number, of the turned
 * voxels (decimation in frequency): one is a share, and none meets the zeros of the padding. The same holds within a share along y and z.
 *
 * @param share  0 or 1; the sums of both add up
 */
export function spectralShare(core: Core, volume: MaskedVolume, share: number): [products: number, weights: number, squares: number] {
  const { arena, exports } = core;
  const [nz, ny, nx] = volume.shape;
  const [Lx, Ly] = [fftLength(nx, LATER.x), fftLength(ny, LATER.y)];
  const isByLags = nz <= MOST_LAGS;
  const Lz = isByLags ? nz : fftLength(nz, LATER.z);
  return arena.scope(() => {
    const rows = rowsInside(volume);
    const [list, alongY] = [arena.empty(Uint32Array, rows.first.length), pushTable(core, tableOfY(volume, rows.places, Ly))];
    list.view().set(rows.first);
    const longest = Math.max(Lx, Ly, Lz);
    const [x, y] = [pushPlan(core, Lx), pushPlan(core, Ly)];
    const z = isByLags ? null : pushPlan(core, Lz);
    const [fromX, fromZ, all] = [
      pushTable(core, tableOf(nx, Lx)),
      pushTable(core, tableOf(nz, Lz)),
      pushTable(core, tableOf(longest, longest)),
    ];
    const buffers = arena.zeros(Float64Array, 8 * (6 * longest + 8)).ptr;
    const [a, b, c, v] = [0, 1, 2, 3].map((k) => buffers + k * ROW * longest) as [number, number, number, number];
    const g = v + ROW * (longest + 1);
    const column = arena.zeros(Float64Array, 8 * (nx + 1)).ptr;
    // Odd numbers of rows from one y to the next: powers of two would share few lines of the cache.
    const wz = upTo(8, Lz + 1) | 1;
    const tz = (nz + 1) | 1;
    const size = ROW * 3 * Ly * tz;
    const t = arena.zeros(Float64Array, (2 * size) / 8).ptr;
    const scratch = arena.empty(Float64Array, Math.max(5 * 8 * Lz, 24 * (nz + 1) + 8)).ptr;
    const sums = arena.zeros(Float64Array, 3);
    const planes = share === 0 ? Math.floor(Lx / 2) + 1 : Math.floor((Lx + 1) / 2);
    const blocks = Math.ceil(planes / 8);
    const field = ROW * (upTo(8, rows.first.length) + 1);
    const weightBytes = ROW * (Ly + 1) * wz;
    const group = Math.max(1, Math.floor(SPECTRA_BYTES / (6 * field + weightBytes)));
    const { intensity, mask, spacing, mean, sd } = volume;
    const spectra = arena.empty(Uint8Array, Math.min(group, blocks) * 6 * field).ptr;
    const weights = arena.empty(Uint8Array, Math.min(group, blocks) * weightBytes).ptr;
    for (let from = 0; from < blocks; from += group) {
      const to = Math.min(from + group, blocks);
      exports.weightSpectra(Lx, x.ptr, all, share, Ly, nz - 1, ...spacing, from, to, v, g, a, b, c, wz, weights);
      exports.maskedSpectra(
        intensity,
        mask,
        list.ptr,
        rows.first.length,
        nx,
        mean,
        1 / sd,
        Lx,
        fromX,
        x.ptr,
        share,
        2 * from,
        2 * to,
        column,
        a,
        b,
        c,
        spectra,
      );
      for (let block = from; block < to; block++) {
        const w = weights + (block - from) * weightBytes;
        for (let lag = 0; lag < nz; lag++) exports.weightAlong(w + lag * ROW, wz * ROW, Ly, y.ptr, all, v, a, b, c);
        if (z) for (let lag = 0; lag <= Ly; lag++) exports.weightAlong(w + lag * wz * ROW, ROW, Lz, z.ptr, all, v, a, b, c);
        for (let half = 0; half < 2 && 8 * block + 4 * half < planes; half++) {
          const fields = spectra + (2 * (block - from) + half) * 3 * field;
          exports.alongY(fields, field, nz, Ly, alongY, y.ptr, a, b, tz, t);
          for (let parity = 0; parity < 2; parity++) {
            const from = t + parity * size;
            if (z === null) exports.addLags(from, Ly, tz, parity, nz, w + 32 * half, wz, scratch, sums.ptr);
            else exports.addSpectra(from, Ly, tz, parity, Lz, fromZ, z.ptr, w + 32 * half, wz, scratch, sums.ptr);
          }
        }
      }
    }
    // `maskedSpectra` gives twice the spectra.
    const points = 4 * (2 * Lx) * (2 * Ly) * (isByLags ? 1 : 2 * Lz);
    return [...sums.view()].map((sum) => sum / points) as [number, number, number];
  });
}

/** The rows along x with a voxel inside: the first voxel of each, and for each row of the box its place among them from 1 on, or 0. */
function rowsInside({ counts, shape }: MaskedVolume): { readonly first: number[]; readonly places: Uint32Array } {
  const first: number[] = [];
  const places = new Uint32Array(counts.length);
  counts.forEach((count, row) => {
    if (count > 0) places[row] = first.push(row * shape[2]);
  });
  return { first, places };
}

/** Where the row of each y lies for each z, [nz, Ly]: 0, where zeros lie, where none is inside. */
function tableOfY({ shape: [nz, ny] }: MaskedVolume, places: Uint32Array, Ly: number): Uint32Array {
  const table = new Uint32Array(nz * Ly);
  for (let z = 0; z < nz; z++) for (let y = 0; y < ny; y++) table[z * Ly + y] = ROW * places[z * ny + y]!;
  return table;
}

/** Rows 1 to n one after another, then row 0, which is zero. */
function tableOf(n: number, length: number): Uint32Array {
  return Uint32Array.from({ length }, (_, j) => (j < n ? ROW * (j + 1) : 0));
}

function pushTable({ arena }: Core, table: Uint32Array): number {
  return arena.from(Uint32Array, table).ptr;
}
