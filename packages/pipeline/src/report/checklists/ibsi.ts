import type { Checklist } from "./checklist.ts";

/** Reporting of image biomarkers. Items are the sections of the guidelines, whose numbers differ between versions of the manual; the wording is ours. */
export const IBSI: Checklist = {
  name: "IBSI reporting guidelines",
  source: "Zwanenburg et al. 2020, Radiology 295:328-338, and the IBSI reference manual",
  items: [
    ["patient", "region, preparation, contrast agent, comorbidities"],
    ["acquisition", "scanner, protocol, tube voltage and current, timing"],
    ["reconstruction", "method, kernel, slice thickness and spacing"],
    ["registration", "alignment of images with each other"],
    ["data conversion", "from stored to physical values", "preprocessing"],
    ["post-acquisition", "corrections and filters before analysis", "preprocessing"],
    ["segmentation", "who, how, and how reliably", "segmentation"],
    ["interpolation", "method, grid, rounding", "preprocessing"],
    ["re-segmentation", "range and outliers of the region", "discretisation"],
    ["discretisation", "method and its parameter", "discretisation"],
    ["transformation", "filters and their settings", "featureClasses"],
    ["computation", "features, software, aggregation of directions", "featureClasses"],
    ["standardisation", "agreement with the reference values", "software"],
    ["analysis", "models, validation and statistics", "model"],
    ["availability", "settings, features and code", "settings"],
  ],
};
