// What the demo cohort's table is dealt from: counts and spreads as a paper printed them. Facts about groups, not about any patient.

/** A value for each group: those without and those with the recurrence. */
type ByGroup<T> = readonly [free: T, recurrence: T];

/** A variable with levels, and how many patients of each group have each. */
export interface CategoryMarginal {
  readonly name: string;
  readonly room: "clinical" | "findings";
  /** Level -> patients of the 46 without and of the 10 with a recurrence. */
  readonly counts: Readonly<Record<string, ByGroup<number>>>;
}

/**
 * Clinical variables and the readers' findings, internal hospital.
 *
 * Calcification is dealt as printed, where most lesions have it.
 *
 * @see Song et al. 2021, Table S2 (counts) and Table S1 (what each finding means)
 */
export const CATEGORIES = [
  { name: "sex", room: "clinical", counts: { F: [24, 4], M: [22, 6] } },
  { name: "symptom", room: "clinical", counts: { no: [23, 9], yes: [23, 1] } },
  { name: "max_diameter", room: "findings", counts: { "<20mm": [23, 1], ">=20mm": [23, 9] } },
  { name: "location", room: "findings", counts: { uncinate: [16, 5], head_neck: [14, 2], body: [4, 1], tail: [12, 2] } },
  { name: "property", room: "findings", counts: { cystic: [0, 1], mixed: [18, 6], solid: [28, 3] } },
  { name: "calcification", room: "findings", counts: { yes: [38, 7], no: [8, 3] } },
  { name: "shape", room: "findings", counts: { round: [29, 2], lobulated: [11, 4], confluent: [6, 4] } },
  { name: "boundary", room: "findings", counts: { clear: [32, 4], unclear: [14, 6] } },
  { name: "vessel_involvement", room: "findings", counts: { no: [42, 9], yes: [4, 1] } },
  { name: "duct_dilated_or_cut", room: "findings", counts: { no: [39, 5], yes: [7, 5] } },
  { name: "atrophy", room: "findings", counts: { no: [36, 7], yes: [10, 3] } },
  { name: "node_morphology", room: "findings", counts: { normal: [41, 6], enlarged: [5, 3], confluent: [0, 1] } },
  { name: "node_enhancement", room: "findings", counts: { homogeneous: [46, 8], heterogeneous: [0, 2] } },
  { name: "fatty_liver", room: "findings", counts: { no: [43, 10], yes: [3, 0] } },
  { name: "focal_benign_lesion", room: "findings", counts: { no: [26, 4], yes: [20, 6] } },
  { name: "bile_duct_dilated", room: "findings", counts: { no: [40, 9], yes: [6, 1] } },
  { name: "splenomegaly", room: "findings", counts: { no: [29, 6], yes: [17, 4] } },
  { name: "splenic_varices", room: "findings", counts: { no: [43, 9], yes: [3, 1] } },
] as const satisfies readonly CategoryMarginal[];

/** The external hospital's sex, which the text gives: 6 women, 3 of them with a recurrence, and 12 men. */
export const EXTERNAL_SEX: CategoryMarginal = { name: "sex", room: "clinical", counts: { F: [3, 3], M: [6, 6] } };

/** A number's spread in a group: normal with a mean and a standard deviation, or log-normal with a median and an interquartile range. */
export type Spread = { readonly mean: number; readonly sd: number } | { readonly median: number; readonly iqr: number };

/**
 * Numbers that are dealt. Ratios are lesion / parenchyma, diameters mm, age years.
 *
 * The printed rows of the unenhanced and the venous ratio are the same, and are dealt so. The printed row of age repeats the portal vein's, so
 * age is ours: 49 (SD 15) years without a recurrence, near the 48.8 (15.7) that the text gives for the external hospital, and 56 (13) with one.
 *
 * @see Song et al. 2021, Table S2
 */
export const NUMBERS = {
  age: [
    { mean: 49, sd: 15 },
    { mean: 56, sd: 13 },
  ],
  ct_ratio_unenhanced: [
    { median: 1.16, iqr: 0.38 },
    { median: 0.85, iqr: 0.45 },
  ],
  ct_ratio_arterial: [
    { median: 1.21, iqr: 0.61 },
    { median: 0.9, iqr: 0.88 },
  ],
  ct_ratio_venous: [
    { median: 1.16, iqr: 0.38 },
    { median: 0.85, iqr: 0.45 },
  ],
  portal_vein: [
    { median: 14.25, iqr: 3 },
    { median: 14.75, iqr: 4.5 },
  ],
  splenic_vein: [
    { mean: 8.83, sd: 2.15 },
    { mean: 7.6, sd: 2.95 },
  ],
} as const satisfies Readonly<Record<string, ByGroup<Spread>>>;
