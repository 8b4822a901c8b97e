// Every hand-crafted feature of the product. A feature is a function and a row in its family's file; a family is a file and a line here.
import type { Feature } from "./feature.ts";
import { GLCM } from "./glcm.ts";
import { GLDZM } from "./gldzm.ts";
import { GLRLM } from "./glrlm.ts";
import { GLSZM } from "./glszm.ts";
import { INTENSITY_HISTOGRAM } from "./histogram.ts";
import { INTENSITY_STATISTICS } from "./intensity.ts";
import { INTENSITY_VOLUME_HISTOGRAM } from "./ivh.ts";
import { LOCAL_INTENSITY } from "./local-intensity.ts";
import { MORPHOLOGY } from "./morphology-features.ts";
import { NGLDM } from "./ngldm.ts";
import { NGTDM } from "./ngtdm.ts";

/** The features by family, in the order of IBSI's reference manual. */
export const CATALOGUE: readonly Feature[] = [
  ...MORPHOLOGY,
  ...LOCAL_INTENSITY,
  ...INTENSITY_STATISTICS,
  ...INTENSITY_HISTOGRAM,
  ...INTENSITY_VOLUME_HISTOGRAM,
  ...GLCM,
  ...GLRLM,
  ...GLSZM,
  ...GLDZM,
  ...NGTDM,
  ...NGLDM,
];
