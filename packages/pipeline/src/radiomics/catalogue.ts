// Every hand-crafted feature of the product. A feature is a function and a row in its family's file; a family is a file and a line here.
import type { Feature } from "./feature.ts";
import { INTENSITY_STATISTICS } from "./intensity.ts";

/** The features by family, in the order of IBSI's reference manual. */
export const CATALOGUE: readonly Feature[] = [...INTENSITY_STATISTICS];
