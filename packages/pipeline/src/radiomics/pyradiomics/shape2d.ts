// PyRadiomics' class shape2D: size and form of a mask of one slice.
import type { Triple } from "../../volume.ts";
import { principalComponents } from "../morphology.ts";
import type { PyradiomicsFeature } from "./feature.ts";
import { planarDiameter } from "./planar-diameter.ts";

/** What the class computes from; mm. */
export interface Shape2D {
  /** Area and length of the outline through the middles between pixels inside and outside. */
  readonly area: number;
  readonly perimeter: number;
  readonly pixelArea: number;
  /** Variances (divided by N) of pixel positions along the principal axes, largest first. */
  readonly variances: readonly [number, number];
  /** The largest distance of two points of the outline. */
  readonly diameter: number;
}

/**
 * @param mask    before re-segmentation, cropped to the region, at least one voxel inside
 * @param across  the axis perpendicular to the slice (`force2Ddimension`)
 * @returns null where the region has more than one slice along that axis
 */
export function shape2DOf(mask: Uint8Array, shape: Triple, spacing: Triple, across: 0 | 1 | 2): Shape2D | null {
  if (shape[across] !== 1) return null;
  const [u, v] = ([0, 1, 2] as const).filter((a) => a !== across) as [0 | 1 | 2, 0 | 1 | 2];
  const [su, sv] = [spacing[u], spacing[v]];
  const { count, variances } = principalComponents(mask, shape, spacing);
  return {
    ...outline(mask, [shape[u], shape[v]], [su, sv]),
    pixelArea: count * su * sv,
    variances: [variances[0], variances[1]],
    diameter: planarDiameter(mask, shape, spacing, across),
  };
}

/**
 * Area and length of the outline by marching squares: each square of four pixel centres adds what its corners inside cut off. Of two opposite corners each has its own line.
 */
function outline(
  mask: Uint8Array,
  [nu, nv]: readonly [number, number],
  [su, sv]: readonly [number, number],
): { area: number; perimeter: number } {
  const inside = (i: number, j: number) => (i >= 0 && j >= 0 && i < nu && j < nv && mask[i * nv + j] !== 0 ? 1 : 0);
  // Squares with one corner inside or two opposite ones (lines across a corner), two along u, two along v, three, four.
  let [corners, alongU, alongV, threes, whole] = [0, 0, 0, 0, 0];
  for (let i = -1; i < nu; i++) {
    for (let j = -1; j < nv; j++) {
      const [a, b, c, d] = [inside(i, j), inside(i, j + 1), inside(i + 1, j), inside(i + 1, j + 1)];
      const n = a + b + c + d;
      if (n === 1) corners++;
      else if (n === 3) threes++;
      else if (n === 4) whole++;
      else if (n === 2 && a === d) corners += 2;
      else if (n === 2 && a === c) alongU++;
      else if (n === 2) alongV++;
    }
  }
  return {
    area: (corners / 8 + (alongU + alongV) / 2 + (7 * threes) / 8 + whole) * su * sv,
    perimeter: ((corners + threes) * Math.hypot(su, sv)) / 2 + alongU * su + alongV * sv,
  };
}

const sphericity = ({ area, perimeter }: Shape2D) => (2 * Math.sqrt(Math.PI * area)) / perimeter;

/** The features of the class; A and P are area and length of the outline, the variances those of pixel positions along the principal axes. */
export const SHAPE_2D: readonly PyradiomicsFeature<Shape2D>[] = [
  { name: "Elongation", formula: "sqrt(least / largest variance)", compute: ({ variances: [a, b] }) => Math.sqrt(b / a) },
  { name: "MajorAxisLength", formula: "4 sqrt(largest variance)", compute: ({ variances }) => 4 * Math.sqrt(variances[0]) },
  { name: "MaximumDiameter", formula: "largest distance of two points of the outline", compute: ({ diameter }) => diameter },
  { name: "MeshSurface", formula: "A", compute: ({ area }) => area },
  { name: "MinorAxisLength", formula: "4 sqrt(least variance)", compute: ({ variances }) => 4 * Math.sqrt(variances[1]) },
  { name: "Perimeter", formula: "P", compute: ({ perimeter }) => perimeter },
  { name: "PerimeterSurfaceRatio", formula: "P / A", compute: ({ perimeter, area }) => perimeter / area },
  { name: "PixelSurface", formula: "N x pixel area", compute: ({ pixelArea }) => pixelArea },
  { name: "Sphericity", formula: "2 sqrt(pi A) / P", compute: sphericity },
];

/** Computed only where a parameter file names it: it follows from Sphericity. */
export const SHAPE_2D_ON_REQUEST: readonly PyradiomicsFeature<Shape2D>[] = [
  { name: "SphericalDisproportion", formula: "P / (2 sqrt(pi A))", compute: (shape) => 1 / sphericity(shape) },
];
