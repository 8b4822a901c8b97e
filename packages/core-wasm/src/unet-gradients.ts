// The backward pass of one slice: from the gradient of the logits to those of all parameters.
//
// Gradients of maps have the layout of the maps. A level's skip is read by the pooling and by the decoder; the decoder's gradient of it is
// overwritten first, and the pooling's is added.
import { panelled } from "./conv2d.ts";
import type { Kernels } from "./kernels.ts";
import { sliceLoss } from "./training-loss.ts";
import type { LossScales, TrainingLoss } from "./training-loss.ts";
import { partsOf } from "./unet-layers.ts";
import type { Allocate, PlacedConvolution, PlacedLayers } from "./unet-layers.ts";
import { ACTIVATIONS, joinedBytes } from "./unet-maps.ts";
import type { LevelMaps, Maps } from "./unet-maps.ts";
import { LEVELS } from "./unet-parameters.ts";

/** The addresses of a level's gradients. */
interface LevelGradients {
  /** Of what the level's first convolution read. */
  readonly input: number;
  /** Of the map after a first convolution, the encoder's or the decoder's. */
  readonly middle: number;
  /** Of the map after the decoder's second convolution, or of the bottleneck. */
  readonly output: number;
  /** Of the skip, and right after it of what came up. */
  readonly joined: number;
}

/** A slice's gradients, and room for the kernels. */
export interface Gradients {
  readonly levels: readonly LevelGradients[];
  /** f32 [classes, H, W] */
  readonly logits: number;
  /** For sums before their last transform. */
  readonly sums: number;
  readonly workspace: number;
  /** A bias of zeros for the gradient of any convolution's input. */
  readonly noBias: number;
}

/** Places the gradients through `allocate`, whose memory is zero. */
export function placeGradients(exports: Kernels, layers: PlacedLayers, maps: Maps, allocate: Allocate): Gradients {
  const convolutions = [...layers.encoder, ...layers.decoder].flat();
  const rowsAndColumns = convolutions.map(({ rows, co }) => [rows, panelled(co)] as const);
  const sums = [
    ...rowsAndColumns.map(([rows, columns]) => exports.winogradGradientBytes(rows, columns)),
    ...layers.up.map(({ ci, co }) => panelled(ci) * panelled(co) * 16),
    layers.head.classes * panelled(layers.head.c) * 4,
  ];
  const workspaces = rowsAndColumns.flatMap(([rows, columns]) => [
    exports.winogradGradientWorkspaceBytes(rows, columns),
    exports.winogradWorkspaceBytes(columns, rows, 4),
  ]);
  return {
    levels: maps.levels.map(({ height, width }, level) => {
      const [first] = layers.encoder[level]!;
      const image = (c: number) => allocate(exports.blockedBytes(c, height, width));
      return {
        input: level === 0 ? 0 : image(first.ci),
        middle: image(first.co),
        output: image(first.co),
        joined: level === LEVELS - 1 ? 0 : allocate(joinedBytes(exports, first.co, height, width)),
      };
    }),
    logits: allocate(layers.head.classes * maps.levels[0]!.height * maps.levels[0]!.width * 4),
    sums: allocate(Math.max(...sums)),
    workspace: allocate(Math.max(...workspaces)),
    noBias: allocate(Math.max(...rowsAndColumns.flat()) * 4),
  };
}

/**
 * The backward pass after a forward pass of the same slice.
 *
 * @param activation  a code of ACTIVATIONS
 * @returns           (labels, weight, scale, address) -> the slice's loss: `labels` the address of u8 [H, W], `weight` that of the class
 *                    weights (f64), `scale` a factor for the gradient; `address` tells where a parameter's gradient goes
 */
export function createBackward(
  exports: Kernels,
  layers: PlacedLayers,
  maps: Maps,
  gradients: Gradients,
  activation: number,
  loss: TrainingLoss,
): (labels: number, classWeights: number, scales: LossScales, address: (name: string) => number) => number {
  const { sums, workspace, noBias } = gradients;

  /** From dy, the gradient of y = activation(conv(x)), to those of the parameters and, unless dx is 0, of x. */
  const convolution = (
    layer: PlacedConvolution,
    at: LevelMaps,
    address: (name: string) => number,
    x: number,
    y: number,
    dy: number,
    dx: number,
  ) => {
    const { name, ci, co, rows, backward } = layer;
    const { height, width } = at;
    exports.activationBackward(y, dy, co, height, width, activation, address(`${name}.bias`));
    exports.winogradGradient(x, rows, height, width, dy, co, sums, workspace);
    for (const { first, count, place } of partsOf(layer)) {
      const to = address(`${name}.weight`) + first * 36;
      exports.winogradWeightGradient(sums + place * 32, rows, panelled(co), count, co, to, ci * 36, 36, workspace);
    }
    if (dx !== 0) exports.conv2dWinograd(dy, 0, 1, co, height, width, backward, noBias, rows, ACTIVATIONS.none, false, dx, 0, workspace, 4);
  };

  return (labels, classWeights, scales, address) => {
    const [top] = maps.levels as [LevelMaps];
    const { c, classes, weight: headWeight } = layers.head;
    const places = { logits: maps.logits, labels, classWeights, dlogits: gradients.logits };
    const part = sliceLoss(exports, loss, places, classes, top.height * top.width, scales);
    exports.headBackward(
      top.decoderOutput,
      c,
      top.height,
      top.width,
      headWeight,
      gradients.logits,
      classes,
      gradients.levels[0]!.output,
      sums,
      address("head.bias"),
    );
    const floats = (ptr: number, length: number) => new Float32Array(exports.memory.buffer, ptr, length);
    for (let k = 0; k < classes; k++) floats(address("head.weight") + k * c * 4, c).set(floats(sums + k * panelled(c) * 4, c));

    for (let level = 0; level < LEVELS - 1; level++) {
      const [at, below, d] = [maps.levels[level]!, maps.levels[level + 1]!, gradients.levels[level]!];
      const [first, second] = layers.decoder[level]!;
      convolution(second, at, address, at.decoderMiddle, at.decoderOutput, d.output, d.middle);
      convolution(first, at, address, at.output, at.decoderMiddle, d.middle, d.joined);
      const { name, ci, co, backward } = layers.up[level]!;
      const dUp = d.joined + (at.up - at.output);
      const [CI, CO] = [panelled(ci), panelled(co)];
      exports.activationBackward(0, dUp, co, at.height, at.width, ACTIVATIONS.none, address(`${name}.bias`));
      exports.convTranspose2dBackwardWeight(below.decoderOutput, CI, below.height, below.width, dUp, CO, sums);
      exports.unpackTransposed(sums, ci, co, address(`${name}.weight`));
      exports.convTranspose2dBackwardInput(dUp, CI, below.height, below.width, backward, CO, gradients.levels[level + 1]!.output);
    }
    for (let level = LEVELS - 1; level >= 0; level--) {
      const [at, d] = [maps.levels[level]!, gradients.levels[level]!];
      const [first, second] = layers.encoder[level]!;
      const dOutput = level === LEVELS - 1 ? d.output : d.joined;
      convolution(second, at, address, at.middle, at.output, dOutput, d.middle);
      convolution(first, at, address, at.input, at.middle, d.middle, d.input);
      const above = maps.levels[level - 1];
      if (above) {
        const { joined } = gradients.levels[level - 1]!;
        exports.maxPool2dBackwardAccumulate(above.output, d.input, first.ci, above.height, above.width, joined);
      }
    }
    return part;
  };
}
