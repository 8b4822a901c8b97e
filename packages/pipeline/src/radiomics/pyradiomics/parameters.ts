// PyRadiomics parameter files (YAML, or JSON): read as they are, with a sentence for everything that is not done.
import { parseDocument } from "yaml";
import { z } from "zod";
import { ConfigError } from "../../errors.ts";
import { nearest } from "../../nearest.ts";
import { CLASSES, type ClassName } from "./classes.ts";

const axes = z.array(z.number()).length(3);
const positive = z.number().positive();

/** PyRadiomics' settings with its defaults. Triples are (x, y, z), as in its files. */
const settingSchema = z.strictObject({
  label: z.int().min(1).default(1),
  binWidth: positive.default(25),
  binCount: z.int().min(1).nullable().default(null),
  normalize: z.boolean().default(false),
  normalizeScale: positive.default(1),
  removeOutliers: positive.nullable().default(null),
  resampledPixelSpacing: axes.nullable().default(null),
  interpolator: z.union([z.string(), z.int()]).nullable().default("sitkBSpline"),
  padDistance: z.int().min(0).default(5),
  distances: z.array(z.int().min(1)).min(1).default([1]),
  force2D: z.boolean().default(false),
  force2Ddimension: z.int().min(0).max(2).default(0),
  resegmentRange: z.array(z.number()).min(1).max(2).nullable().default(null),
  resegmentMode: z.enum(["absolute", "relative", "sigma"]).default("absolute"),
  resegmentShape: z.boolean().default(false),
  minimumROIDimensions: z.int().min(1).max(3).default(2),
  minimumROISize: z.int().min(1).nullable().default(null),
  voxelArrayShift: z.number().default(0),
  symmetricalGLCM: z.boolean().default(true),
  weightingNorm: z.enum(["manhattan", "euclidean", "infinity", "no_weighting"]).nullable().default(null),
  gldm_a: z.int().min(0).default(0),
});

/** Settings that change no feature of the original image here, and why. */
const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  additionalInfo: "provenance is always given",
  preCrop: "only the part around the ROI is ever touched",
  correctMask: "a mask on another grid is always brought onto the image's, by the nearest neighbour as with correctMask",
  geometryTolerance: "the tool has its own: a tenth of a voxel",
  label_channel: "masks have one channel",
  enableCExtensions: "there is one implementation",
  verbose: "the command line says what it does",
  sigma: "filters are not supported",
  start_level: "filters are not supported",
  level: "filters are not supported",
  wavelet: "filters are not supported",
  gradientUseSpacing: "filters are not supported",
  lbp2DRadius: "filters are not supported",
  lbp2DSamples: "filters are not supported",
  lbp2DMethod: "filters are not supported",
  lbp3DLevels: "filters are not supported",
  lbp3DIcosphereRadius: "filters are not supported",
  lbp3DIcosphereSubdivision: "filters are not supported",
};

/** How images are interpolated. */
export type Interpolator = "spline" | "linear" | "nearest";

/** SimpleITK's names and numbers of the interpolators that are supported. */
const INTERPOLATORS: Readonly<Record<string, Interpolator>> = {
  sitkBSpline: "spline",
  "3": "spline",
  sitkLinear: "linear",
  "2": "linear",
  sitkNearestNeighbor: "nearest",
  "1": "nearest",
};

/** PyRadiomics' settings with every default filled in. */
export type PyradiomicsSettings = Omit<z.output<typeof settingSchema>, "interpolator"> & { readonly interpolator: Interpolator | null };

/** A parameter file: settings, and the features wanted of each class. */
export interface PyradiomicsParameters {
  readonly settings: PyradiomicsSettings;
  /** What all classes but those of shape go by where `imageType.Original` has settings of its own; else null. */
  readonly original: PyradiomicsSettings | null;
  /** Classes in the order of their columns, and their features; null: all that the class computes by default. */
  readonly classes: readonly { readonly name: ClassName; readonly features: readonly string[] | null }[];
  /** What the file asks for and does not get, a sentence each. */
  readonly warnings: readonly string[];
}

const fileSchema = z.strictObject({
  setting: z.record(z.string(), z.unknown()).nullable().optional(),
  imageType: z.record(z.string(), z.record(z.string(), z.unknown()).nullable()).nullable().optional(),
  featureClass: z.record(z.string(), z.array(z.string()).nullable()).nullable().optional(),
  voxelSetting: z.unknown().optional(),
});

/** Settings that a class reads; all others are done with before an image is filtered, also where there is no filter. */
const OF_CLASSES = new Set([
  "binWidth",
  "binCount",
  "distances",
  "force2D",
  "force2Ddimension",
  "voxelArrayShift",
  "symmetricalGLCM",
  "weightingNorm",
  "gldm_a",
]);

/** Keys of PyRadiomics 1 that have another name since PyRadiomics 2. */
const RENAMED: Readonly<Record<string, string>> = { inputImage: "imageType" };

/** Parameters without a file: PyRadiomics' defaults, its seven classes on the original image. */
export const DEFAULT_PARAMETERS: PyradiomicsParameters = parametersOf({}, "defaults");

/**
 * Reads a parameter file.
 *
 * @param file  what messages call it
 * @throws ConfigError for what PyRadiomics would refuse too, and for what would silently change numbers
 */
export function parsePyradiomicsParameters(text: string, file: string): PyradiomicsParameters {
  const document = parseDocument(text, { prettyErrors: true });
  const [fault] = document.errors;
  if (fault) {
    const line = fault.linePos?.[0]?.line;
    throw new ConfigError(`${file}${line ? `, line ${line}` : ""}`, `is not valid YAML: ${fault.message.split("\n")[0]}`, { cause: fault });
  }
  return parametersOf((document.toJS() as unknown) ?? {}, file);
}

function parametersOf(content: unknown, file: string): PyradiomicsParameters {
  const parsed = fileSchema.safeParse(content);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const [unknown] = issue!.code === "unrecognized_keys" ? issue!.keys : [];
    const place = issue!.path.join(".") || "the file";
    const known = "a parameter file has setting, imageType, featureClass and voxelSetting";
    if (unknown === undefined) throw new ConfigError(file, `${place}: ${issue!.message}; ${known}`);
    const renamed = RENAMED[unknown];
    const near = nearest(unknown, Object.keys(fileSchema.shape));
    throw new ConfigError(
      file,
      renamed
        ? `${unknown} is what PyRadiomics 1 called ${renamed}; rename the key, what stands under it stays as it is`
        : `${unknown} is not a key of a parameter file${near ? `; did you mean "${near}"?` : ""}; ${known}`,
    );
  }
  const { setting, imageType, featureClass, voxelSetting } = parsed.data;
  const warnings: string[] = [];
  const settings = settingsOf(setting ?? {}, file, warnings);
  if (voxelSetting !== undefined) warnings.push(`${file}: voxelSetting is for voxel-based extraction and was left aside`);
  for (const type of Object.keys(imageType ?? {})) {
    if (type !== "Original")
      warnings.push(`${file}: imageType ${type} is not supported, its features are left out: filters are not part of this tool yet`);
  }
  if (imageType && !("Original" in imageType)) {
    throw new ConfigError(file, "imageType asks for filtered images only, which are not supported; add Original: {}");
  }
  const original = originalOf(setting ?? {}, imageType?.["Original"] ?? {}, file, warnings);
  return { settings, original, classes: classesOf(featureClass, file, warnings), warnings };
}

function originalOf(
  setting: Record<string, unknown>,
  custom: Record<string, unknown>,
  file: string,
  warnings: string[],
): PyradiomicsSettings | null {
  const ofClasses = Object.entries(custom).filter(([key]) => OF_CLASSES.has(key));
  for (const key of Object.keys(custom)) {
    if (OF_CLASSES.has(key)) continue;
    if (!(key in settingSchema.shape) && !(key in WITHOUT_EFFECT)) settingsOf({ [key]: custom[key] }, file, []);
    warnings.push(`${file}: imageType.Original.${key} has no effect there, as in PyRadiomics; write it under setting`);
  }
  return ofClasses.length > 0 ? settingsOf({ ...setting, ...Object.fromEntries(ofClasses) }, file, []) : null;
}

function settingsOf(given: Record<string, unknown>, file: string, warnings: string[]): PyradiomicsSettings {
  const known: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(given)) {
    const reason = WITHOUT_EFFECT[key];
    if (reason) warnings.push(`${file}: setting.${key} has no effect: ${reason}`);
    else if (value !== null || isNullable(key)) known[key] = value;
  }
  const parsed = settingSchema.safeParse(known);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    if (issue!.code === "unrecognized_keys") {
      const [key] = issue!.keys;
      const near = nearest(key!, Object.keys(settingSchema.shape));
      throw new ConfigError(file, `setting.${key} is not a setting of PyRadiomics${near ? `; did you mean "${near}"?` : ""}`);
    }
    throw new ConfigError(file, `setting.${issue!.path.join(".")}: ${issue!.message}`);
  }
  const { interpolator: name, ...rest } = parsed.data;
  const interpolator = name === null ? null : INTERPOLATORS[String(name)];
  if (interpolator === undefined) {
    throw new ConfigError(file, `setting.interpolator: "${name}" is not supported; use sitkBSpline, sitkLinear or sitkNearestNeighbor`);
  }
  return { ...rest, interpolator };
}

const isNullable = (key: string) =>
  key in settingSchema.shape && settingSchema.shape[key as keyof typeof settingSchema.shape].safeParse(null).success;

function classesOf(
  wanted: Record<string, string[] | null> | null | undefined,
  file: string,
  warnings: string[],
): PyradiomicsParameters["classes"] {
  if (!wanted) return CLASSES.filter((c) => c.isDefault).map(({ name }) => ({ name, features: null }));
  const names = CLASSES.map((c) => c.name as string);
  for (const name of Object.keys(wanted)) {
    if (names.includes(name)) continue;
    const near = nearest(name, names);
    throw new ConfigError(
      file,
      `featureClass.${name} is not a class of PyRadiomics${near ? `; did you mean "${near}"?` : ""} (known: ${names.join(", ")})`,
    );
  }
  return CLASSES.filter(({ name }) => name in wanted).map(({ name, features, deprecated }) => {
    const list = wanted[name];
    if (!list || list.length === 0) return { name, features: null };
    const kept = list.filter((feature) => {
      if (features.includes(feature)) return true;
      if (deprecated.includes(feature)) {
        warnings.push(`${file}: ${name}.${feature} is deprecated in PyRadiomics and left out, as PyRadiomics does`);
        return false;
      }
      const near = nearest(feature, features);
      throw new ConfigError(file, `featureClass.${name}: ${feature} is not one of its features${near ? `; did you mean "${near}"?` : ""}`);
    });
    return { name, features: kept };
  });
}
