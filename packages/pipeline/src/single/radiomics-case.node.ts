// Hand-crafted features of one case by hand, from its files.
import { createHash } from "node:crypto";
import { loadCore, type Core } from "@islet/core-wasm";
import { engineHash, hashInput } from "../host/hash.node.ts";
import { readStored, type StoredImage } from "../intake/image.ts";
import { placeMask, readRegionAhead, type RegionAhead } from "../intake/mask.ts";
import type { MaskOptions } from "../intake/segmentation.ts";
import { readSource } from "../intake/source.node.ts";
import type { ImageSource } from "../intake/source.ts";
import { AskedShape } from "../radiomics/asked-shape.ts";
import { prepareRegion } from "../radiomics/chain.ts";
import { extractRegion, shapeWanted } from "../radiomics/extract.ts";
import type { FeatureValues } from "../radiomics/feature.ts";
import { extractTogether, type Helper } from "../radiomics/helper.ts";
import { shapeInBox } from "../radiomics/morphology.ts";
import type { Shape } from "../radiomics/morphology-features.ts";
import { computeRadiomics, labelFor, nothingMeasured, resamplingFor, type RadiomicsPlan } from "../radiomics/plan.ts";
import { wholeMask, type BoxedMask, type Mask } from "../volume.ts";

/** One image and the mask of its tumour. */
export interface RadiomicsCase {
  readonly image: string;
  readonly mask: string;
  /** Of a label map, or the segment number of a DICOM SEG; without it everything but the background (PyRadiomics: 1). */
  readonly label?: number;
  /** Of a DICOM RTSTRUCT or SEG. */
  readonly structure?: string;
}

/** The features of one case and where they come from. */
export interface RadiomicsResult extends FeatureValues {
  readonly provenance: {
    readonly preset: string;
    readonly description: string;
    readonly settings: object;
    readonly label: number | null;
    readonly imageSha256: string;
    readonly maskSha256: string;
    readonly engine: string;
  };
  readonly warnings: readonly string[];
}

/** What a case may use besides its own thread. */
export interface RadiomicsMeans {
  /** Who computes several cases gives them one: its memory, once grown, serves them all. */
  readonly core?: Core;
  /** A second thread, `startHelper`; the numbers are the same with and without. One case at a time. */
  readonly helper?: Helper;
}

/**
 * The hand-crafted features of one case.
 *
 * While the image is unpacked on a thread of the machine's pool, this one reads the mask and measures its shape.
 */
export async function radiomicsCase(
  given: RadiomicsCase,
  plan: RadiomicsPlan,
  { core, helper }: RadiomicsMeans = {},
): Promise<RadiomicsResult> {
  const engine = core ?? (await loadCore());
  const label = labelFor(plan, given.label, given.structure);
  const resampling = resamplingFor(plan);
  const options: MaskOptions = {
    ...(label !== undefined && { label }),
    ...(given.structure !== undefined && { structure: given.structure }),
    ...(resampling && { resampling }),
  };
  const reading = readSource(given.mask);
  reading.catch(() => {});
  const source = await readSource(given.image);
  const opening = readStored(source);
  // Awaited below, after the mask, but what is wrong with it may be known before.
  opening.catch(() => {});
  const known = await readAhead(source, reading, plan, options, helper ?? null).then(
    (ahead) => ({ ahead }),
    (error: unknown) => ({ error }),
  );
  const scan = await opening;
  if ("error" in known) {
    // What is wrong with the image comes first.
    scan.warnings();
    throw known.error;
  }
  const { ahead } = known;
  const { mask, notes } = await placeMask(ahead.source, scan.geometry, source.path, options, ahead.region);
  const said: { warnings: readonly string[] } = { warnings: [] };
  const look = () => void (said.warnings = scan.warnings());
  const values = await measure({ core: engine, helper: helper ?? null, look }, scan, mask, plan, shapeOn(mask, ahead));
  const { preset, description } = plan;
  return {
    ...values,
    provenance: {
      preset,
      description,
      settings: plan.kind === "ibsi" ? plan.settings : plan.parameters,
      label: label ?? null,
      imageSha256: ahead.imageSha256,
      maskSha256: ahead.maskSha256,
      engine: await engineHash(),
    },
    warnings: [
      ...plan.warnings,
      ...said.warnings,
      ...notes.filter((note) => !said.warnings.includes(note)),
      ...nothingMeasured(given.mask, values),
    ],
  };
}

/** What is known before the image is. */
interface Ahead {
  readonly source: ImageSource;
  readonly region: RegionAhead | null;
  /** Of the region on its own grid, where the settings want its shape and measure it there. */
  readonly shape: Shape | AskedShape | null;
  readonly imageSha256: string;
  readonly maskSha256: string;
}

async function readAhead(
  image: ImageSource,
  reading: Promise<ImageSource>,
  plan: RadiomicsPlan,
  options: MaskOptions,
  helper: Helper | null,
): Promise<Ahead> {
  const source = await reading;
  const region = await readRegionAhead(source, options);
  const isMeasuredThere =
    region !== null && plan.kind === "ibsi" && plan.settings.select.morphology && plan.settings.chain.spacing === null;
  const mask = isMeasuredThere ? inBox(region.mask) : null;
  const shape = mask && (helper?.askShape(mask) ?? shapeInBox(mask));
  return { source, region, shape, imageSha256: await hashOf(image), maskSha256: await hashOf(source) };
}

/** A region as its shape is measured. */
function inBox({ from, to, spacing, inside }: BoxedMask) {
  return { shape: [to[0] - from[0], to[1] - from[1], to[2] - from[2]] as const, spacing, morphological: inside };
}

/** As `hashInput`, of the bytes that have been read where they are the file's. */
async function hashOf({ path, content }: ImageSource): Promise<string> {
  return content ? createHash("sha256").update(content).digest("hex") : hashInput(path);
}

/** The shape that was measured ahead, where the mask has stayed as it was, to the last digit of its spacing. */
function shapeOn(mask: Mask | BoxedMask, { region, shape }: Ahead): Shape | AskedShape | null {
  const isSame = region !== null && "inside" in mask && mask.spacing.every((mm, a) => mm === region.mask.spacing[a]);
  return isSame ? shape : null;
}

async function measure(
  { core, helper, look }: { readonly core: Core; readonly helper: Helper | null; readonly look: () => void },
  scan: StoredImage,
  mask: Mask | BoxedMask,
  plan: RadiomicsPlan,
  ahead: Shape | AskedShape | null,
): Promise<FeatureValues> {
  if (plan.kind === "pyradiomics") {
    look();
    return computeRadiomics(core, scan.whole(), "inside" in mask ? wholeMask(mask) : mask, plan, scan.orientation);
  }
  const { settings } = plan;
  const region = prepareRegion(core, { ...scan.geometry, part: scan.part, whole: scan.whole }, mask, settings.chain);
  const shape = () => {
    look();
    return ahead ?? (region && shapeWanted(region, settings));
  };
  if (helper && region) return extractTogether(core, helper, region, shape, settings);
  const known = shape();
  return extractRegion(core, region, known instanceof AskedShape ? await known.finish() : known, settings);
}
