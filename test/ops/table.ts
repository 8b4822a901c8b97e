// The one table of every layer, forward and backward, against its definition in f64; Dawn and browsers run the same.
import type { OpCase } from "./case.ts";
import { convTranspose2dCases } from "./conv-transpose2d.ts";
import { conv2dCases } from "./conv2d.ts";
import { conv2dHalfCases } from "./conv2d-half.ts";
import { pointwiseCases } from "./pointwise.ts";
import { poolCases } from "./pool.ts";
import { trainingCases } from "./training.ts";
import { winogradCases } from "./winograd.ts";

/** Every case. */
export const opCases: readonly OpCase[] = [
  ...conv2dCases,
  ...conv2dHalfCases,
  ...convTranspose2dCases,
  ...pointwiseCases,
  ...poolCases,
  ...trainingCases,
  ...winogradCases,
];
