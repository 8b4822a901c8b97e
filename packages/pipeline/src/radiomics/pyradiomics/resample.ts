// Onto another spacing as PyRadiomics has it done by ITK, to the last bit: which grid, and where its voxels lie in the image.
import type { StoredAxis, StoredGrid } from "../../volume.ts";
import { wholeFile, type FileBox, type Xyz } from "../../file-order.ts";
import { inverseOf } from "./singular-inverse.ts";

/**
 * The grid that PyRadiomics resamples to: the mask's own, with its first corner and another spacing, of which it takes the region's box
 * and `pad` voxels around it, inside the mask.
 *
 *   index in the mask's file of new voxel k = (k + first) s' / s + (s' - s) / 2 s     (first corners agree; IBSI aligns centres)
 *
 * @param mask     the grid that the region was drawn on, which need not be the image's
 * @param box      of the region
 * @param wanted   mm along the axes of the file
 */
export function resampledGrid({ axes, origin }: StoredGrid, { from, to }: FileBox, wanted: Xyz, pad: number): StoredGrid {
  const first: number[] = [];
  const resampled = axes.map((axis, a): StoredAxis => {
    const ratio = axis.spacing / wanted[a]!;
    const low = Math.max(0, Math.floor((from[a]! - 0.5) * ratio - pad));
    const high = Math.min(Math.ceil(axis.size * ratio) - 1, Math.ceil((to[a]! - 0.5) * ratio + pad));
    first.push((0.5 * (wanted[a]! - axis.spacing)) / axis.spacing + low / ratio);
    return { ...axis, size: high - low + 1, spacing: wanted[a]! };
  });
  return {
    axes: resampled as unknown as StoredGrid["axes"],
    origin: pointBetween({ axes, origin }, first as unknown as Xyz),
  };
}

/**
 * The spacing that is really meant, mm along the axes of the mask's file: its own where 0 is asked for, and along an axis where the region
 * has one voxel. Null where that is the image's own (to 1e-5): then nothing is interpolated.
 */
export function targetSpacing(wanted: Xyz, mask: StoredGrid, { from, to }: FileBox, image: StoredGrid): Xyz | null {
  const target = wanted.map((mm, a) => (mm === 0 || from[a]! + 1 >= to[a]! ? mask.axes[a]!.spacing : mm));
  const isImages = target.every((mm, a) => Math.abs(image.axes[a]!.spacing - mm) <= 1e-8 + 1e-5 * mm);
  return isImages ? null : (target as unknown as Xyz);
}

/** Where an index of a grid lies, mm. ITK begins its sum with the origin, */
function pointAt({ axes: [x, y, z], origin }: StoredGrid, [i, j, k]: Xyz): Xyz {
  const along = (c: 0 | 1 | 2) =>
    origin[c] + x.direction[c] * x.spacing * i + y.direction[c] * y.spacing * j + z.direction[c] * z.spacing * k;
  return [along(0), along(1), along(2)];
}

/** and for a fractional index ends it there. */
function pointBetween({ axes: [x, y, z], origin }: StoredGrid, [i, j, k]: Xyz): Xyz {
  const along = (c: 0 | 1 | 2) =>
    x.direction[c] * x.spacing * i + y.direction[c] * y.spacing * j + z.direction[c] * z.spacing * k + origin[c];
  return [along(0), along(1), along(2)];
}

const dot = (a: Xyz, b: Xyz) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** The fractional index of a point on a grid, by the inverse of its steps; ITK's order of sums. */
function indexAt([x, y, z]: readonly [Xyz, Xyz, Xyz], origin: Xyz, point: Xyz): Xyz {
  const from: Xyz = [point[0] - origin[0], point[1] - origin[1], point[2] - origin[2]];
  return [dot(x, from), dot(y, from), dot(z, from)];
}

/**
 * Calls visit for the voxels of a box of one grid with their fractional index in another, in the order of the file.
 *
 * ITK knows the places of both ends of a row (the far end is one voxel past the last) and goes from one to the other; so do we, since where
 * a value comes to lie on a whole number, the last bit of a place decides what the decimals are cut to.
 */
export function eachPlace(
  of: StoredGrid,
  on: StoredGrid,
  visit: (voxel: number, x: number, y: number, z: number) => void,
  { from, to }: FileBox = wholeFile(of),
): void {
  const nx = of.axes[0].size;
  const steps = on.axes.map(({ direction, spacing }) => direction.map((v) => v * spacing));
  const inverse = inverseOf(steps) as unknown as readonly [Xyz, Xyz, Xyz];
  for (let k = from[2], voxel = 0; k < to[2]; k++) {
    for (let j = from[1]; j < to[1]; j++) {
      const start = indexAt(inverse, on.origin, pointAt(of, [0, j, k]));
      const end = indexAt(inverse, on.origin, pointAt(of, [nx, j, k]));
      const [dx, dy, dz] = [end[0] - start[0], end[1] - start[1], end[2] - start[2]];
      for (let i = from[0]; i < to[0]; i++, voxel++) {
        const part = i / nx;
        visit(voxel, start[0] + dx * part, start[1] + dy * part, start[2] + dz * part);
      }
    }
  }
}

/** Whether a fractional index lies on the voxels of a grid, which reach half a voxel around their centres. */
export function isOn({ axes: [x, y, z] }: StoredGrid, i: number, j: number, k: number): boolean {
  return i >= -0.5 && j >= -0.5 && k >= -0.5 && i < x.size - 0.5 && j < y.size - 0.5 && k < z.size - 0.5;
}
