export { loadCore, hasRelaxedSimd } from "./core.ts";
export type { Core, SimdBuild } from "./core.ts";
