// One patient's slices to look at: the box, the masks, and where in the tumour the model's decision comes from.
import { diceScore } from "@islet/gpu-unet";
import { explainPatient } from "../deep/explain-patient.ts";
import { drawHeat } from "../deep/heat-picture.ts";
import { BOX_COLOUR, drawSlices, NETWORK_COLOUR, threeSlices, TRUTH_COLOUR, type Outline } from "../deep/overlay.ts";
import { processRoi } from "../deep/processed-roi.ts";
import { segmentTumour } from "../deep/segment.ts";
import type { SliceSegmenter } from "../deep/segmenter.ts";
import { ontoVoxels } from "../preprocess/onto-image.ts";
import { rangeFor } from "../preprocess/region.ts";
import { boundingBox, maskOfBox } from "../preprocess/roi.ts";
import { encodePng, type Picture } from "../png.ts";
import { kmeansStream, type CaseTask, type Engine } from "./case.ts";
import { openCase } from "./case-inputs.ts";

/** What an example is made from; plain JSON. */
export interface ExampleTask {
  readonly task: CaseTask;
  /** Whether the network's own mask is drawn too. */
  readonly segments: boolean;
  /** A decision's slope by channel of the network, and the features it is compared with; null where nothing is explained. */
  readonly slope: {
    readonly channels: readonly number[];
    readonly gradient: readonly number[];
    readonly baseline: readonly number[];
  } | null;
}

/** A picture as it is embedded. */
export interface EmbeddedPicture {
  readonly width: number;
  readonly height: number;
  readonly png: string;
}

/** Pictures of one patient; plain JSON, since they are cached. */
export interface Example {
  /** Three axial slices with the outlines of the box, the fine mask and the network's mask. */
  readonly slices: EmbeddedPicture;
  /** Slices of the box tinted by what raises and lowers the decision. */
  readonly heat: EmbeddedPicture | null;
  /** Which outlines there are. */
  readonly drawn: { readonly box: boolean; readonly mask: boolean; readonly network: boolean };
  /** Agreement of the network's mask with the fine mask, 0 .. 1. */
  readonly dice: number | null;
}

/** A patient to show, and how the example came about. */
export interface ShownExample extends Example {
  readonly patient: string;
  readonly phase: string;
  readonly outcome: 0 | 1;
  readonly risk: number;
}

/**
 * Draws an example.
 *
 * @param segmenterOf  starts the whole network; called only where its mask is wanted
 */
export async function computeExample(
  engine: Engine,
  { task, segments, slope }: ExampleTask,
  segmenterOf: () => Promise<SliceSegmenter>,
): Promise<Example> {
  const { core, encoder } = engine;
  const { volume, fineMask, cuboid } = await openCase(engine, task);
  const fine = await fineMask();
  const outlines: Outline[] = [];
  const hasBox = task.rough !== undefined || task.roughFrom !== undefined;
  const boxOn = hasBox ? await cuboid() : null;
  const processed = boxOn && processRoi(core, volume, boxOn, task.preprocess);
  const box = processed && maskOfBox(volume, ontoVoxels(core, processed.roi, volume).box);
  if (box) outlines.push({ mask: box, colour: BOX_COLOUR, thickness: 1 });
  if (fine) outlines.push({ mask: fine, colour: TRUTH_COLOUR, thickness: 3 });
  let dice: number | null = null;
  if (segments && boxOn) {
    const segmenter = await segmenterOf();
    try {
      const { mask } = await segmentTumour(core, segmenter, volume, boxOn, {
        preprocess: task.preprocess,
        inputSize: task.inputSize,
        flips: false,
      });
      outlines.push({ mask, colour: NETWORK_COLOUR, thickness: 2 });
      dice = fine && diceScore(mask.data, fine.data);
    } finally {
      segmenter.destroy();
    }
  }
  const shown = (box ?? fine)!;
  const range = rangeFor(volume, task.preprocess.window);
  const slices = drawSlices(volume, boundingBox(shown), threeSlices(fine ?? shown), range, outlines);
  let heat: EmbeddedPicture | null = null;
  if (slope && processed && encoder) {
    const spread = (values: readonly number[]) => {
      const all = new Float64Array(encoder.channels);
      slope.channels.forEach((channel, j) => (all[channel] = values[j]!));
      return all;
    };
    const random = kmeansStream(task.seed);
    const found = await explainPatient(core, encoder, processed.roi, task.inputSize, random, () => ({
      gradient: spread(slope.gradient),
      baseline: spread(slope.baseline),
    }));
    heat = embedded(drawHeat(core, processed.roi, found.heat, found.kept));
  }
  const drawn = { box: box !== null, mask: fine !== null, network: segments && boxOn !== null };
  return { slices: embedded(slices), heat, drawn, dice };
}

/** At half the size, each pixel the mean of four: a page holds several. */
function embedded({ width, height, rgb }: Picture): EmbeddedPicture {
  const [w, h] = [Math.floor(width / 2), Math.floor(height / 2)];
  const half = new Uint8Array(3 * w * h);
  for (let y = 0; y < h; y++) {
    for (let x = 0; x < w; x++) {
      for (let c = 0; c < 3; c++) {
        const at = (dy: number, dx: number) => rgb[3 * ((2 * y + dy) * width + 2 * x + dx) + c]!;
        half[3 * (y * w + x) + c] = Math.round((at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4);
      }
    }
  }
  const bytes = encodePng({ width: w, height: h, rgb: half });
  return { width: w, height: h, png: btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")) };
}
