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
