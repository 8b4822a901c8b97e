// A case's files, opened: its scan, its masks, and the box of its tumour.
import type { Core } from "@islet/core-wasm";
import { readImage, type Intake } from "../intake/image.ts";
import { readMask } from "../intake/mask.ts";
import type { IntakeReport } from "../intake/report.ts";
import type { MaskOptions } from "../intake/segmentation.ts";
import type { ImageSource } from "../intake/source.ts";
import { redrawRough, simulateRough } from "../preprocess/simulate-rough.ts";
import { boxAround, readBoxSource, type BoxSource } from "../preprocess/box.ts";
import type { IndexBox } from "../preprocess/roi.ts";
import { shiftSurface } from "../preprocess/shift-surface.ts";
import { randomFor, randomNormal } from "../random.ts";
import type { Geometry, Mask, Volume } from "../volume.ts";

/** A file or folder: a path for a worker that can open it, the bytes themselves for one that cannot. */
type Input = string | ImageSource;

/** A scan that whoever asks has open already. */
export interface OpenedImage extends Intake {
  /** What messages call it. */
  readonly path: string;
}

/** The files of a case, and whose they are. */
export interface CaseFiles {
  readonly patient: string;
  readonly phase: string;
  readonly image: Input | OpenedImage;
  readonly mask?: {
    readonly input: Input;
    readonly label?: number;
    readonly structure?: string;
    /** Another reader: the mask's surface moved by a normal random number of mm. */
    readonly reader?: { readonly seed: number; readonly sdMm: number };
  };
  /** A rough annotation (.json), or a mask whose bounding box serves. */
  readonly rough?: Input;
  /** Another reader: that annotation, or the box of that mask, drawn again. */
  readonly redrawn?: { readonly seed: number; readonly jitterMm: number };
  readonly roughFrom?: {
    readonly mask: Input;
    readonly label?: number;
    readonly structure?: string;
    readonly seed: number;
    readonly jitterMm: number;
  };
}

/** What a case is computed from, in memory. */
export interface CaseInputs {
  readonly volume: Volume;
  readonly report: IntakeReport;
  /** Sentences about what was corrected on the way in; grows as more is read. */
  readonly warnings: string[];
  /** The fine mask; null where the case has none. */
  fineMask(resampling?: "nearest"): Promise<Mask | null>;
  /** The box of the tumour, once the grid is known: around a rough annotation, a simulated one, or a mask. */
  cuboid(): Promise<(grid: Geometry) => IndexBox>;
}

/** What messages call an input. */
export const pathOf = (input: Input) => (typeof input === "string" ? input : input.path);

/** Opens a case. Errors of intake carry the file. */
export async function openCase(
  { core, open: openPath }: { readonly core: Core; open(path: string): Promise<ImageSource> },
  task: CaseFiles,
): Promise<CaseInputs> {
  const open = (input: Input) => (typeof input === "string" ? openPath(input) : Promise.resolve(input));
  // The scan's bytes are let go of as soon as they are a volume: a large one fills hundreds of megabytes.
  const { volume, report, path: imagePath } = await openImage(task.image, open);
  const warnings = [...report.warnings];

  // The mask that a reader is simulated from is mostly the fine mask too: read it once.
  const masks = new Map<string, Promise<Mask>>();
  const readMaskOnce = (input: Input, { label, structure, resampling }: MaskChoice): Promise<Mask> => {
    const pick = {
      ...(label !== undefined && { label }),
      ...(structure !== undefined && { structure }),
      ...(resampling && { resampling }),
    };
    const key = JSON.stringify([pathOf(input), pick]);
    const mask = masks.get(key) ?? readMaskOf(input, pick);
    masks.set(key, mask);
    return mask;
  };
  const readMaskOf = async (input: Input, pick: MaskChoice): Promise<Mask> => {
    const { mask, notes } = await readMask(await open(input), volume, imagePath, pick);
    warnings.push(...notes.filter((note) => !warnings.includes(note)));
    return mask;
  };
  const boxSource = async (): Promise<BoxSource> => {
    if (task.roughFrom) {
      const { mask: input, seed, jitterMm } = task.roughFrom;
      const mask = await readMaskOnce(input, task.roughFrom);
      const rough = simulateRough(mask, randomFor(seed, "rough", task.patient, task.phase), jitterMm);
      return { rough, file: `simulated annotation of ${task.phase}` };
    }
    const { around, notes } = await readBoxSource(await open(task.rough!), volume, imagePath);
    warnings.push(...notes);
    if (!task.redrawn) return around;
    const { seed, jitterMm } = task.redrawn;
    const random = randomFor(seed, "rough", task.patient, task.phase);
    const rough = "rough" in around ? redrawRough(around.rough, volume, random, jitterMm) : simulateRough(around.mask, random, jitterMm);
    return { rough, file: `simulated annotation of ${task.phase}` };
  };
  const readersMask = async (choice: NonNullable<CaseFiles["mask"]>, resampling?: "nearest"): Promise<Mask> => {
    const mask = await readMaskOnce(choice.input, { ...choice, ...(resampling && { resampling }) });
    if (!choice.reader) return mask;
    const { seed, sdMm } = choice.reader;
    return shiftSurface(mask, sdMm * randomNormal(randomFor(seed, "mask", task.patient, task.phase)));
  };
  return {
    volume,
    report,
    warnings,
    fineMask: async (resampling) => (task.mask ? readersMask(task.mask, resampling) : null),
    async cuboid() {
      const around = await boxSource();
      return (grid) => {
        const { box, notes } = boxAround(core, around, grid);
        warnings.push(...notes);
        return box;
      };
    },
  };
}

async function openImage(image: CaseFiles["image"], open: (input: Input) => Promise<ImageSource>): Promise<OpenedImage> {
  if (typeof image !== "string" && "volume" in image) return image;
  const source = await open(image);
  return { ...(await readImage(source)), path: source.path };
}

/** Which part of a file with several masks. */
type MaskChoice = Pick<MaskOptions, "label" | "structure" | "resampling">;
