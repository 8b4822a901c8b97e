// How a convolution's work is cut into parts for several threads. Any cut gives the same bits: no sum crosses a tile, a row or a panel of 8 channels.
import type { Kernels } from "./kernels.ts";

/** The kernels that a crew shares, by their numbers in a job. */
export const DIRECT = 0;
export const WINOGRAD = 1;
export const TRANSPOSED = 2;

/** Parts of a large layer: so many that a thread which starts late or is held up leaves its share to the others. */
const MOST = 24;
/** Parts of a small layer: so few that a part is worth its taking. */
const LEAST = 8;
/** Tiles times channels in and out that are worth a part: about a tenth of a millisecond. */
const WORTH = 2 ** 16;
/** Parts of a convolution that is cut by rows. */
const BANDS = 16;

/** A job cut into parts: how many, and what computes one of them. */
export interface Cut {
  readonly parts: number;
  run(part: number): void;
}

/**
 * Cuts a job. Each thread makes the same cut for itself, once a job.
 *
 * @param args       the kernel's arguments in the order of its parameters
 * @param workspace  address of a workspace of the thread's own
 */
export function cutJob(exports: Kernels, kernel: number, args: readonly number[], workspace: number): Cut {
  if (kernel === WINOGRAD) return cutWinograd(exports, args, workspace);
  return kernel === DIRECT ? cutDirect(exports, args) : cutTransposed(exports, args);
}

/** Parts of a direct convolution: some rows each. */
function cutDirect(exports: Kernels, args: readonly number[]): Cut {
  const [x, CI, H, W, weight, bias, CO, activation, y] = args as Numbers<9>;
  const parts = Math.min(BANDS, H);
  return {
    parts,
    run: (part) => exports.conv2dRows(x, CI, H, W, weight, bias, CO, activation, y, share(H, part, parts), share(H, part + 1, parts)),
  };
}

/** Parts of a transposed convolution: some rows of its input each. */
function cutTransposed(exports: Kernels, args: readonly number[]): Cut {
  const [x, CI, H, W, packed, bias, CO, y] = args as Numbers<8>;
  const parts = Math.min(BANDS, H);
  return {
    parts,
    run: (part) => exports.convTranspose2dRows(x, CI, H, W, packed, bias, CO, y, share(H, part, parts), share(H, part + 1, parts)),
  };
}

/** Parts of a convolution by Winograd's method: some blocks of tiles each, as one thread would take them; in a layer of few blocks some panels of one. */
function cutWinograd(exports: Kernels, args: readonly number[], workspace: number): Cut {
  const [x, xBytes, N, CI, H, W, u, bias, CO, activation, isPooled, y, yBytes] = args as Numbers<13>;
  const tiles = N * ((H + 3) >> 2) * ((W + 3) >> 2);
  const panels = (CO + 7) >> 3;
  const size = exports.winogradBlock(CI, CO);
  const blocks = Math.ceil(tiles / size);
  const wanted = Math.max(LEAST, Math.min(MOST, Math.round((tiles * CI * CO) / WORTH)));
  const rows = Math.min(blocks, wanted);
  const columns = Math.min(panels, Math.ceil(wanted / blocks));
  /** The block whose transformed input the workspace holds. */
  let held = -1;
  return {
    parts: rows * columns,
    run(part) {
      const row = Math.floor(part / columns);
      const column = part - row * columns;
      const [firstPanel, endPanel] = [share(panels, column, columns), share(panels, column + 1, columns)];
      for (let block = share(blocks, row, rows), end = share(blocks, row + 1, rows); block < end; block++) {
        const isHeld = block === held;
        held = block;
        exports.conv2dWinogradPart(
          x,
          xBytes,
          CI,
          H,
          W,
          u,
          bias,
          CO,
          activation,
          isPooled !== 0,
          y,
          yBytes,
          workspace,
          block * size,
          Math.min(tiles, (block + 1) * size),
          firstPanel,
          endPanel,
          isHeld,
        );
      }
    },
  };
}

type Numbers<N extends number, T extends number[] = []> = T["length"] extends N ? T : Numbers<N, [...T, number]>;

function share(total: number, part: number, parts: number): number {
  return Math.round((total * part) / parts);
}
