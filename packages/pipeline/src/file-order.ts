// Voxels in the order of their file: PyRadiomics knows no other, its rules count the file's axes; and what a service keeps of a file keeps it.
import { positionOf, type Geometry, type StoredAxis, type StoredGrid, type Triple, type Volume } from "./volume.ts";

/** (x, y, z): along the axes of a file, fastest first, or in the patient. */
export type Xyz = readonly [x: number, y: number, z: number];

/**
 * The grid of a file, by what intake kept of it, or else by the geometry.
 *
 * @param orientation  of the file (`IntakeReport.orientation`), for a grid of which nothing was kept
 */
export function fileGridOf(at: Geometry & { readonly stored?: StoredGrid }, orientation: string): StoredGrid {
  // What was cut out of a volume may still carry the whole's.
  if (at.stored?.axes.every(({ axis, size, spacing }) => size === at.shape[axis] && Math.abs(spacing / at.spacing[axis]! - 1) < 0.01))
    return at.stored;
  const axes = [...orientation].map((letter): StoredAxis => {
    const axis = (2 - (["RL", "AP", "IS"] as const).findIndex((sides) => sides.includes(letter))) as 0 | 1 | 2;
    const isFlipped = "RAI".includes(letter);
    const [z, y, x] = at.direction[axis].map((v) => (isFlipped ? -v : v)) as unknown as Triple;
    return { size: at.shape[axis], spacing: at.spacing[axis], direction: [x, y, z], axis, isFlipped };
  }) as unknown as StoredGrid["axes"];
  const first = ([0, 1, 2] as const).map((a) => (axes.find(({ axis }) => axis === a)!.isFlipped ? at.shape[a] - 1 : 0));
  const [z, y, x] = positionOf(at, first as unknown as Triple);
  return { axes, origin: [x, y, z] };
}

/** The numbers of a volume to all their digits where its file has them of 64 bits and they are still its own, in the order of its grid; else null. */
export function doublesOf({ data, stored, doubles }: Volume, grid: StoredGrid): Float64Array | null {
  return doubles?.of === data && stored === grid ? doubles.values : null;
}

/** A half-open box of indices along the axes of a file. */
export interface FileBox {
  readonly from: Xyz;
  readonly to: Xyz;
}

/** The same voxels as a box of the canonical frame, counted along the file's axes. */
export function fileBoxOf({ axes }: StoredGrid, box: { readonly from: Triple; readonly to: Triple }): FileBox {
  return {
    from: axes.map(({ axis, isFlipped, size }) => (isFlipped ? size - box.to[axis]! : box.from[axis]!)) as unknown as Xyz,
    to: axes.map(({ axis, isFlipped, size }) => (isFlipped ? size - box.from[axis]! : box.to[axis]!)) as unknown as Xyz,
  };
}

/** All of a file. */
export function wholeFile({ axes }: StoredGrid): FileBox {
  return { from: [0, 0, 0], to: axes.map(({ size }) => size) as unknown as Xyz };
}

/**
 * The values of a canonical array inside a box, in the file's order.
 *
 * @param Values  what they are written as
 */
export function inFileOrder<T extends Record<number, number>>(
  Values: new (length: number) => T,
  data: ArrayLike<number>,
  { axes }: StoredGrid,
  { from, to }: FileBox,
): T {
  const sizeOf = (a: 0 | 1 | 2) => axes.find(({ axis }) => axis === a)!.size;
  const strides = [sizeOf(1) * sizeOf(2), sizeOf(2), 1];
  const [x, y, z] = axes.map(({ axis, isFlipped, size }) => ({
    step: isFlipped ? -strides[axis]! : strides[axis]!,
    first: isFlipped ? (size - 1) * strides[axis]! : 0,
  })) as [{ step: number; first: number }, { step: number; first: number }, { step: number; first: number }];
  const out: Record<number, number> = new Values((to[0] - from[0]) * (to[1] - from[1]) * (to[2] - from[2]));
  for (let k = from[2], at = 0; k < to[2]; k++) {
    for (let j = from[1]; j < to[1]; j++) {
      let place = x.first + y.first + z.first + k * z.step + j * y.step + from[0] * x.step;
      for (let i = from[0]; i < to[0]; i++, at++, place += x.step) out[at] = data[place]!;
    }
  }
  return out as T;
}
