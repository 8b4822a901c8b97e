// PyRadiomics' class shape: size and form of the mask in three dimensions.
import type { Triple } from "../../volume.ts";
import type { Mesh } from "../mesh.ts";
import { meshHull } from "../mesh-hull.ts";
import { principalComponents } from "../morphology.ts";
import type { PyradiomicsFeature } from "./feature.ts";
import { pyradiomicsMesh } from "./mesh.ts";
import { planarDiameter } from "./planar-diameter.ts";

/** What the class computes from; mm. */
export interface Shape {
  readonly mesh: Mesh;
  readonly voxelVolume: number;
  /** Variances (divided by N) of voxel positions along the principal axes, largest first. */
  readonly variances: Triple;
  /** The largest distance of two points of the mesh, and of two that agree in z, y, x. */
  readonly diameter: number;
  readonly planarDiameters: Triple;
}

/** @param mask  before re-segmentation, cropped to the region, at least one voxel inside, in the order of its file: a mirrored mask has another mesh */
export function shapeOf(mask: Uint8Array, shape: Triple, spacing: Triple): Shape {
  const { count, variances } = principalComponents(mask, shape, spacing);
  return {
    mesh: pyradiomicsMesh(mask, shape, spacing),
    voxelVolume: count * spacing[0] * spacing[1] * spacing[2],
    variances,
    diameter: meshHull(mask, shape, spacing).diameter,
    planarDiameters: [
      planarDiameter(mask, shape, spacing, 0),
      planarDiameter(mask, shape, spacing, 1),
      planarDiameter(mask, shape, spacing, 2),
    ],
  };
}

const sphericity = ({ mesh }: Shape) => Math.cbrt(36 * Math.PI * mesh.volume ** 2) / mesh.area;

/** The features of the class; V and A are volume and area of the mesh, the variances those of voxel positions along the principal axes. */
export const SHAPE: readonly PyradiomicsFeature<Shape>[] = [
  { name: "Elongation", formula: "sqrt(second / largest variance)", compute: ({ variances: [a, b] }) => Math.sqrt(b / a) },
  { name: "Flatness", formula: "sqrt(least / largest variance)", compute: ({ variances: [a, , c] }) => Math.sqrt(c / a) },
  { name: "LeastAxisLength", formula: "4 sqrt(least variance)", compute: ({ variances }) => 4 * Math.sqrt(variances[2]) },
  { name: "MajorAxisLength", formula: "4 sqrt(largest variance)", compute: ({ variances }) => 4 * Math.sqrt(variances[0]) },
  {
    name: "Maximum2DDiameterColumn",
    formula: "largest distance of two points of the mesh with the same y",
    compute: ({ planarDiameters }) => planarDiameters[1],
  },
  {
    name: "Maximum2DDiameterRow",
    formula: "largest distance of two points of the mesh with the same x",
    compute: ({ planarDiameters }) => planarDiameters[2],
  },
  {
    name: "Maximum2DDiameterSlice",
    formula: "largest distance of two points of the mesh with the same z",
    compute: ({ planarDiameters }) => planarDiameters[0],
  },
  { name: "Maximum3DDiameter", formula: "largest distance of two points of the mesh", compute: ({ diameter }) => diameter },
  { name: "MeshVolume", formula: "V", compute: ({ mesh }) => mesh.volume },
  { name: "MinorAxisLength", formula: "4 sqrt(second variance)", compute: ({ variances }) => 4 * Math.sqrt(variances[1]) },
  { name: "Sphericity", formula: "(36 pi V^2)^(1/3) / A", compute: sphericity },
  { name: "SurfaceArea", formula: "A", compute: ({ mesh }) => mesh.area },
  { name: "SurfaceVolumeRatio", formula: "A / V", compute: ({ mesh }) => mesh.area / mesh.volume },
  { name: "VoxelVolume", formula: "N x voxel volume", compute: ({ voxelVolume }) => voxelVolume },
];

/** Computed only where a parameter file names them: they follow from Sphericity. */
export const SHAPE_ON_REQUEST: readonly PyradiomicsFeature<Shape>[] = [
  {
    name: "Compactness1",
    formula: "V / (sqrt(pi) A^(3/2))",
    compute: ({ mesh }) => mesh.volume / (Math.sqrt(Math.PI) * mesh.area ** 1.5),
  },
  { name: "Compactness2", formula: "36 pi V^2 / A^3", compute: ({ mesh }) => (36 * Math.PI * mesh.volume ** 2) / mesh.area ** 3 },
  { name: "SphericalDisproportion", formula: "A / (36 pi V^2)^(1/3)", compute: (shape) => 1 / sphericity(shape) },
];
