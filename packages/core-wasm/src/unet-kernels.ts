// What the module exports for the U-Net, one block for each file in assembly/.

/** The U-Net's kernels; addresses are bytes. */
export interface UNetKernels {
  // blocked
  blockedBytes(C: number, H: number, W: number): number;
  toBlocked(x: number, C: number, H: number, W: number, y: number): void;
  fromBlocked(x: number, C: number, H: number, W: number, y: number): void;
  // conv2d
  conv2d(x: number, CI: number, H: number, W: number, weight: number, bias: number, CO: number, activation: number, y: number): void;
  conv2dRows(
    x: number,
    CI: number,
    H: number,
    W: number,
    weight: number,
    bias: number,
    CO: number,
    activation: number,
    y: number,
    firstRow: number,
    endRow: number,
  ): void;
  // winograd
  winogradWorkspaceBytes(CI: number, CO: number, side: number): number;
  winogradWeightBytes(CI: number, CO: number, side: number): number;
  winogradWeightScratchBytes(): number;
  winogradWeight(
    weight: number,
    coBytes: number,
    ciBytes: number,
    isTurned: boolean,
    CI: number,
    CO: number,
    u: number,
    rows: number,
    columns: number,
    side: number,
    scratch: number,
  ): void;
  conv2dWinograd(
    x: number,
    xBytes: number,
    N: number,
    CI: number,
    H: number,
    W: number,
    u: number,
    bias: number,
    CO: number,
    activation: number,
    isPooled: boolean,
    y: number,
    yBytes: number,
    workspace: number,
    side: number,
  ): void;
  // winograd-part
  winogradBlock(CI: number, CO: number, side: number): number;
  winogradGroup(): number;
  computeWinogradPart(
    x: number,
    xBytes: number,
    CI: number,
    H: number,
    W: number,
    u: number,
    CO: number,
    workspace: number,
    firstTile: number,
    endTile: number,
    firstPanel: number,
    endPanel: number,
    isTransformed: boolean,
    side: number,
  ): void;
  writeWinogradPart(
    CI: number,
    H: number,
    W: number,
    bias: number,
    activation: number,
    isPooled: boolean,
    y: number,
    yBytes: number,
    workspace: number,
    firstTile: number,
    endTile: number,
    firstPanel: number,
    endPanel: number,
    side: number,
  ): void;
  // global-average
  globalAverage(x: number, C: number, H: number, W: number, y: number): void;
  // winograd-gradient
  winogradGradientWorkspaceBytes(CI: number, CO: number): number;
  winogradGradientBytes(CI: number, CO: number): number;
  winogradGradient(x: number, CI: number, H: number, W: number, dy: number, CO: number, du: number, workspace: number): void;
  winogradWeightGradient(
    du: number,
    rows: number,
    columns: number,
    CI: number,
    CO: number,
    dweight: number,
    coBytes: number,
    ciBytes: number,
    scratch: number,
  ): void;
  // activation-backward
  activationBackward(y: number, d: number, C: number, H: number, W: number, activation: number, dbias: number): void;
  // max-pool2d
  maxPool2d(x: number, C: number, H: number, W: number, y: number): void;
  maxPool2dBackwardAccumulate(x: number, dy: number, C: number, H: number, W: number, dx: number): void;
  // conv-transpose2d
  convTranspose2d(x: number, CI: number, H: number, W: number, packed: number, bias: number, CO: number, y: number): void;
  convTranspose2dRows(
    x: number,
    CI: number,
    H: number,
    W: number,
    packed: number,
    bias: number,
    CO: number,
    y: number,
    firstRow: number,
    endRow: number,
  ): void;
  convTranspose2dBackwardInput(dy: number, CI: number, H: number, W: number, packed: number, CO: number, dx: number): void;
  convTranspose2dBackwardWeight(x: number, CI: number, H: number, W: number, dy: number, CO: number, sums: number): void;
  packTransposed(weight: number, CI: number, CO: number, forward: number, backward: number): void;
  unpackTransposed(sums: number, CI: number, CO: number, weight: number): void;
  // head
  head(x: number, C: number, H: number, W: number, weight: number, bias: number, K: number, logits: number): void;
  headBackward(
    x: number,
    C: number,
    H: number,
    W: number,
    weight: number,
    dlogits: number,
    K: number,
    dx: number,
    dweight: number,
    dbias: number,
  ): void;
  // cross-entropy
  crossEntropy(logits: number, labels: number, K: number, size: number, weight: number, scale: number, dlogits: number): number;
  // soft-dice
  softDice(
    logits: number,
    labels: number,
    K: number,
    size: number,
    smooth: number,
    scale: number,
    isAdded: boolean,
    dlogits: number,
  ): number;
  // adam
  adam(
    gradient: number,
    count: number,
    beta1: number,
    beta2: number,
    new1: number,
    new2: number,
    epsilon: number,
    l2: number,
    shrink: number,
    stepSize: number,
    rootCorrection: number,
    parameter: number,
    mean: number,
    square: number,
  ): void;
  addTo(a: number, b: number, count: number): void;
}
