// The formulas of IBSI 1's morphology. V is the volume and A the area of the mesh.
import type { SpatialAutocorrelation } from "@islet/core-wasm";
import type { Triple } from "../volume.ts";
import type { Feature } from "./feature.ts";
import type { Mesh } from "./mesh.ts";
import type { MeshHull } from "./mesh-hull.ts";

/** What the morphology of a region is computed from. Lengths are mm, from the first voxel of the morphological mask's box. */
export interface Morphology extends Shape, Placement {}

/** What of a region's morphology is its morphological mask's alone. */
export interface Shape {
  /** Surface of the morphological mask. */
  readonly mesh: Mesh;
  /** Convex hull of that surface. */
  readonly hull: Pick<MeshHull, "area" | "volume" | "diameter">;
  /** Volume of the morphological mask's voxels. */
  readonly voxelVolume: number;
  /** Variances (divided by N - 1) of its voxels' positions along their principal axes, largest first, mm^2; 0 for one voxel. */
  readonly variances: readonly [number, number, number];
  /** Edges of the surface's boxes, along the image's axes and turned freely. */
  readonly alignedBox: Triple;
  readonly orientedBox: Triple;
  /** The smallest ellipsoid around the surface. */
  readonly enclosing: Ellipsoid;
  /** The ellipsoid whose axes are those of the principal components. */
  readonly principal: Ellipsoid;
  /** The mean position of the morphological mask's voxels. */
  readonly centre: Triple;
}

/** How intensities are placed in a region. */
export interface Placement {
  /** Intensities of the intensity mask; null where it is empty. */
  readonly mass: Mass | null;
  /** Of the intensity mask. */
  readonly autocorrelation: SpatialAutocorrelation;
}

/** An ellipsoid's size. */
export interface Ellipsoid {
  readonly volume: number;
  readonly area: number;
}

/** The intensities of a region as weights. */
export interface Mass {
  readonly meanIntensity: number;
  /** Mean position weighted by intensity; not finite where the intensities add up to 0. */
  readonly centre: Triple;
}

/** 36 pi V^2: the cube of the area of a ball of the mesh's volume. */
const ballAreaCubed = ({ mesh }: Morphology) => 36 * Math.PI * mesh.volume ** 2;

/** Volume: that of the mesh. IBSI RNU0. */
function volume({ mesh }: Morphology): number {
  return mesh.volume;
}

/** Approximate volume: that of the voxels. IBSI YEKZ. */
function approximateVolume({ voxelVolume }: Morphology): number {
  return voxelVolume;
}

/** Surface area: that of the mesh. IBSI C0JK. */
function area({ mesh }: Morphology): number {
  return mesh.area;
}

/** Surface to volume ratio: A / V. IBSI 2PR5. */
function surfaceToVolume({ mesh }: Morphology): number {
  return mesh.area / mesh.volume;
}

/** Compactness 1: V / (sqrt(pi) A^(3/2)). 1 / (6 pi) for a ball, less for all else. IBSI SKGS. */
function compactness1({ mesh }: Morphology): number {
  return mesh.volume / (Math.sqrt(Math.PI) * mesh.area ** 1.5);
}

/** Compactness 2: 36 pi V^2 / A^3. 1 for a ball. IBSI BQWJ. */
function compactness2(m: Morphology): number {
  return ballAreaCubed(m) / m.mesh.area ** 3;
}

/** Spherical disproportion: A over the area of a ball of the same volume. 1 for a ball, more for all else. IBSI KRCK. */
function sphericalDisproportion(m: Morphology): number {
  return m.mesh.area / Math.cbrt(ballAreaCubed(m));
}

/** Sphericity: the area of a ball of the same volume over A. IBSI QCFX. */
function sphericity(m: Morphology): number {
  return Math.cbrt(ballAreaCubed(m)) / m.mesh.area;
}

/** Asphericity: spherical disproportion - 1. 0 for a ball. IBSI 25C7. */
function asphericity(m: Morphology): number {
  return sphericalDisproportion(m) - 1;
}

/** Centre of mass shift: distance between the mean position of the voxels and that weighted by intensity. NaN where the intensities add up to 0. IBSI KLMA. */
function centreOfMassShift({ centre, mass }: Morphology): number {
  return mass ? Math.hypot(centre[0] - mass.centre[0], centre[1] - mass.centre[1], centre[2] - mass.centre[2]) : NaN;
}

/** Maximum 3D diameter: the largest distance between two points of the mesh. IBSI L0JK. */
function maximumDiameter({ hull }: Morphology): number {
  return hull.diameter;
}

/** Major axis length: 4 sqrt(largest variance), the longest axis of an ellipsoid of these variances. IBSI TDIC. */
function majorAxis({ variances }: Morphology): number {
  return 4 * Math.sqrt(variances[0]);
}

/** Minor axis length: 4 sqrt(second variance). IBSI P9VJ. */
function minorAxis({ variances }: Morphology): number {
  return 4 * Math.sqrt(variances[1]);
}

/** Least axis length: 4 sqrt(least variance). IBSI 7J51. */
function leastAxis({ variances }: Morphology): number {
  return 4 * Math.sqrt(variances[2]);
}

/** Elongation: minor over major axis. 1 is not elongated. NaN in a region of one voxel. IBSI Q3CK. */
function elongation({ variances }: Morphology): number {
  return Math.sqrt(variances[1] / variances[0]);
}

/** Flatness: least over major axis. 1 is not flat. NaN in a region of one voxel. IBSI N17B. */
function flatness({ variances }: Morphology): number {
  return Math.sqrt(variances[2] / variances[0]);
}

const boxVolume = ([a, b, c]: Triple) => a * b * c;
const boxArea = ([a, b, c]: Triple) => 2 * (a * b + b * c + c * a);

/** Volume density in the axis-aligned bounding box: V over the box's volume. IBSI PBX1. */
function volumeDensityInAlignedBox({ mesh, alignedBox }: Morphology): number {
  return mesh.volume / boxVolume(alignedBox);
}

/** Area density in the axis-aligned bounding box: A over the box's area. IBSI R59B. */
function areaDensityInAlignedBox({ mesh, alignedBox }: Morphology): number {
  return mesh.area / boxArea(alignedBox);
}

/** Volume density in the oriented minimum bounding box: V over the box's volume. No consensus value. IBSI ZH1A. */
function volumeDensityInOrientedBox({ mesh, orientedBox }: Morphology): number {
  return mesh.volume / boxVolume(orientedBox);
}

/** Area density in the oriented minimum bounding box: A over the box's area. No consensus value. IBSI IQYR. */
function areaDensityInOrientedBox({ mesh, orientedBox }: Morphology): number {
  return mesh.area / boxArea(orientedBox);
}

const volumeDensity = (m: Morphology, { volume }: Ellipsoid) => m.mesh.volume / volume;
const areaDensity = (m: Morphology, { area }: Ellipsoid) => m.mesh.area / area;

/** Volume density in the approximate enclosing ellipsoid, that of the principal axes: V over its volume. NaN for a region in a plane. IBSI 6BDE. */
function volumeDensityInPrincipalEllipsoid(m: Morphology): number {
  return volumeDensity(m, m.principal);
}

/** Area density in the approximate enclosing ellipsoid: A over its area. NaN for a region in a line. IBSI RDD2. */
function areaDensityInPrincipalEllipsoid(m: Morphology): number {
  return areaDensity(m, m.principal);
}

/** Volume density in the minimum volume enclosing ellipsoid: V over its volume. No consensus value. IBSI SWZ1. */
function volumeDensityInEnclosingEllipsoid(m: Morphology): number {
  return volumeDensity(m, m.enclosing);
}

/** Area density in the minimum volume enclosing ellipsoid: A over its area. No consensus value. IBSI BRI8. */
function areaDensityInEnclosingEllipsoid(m: Morphology): number {
  return areaDensity(m, m.enclosing);
}

/** Volume density in the convex hull: V over the hull's volume; solidity. IBSI R3ER. */
function volumeDensityInHull({ mesh, hull }: Morphology): number {
  return mesh.volume / hull.volume;
}

/** Area density in the convex hull: A over the hull's area. IBSI 7T7F. */
function areaDensityInHull({ mesh, hull }: Morphology): number {
  return mesh.area / hull.area;
}

/** Integrated intensity: mean intensity times V. IBSI 99N0. */
function integratedIntensity({ mesh, mass }: Morphology): number {
  return mass ? mass.meanIntensity * mesh.volume : NaN;
}

/** Moran's I: how alike near voxels are; 1 / distance as weight. Near 0 without order, positive where near is alike. NaN when flat. IBSI N365. */
function moranI({ autocorrelation }: Morphology): number {
  return autocorrelation.moranI;
}

/** Geary's C: how different near voxels are; 1 / distance as weight. 1 without order, less where near is alike. NaN when flat. IBSI NPT7. */
function gearyC({ autocorrelation }: Morphology): number {
  return autocorrelation.gearyC;
}

const row = (
  name: string,
  ibsiId: string,
  unit: Feature["unit"],
  formula: string,
  compute: (m: Morphology) => number,
  undefinedWhen?: string,
): Feature<Morphology> => ({
  name,
  ibsiId,
  family: "morphology",
  unit,
  formula,
  compute,
  ...(undefinedWhen === undefined ? {} : { undefinedWhen }),
});

const ONE_VOXEL = "the region is one voxel, so it has no axes";
const NO_CONTRAST = "the region has fewer than two voxels, or all are equally bright";
const NO_INTENSITY = "re-segmentation leaves no voxel of the region";

/** Morphology, in the order of IBSI's reference manual. */
export const MORPHOLOGY: readonly Feature<Morphology>[] = [
  row("morph_volume", "RNU0", "mm^3", "V, volume of the mesh by marching cubes at 0.5", volume),
  row("morph_vol_approx", "YEKZ", "mm^3", "N x voxel volume", approximateVolume),
  row("morph_area_mesh", "C0JK", "mm^2", "A, area of the mesh", area),
  row("morph_av", "2PR5", "1/mm", "A / V", surfaceToVolume),
  row("morph_comp_1", "SKGS", "1", "V / (sqrt(pi) A^(3/2))", compactness1),
  row("morph_comp_2", "BQWJ", "1", "36 pi V^2 / A^3", compactness2),
  row("morph_sph_dispr", "KRCK", "1", "A / (36 pi V^2)^(1/3)", sphericalDisproportion),
  row("morph_sphericity", "QCFX", "1", "(36 pi V^2)^(1/3) / A", sphericity),
  row("morph_asphericity", "25C7", "1", "A / (36 pi V^2)^(1/3) - 1", asphericity),
  row(
    "morph_com",
    "KLMA",
    "mm",
    "|mean position - mean position weighted by intensity|",
    centreOfMassShift,
    "the intensities add up to 0, or re-segmentation leaves no voxel of the region",
  ),
  row("morph_diam", "L0JK", "mm", "largest distance between two points of the mesh", maximumDiameter),
  row("morph_pca_maj_axis", "TDIC", "mm", "4 sqrt(largest variance of voxel positions)", majorAxis),
  row("morph_pca_min_axis", "P9VJ", "mm", "4 sqrt(second variance)", minorAxis),
  row("morph_pca_least_axis", "7J51", "mm", "4 sqrt(least variance)", leastAxis),
  row("morph_pca_elongation", "Q3CK", "1", "minor / major axis", elongation, ONE_VOXEL),
  row("morph_pca_flatness", "N17B", "1", "least / major axis", flatness, ONE_VOXEL),
  row("morph_vol_dens_aabb", "PBX1", "1", "V / volume of the axis-aligned bounding box", volumeDensityInAlignedBox),
  row("morph_area_dens_aabb", "R59B", "1", "A / area of the axis-aligned bounding box", areaDensityInAlignedBox),
  row("morph_vol_dens_ombb", "ZH1A", "1", "V / volume of the smallest box, turned freely", volumeDensityInOrientedBox),
  row("morph_area_dens_ombb", "IQYR", "1", "A / area of the smallest box, turned freely", areaDensityInOrientedBox),
  row(
    "morph_vol_dens_aee",
    "6BDE",
    "1",
    "V / volume of the ellipsoid of the principal axes",
    volumeDensityInPrincipalEllipsoid,
    "the voxels lie in one plane, so the ellipsoid of their axes has no volume",
  ),
  row(
    "morph_area_dens_aee",
    "RDD2",
    "1",
    "A / area of the ellipsoid of the principal axes",
    areaDensityInPrincipalEllipsoid,
    "the voxels lie in one line, so the ellipsoid of their axes has no area",
  ),
  row("morph_vol_dens_mvee", "SWZ1", "1", "V / volume of the smallest enclosing ellipsoid", volumeDensityInEnclosingEllipsoid),
  row("morph_area_dens_mvee", "BRI8", "1", "A / area of the smallest enclosing ellipsoid", areaDensityInEnclosingEllipsoid),
  row("morph_vol_dens_conv_hull", "R3ER", "1", "V / volume of the convex hull", volumeDensityInHull),
  row("morph_area_dens_conv_hull", "7T7F", "1", "A / area of the convex hull", areaDensityInHull),
  row("morph_integ_int", "99N0", "intensity mm^3", "mean intensity x V", integratedIntensity, NO_INTENSITY),
  row(
    "morph_moran_i",
    "N365",
    "1",
    "N / sum w x sum w (x_i - mean) (x_j - mean) / sum (x_i - mean)^2, w = 1 / distance of voxels i != j in mm",
    moranI,
    NO_CONTRAST,
  ),
  row("morph_geary_c", "NPT7", "1", "(N - 1) / (2 sum w) x sum w (x_i - x_j)^2 / sum (x_i - mean)^2", gearyC, NO_CONTRAST),
];
