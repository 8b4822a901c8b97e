// PyRadiomics' classes and the names of their features.
import { FIRST_ORDER, STANDARD_DEVIATION } from "./first-order.ts";
import { GLCM } from "./glcm.ts";
import { NGTDM } from "./ngtdm.ts";
import { SHAPE, SHAPE_ON_REQUEST } from "./shape.ts";
import { SHAPE_2D, SHAPE_2D_ON_REQUEST } from "./shape2d.ts";
import { GLDM, GLRLM, GLSZM } from "./sizes.ts";

/** The classes computed here. */
export type ClassName = "shape" | "shape2D" | "firstorder" | "glcm" | "gldm" | "glrlm" | "glszm" | "ngtdm";

interface FeatureClass {
  readonly name: ClassName;
  /** Whether it is computed where a parameter file does not name classes. */
  readonly isDefault: boolean;
  /** What may be asked for. */
  readonly features: readonly string[];
  /** What is computed where a class is named without its features. */
  readonly defaults: readonly string[];
  /** Named by old parameter files, and computed neither by PyRadiomics nor here. */
  readonly deprecated: readonly string[];
}

const namesOf = (rows: readonly { readonly name: string }[]) => rows.map(({ name }) => name);

const featureClass = (name: ClassName, rows: readonly { readonly name: string }[], more: Partial<FeatureClass> = {}): FeatureClass => ({
  name,
  isDefault: true,
  features: namesOf(rows),
  defaults: namesOf(rows),
  deprecated: [],
  ...more,
});

/** The classes in the order of their columns. */
export const CLASSES: readonly FeatureClass[] = [
  featureClass("shape", SHAPE, { features: namesOf([...SHAPE, ...SHAPE_ON_REQUEST]), deprecated: ["Volume"] }),
  featureClass("shape2D", SHAPE_2D, { isDefault: false, features: namesOf([...SHAPE_2D, ...SHAPE_2D_ON_REQUEST]) }),
  featureClass("firstorder", FIRST_ORDER, { features: namesOf([...FIRST_ORDER, STANDARD_DEVIATION]) }),
  featureClass("glcm", GLCM, { deprecated: ["Dissimilarity", "Homogeneity1", "Homogeneity2", "SumVariance"] }),
  featureClass("gldm", GLDM, { deprecated: ["DependencePercentage", "GrayLevelNonUniformityNormalized"] }),
  featureClass("glrlm", GLRLM),
  featureClass("glszm", GLSZM),
  featureClass("ngtdm", NGTDM),
];
