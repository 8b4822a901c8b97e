// Ten steps of a small U-Net in PyTorch : what one case of golden/unet-training.json holds.
/** A network, its optimiser, and what PyTorch made of them. */
export interface GoldenTraining {
  readonly baseWidth: number;
  readonly inChannels: number;
  readonly activation: "elu" | "relu";
  readonly shape: readonly [number, number, number, number];
  readonly labelShare: number;
  readonly classWeights: number[];
  readonly optimiser: "adam" | "adamw";
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly logits: number[];
  /** Before each of ten steps and after the tenth. */
  readonly losses: number[];
  readonly gradients?: Record<string, number[]>;
}

/** Ten steps of Adam by a loss with soft Dice, on the first case's network and slices: what one case of golden/unet-dice.json holds. */
export interface GoldenDiceTraining extends Pick<
  GoldenTraining,
  "shape" | "labelShare" | "classWeights" | "learningRate" | "losses" | "gradients"
> {
  readonly loss: { readonly kind: "dice" | "cross-entropy+dice"; readonly smooth: number };
}

/** The labels of such a case: its second slice has no foreground, and every seventh pixel is left out. */
export function diceLabels(formula: Uint8Array, sliceSize: number): Uint8Array {
  return formula.map((label, i) => (i % 7 === 0 ? 255 : Math.floor(i / sliceSize) === 1 ? 0 : label));
}
