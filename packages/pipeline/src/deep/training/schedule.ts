// How the learning rate moves over a training.

/** `cosine` falls to a hundredth of the first rate at the last epoch; `step` multiplies by `factor` every `every` epochs. */
export type Schedule =
  | { readonly kind: "constant" }
  | { readonly kind: "cosine" }
  | { readonly kind: "step"; readonly every: number; readonly factor: number };

/** The lowest rate of a cosine, as a part of the first. */
const COSINE_FLOOR = 0.01;

/**
 * The learning rate of an epoch.
 *
 *   constant: r;   step: r * factor^floor(e / every);   cosine: r * (f + (1 - f) (1 + cos(pi e / (E - 1))) / 2),  f = 0.01
 *
 * @param first   r, the rate of the first epoch
 * @param epoch   e, counted from 0
 * @param epochs  E, of the whole training
 * @see Loshchilov & Hutter 2017, SGDR, for the cosine (one period, no restarts)
 */
export function learningRateAt(schedule: Schedule, first: number, epoch: number, epochs: number): number {
  switch (schedule.kind) {
    case "constant":
      return first;
    case "step":
      return first * schedule.factor ** Math.floor(epoch / schedule.every);
    case "cosine":
      return first * (COSINE_FLOOR + ((1 - COSINE_FLOOR) * (1 + Math.cos((Math.PI * epoch) / Math.max(1, epochs - 1)))) / 2);
  }
}
