export { loadCore, hasRelaxedSimd } from "./core.ts";
export type { Core, SimdBuild } from "./core.ts";
export { createEncoder } from "./encoder.ts";
export type { Encoder, EncoderLayer, EncoderSpec } from "./encoder.ts";
export { resample, resampleMask, resampleMaskAffine } from "./resample.ts";
export type { Triple } from "./resample.ts";
export type { AxisMap, Interpolation } from "./axis-taps.ts";
export { kMeans } from "./kmeans.ts";
export type { KMeansResult } from "./kmeans.ts";
