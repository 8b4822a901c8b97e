export { loadCore, hasRelaxedSimd } from "./core.ts";
export type { Core, SimdBuild } from "./core.ts";
export { createEncoder } from "./encoder.ts";
export type { Encoder, EncoderLayer, EncoderSpec } from "./encoder.ts";
