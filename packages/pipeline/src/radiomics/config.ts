// A file that changes a preset: --config of `islet radiomics`, and `radiomics` of a study.
import { parseDocument } from "yaml";
import { z } from "zod";
import { ConfigError } from "../errors.ts";
import { nearest } from "../nearest.ts";
import type { ChainSettings, Discretisation, FeatureSelection, RadiomicsSettings } from "./settings.ts";

const discretisation = z
  .union([
    z.literal("none"),
    z.strictObject({ fixedBinSize: z.number().positive() }),
    z.strictObject({ fixedBinNumber: z.int().min(1).max(4096) }),
  ])
  .transform((given): Discretisation => {
    if (given === "none") return { kind: "none" };
    if ("fixedBinSize" in given) return { kind: "fixedBinSize", size: given.fixedBinSize };
    return { kind: "fixedBinNumber", number: given.fixedBinNumber };
  });

const directional = z.array(z.enum(["2D_avg", "2D_comb", "2_5D_avg", "2_5D_comb", "3D_avg", "3D_comb"]));
const bySlice = z.array(z.enum(["2D", "2_5D", "3D"]));

/** The image processing chain; what is left out stays as the preset has it. */
const chainSchema = z.strictObject({
  spacing: z.number().positive().nullable().describe("mm; null: the image's own grid").optional(),
  resampling: z.enum(["in-plane", "volume"]).optional(),
  interpolation: z.enum(["linear", "cubic"]).optional(),
  maskThreshold: z.number().gt(0).max(1).optional(),
  rounding: z.boolean().optional(),
  window: z.strictObject({ level: z.number(), width: z.number().positive() }).nullable().optional(),
  order: z.enum(["resample-window", "window-resample"]).optional(),
  resegmentation: z
    .tuple([z.number().nullable(), z.number().nullable()])
    .refine(([low, high]) => (low ?? -Infinity) < (high ?? Infinity), "expected [low, high] with low < high")
    .transform(([low, high]): ChainSettings["resegmentation"] => ({ low: low ?? -Infinity, high: high ?? Infinity }))
    .nullable()
    .optional(),
  outlierSigma: z.number().positive().nullable().optional(),
  discretisation: discretisation.optional(),
  ivhDiscretisation: discretisation.optional(),
});

/** The features; what is left out stays as the preset has it. */
const selectSchema = z.strictObject({
  morphology: z.boolean().optional(),
  localIntensity: z.boolean().optional(),
  statistics: z.boolean().optional(),
  histogram: z.enum(["all", "without gradients", "none"]).optional(),
  intensityVolumeHistogram: z.boolean().optional(),
  glcm: directional.optional(),
  glrlm: directional.optional(),
  glszm: bySlice.optional(),
  gldzm: bySlice.optional(),
  ngtdm: bySlice.optional(),
  ngldm: bySlice.optional(),
  glcmDistances: z.array(z.int().min(1)).min(1).optional(),
  weighting: z.enum(["none", "manhattan", "euclidean", "chebyshev"]).optional(),
  ngtdmRadius: z.int().min(1).optional(),
  ngldmRadius: z.int().min(1).optional(),
  ngldmAlpha: z.array(z.int().min(0)).min(1).optional(),
});

const configSchema = z.strictObject({ ...chainSchema.shape, features: selectSchema.optional() });

/**
 * A preset with a file's changes. The keys are those of `ChainSettings`, bins written as `{ fixedBinSize: 25 }`, `{ fixedBinNumber: 32 }`
 * or `none`, re-segmentation as `[low, high]` with null for no bound; `features` has the keys of `FeatureSelection`.
 *
 * @param file  what messages call it
 * @throws ConfigError naming the file, the key and what was expected
 */
export function readRadiomicsConfig(text: string, file: string, preset: RadiomicsSettings): RadiomicsSettings {
  const document = parseDocument(text, { prettyErrors: true });
  const [fault] = document.errors;
  if (fault) {
    const line = fault.linePos?.[0]?.line;
    throw new ConfigError(`${file}${line ? `, line ${line}` : ""}`, `is not valid YAML: ${fault.message.split("\n")[0]}`, { cause: fault });
  }
  const parsed = configSchema.safeParse((document.toJS() as unknown) ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    const where = issue!.path.length ? `${issue!.path.join(".")}: ` : "";
    throw new ConfigError(file, `${where}${explain(issue!)}`);
  }
  const { features, ...chain } = parsed.data;
  return {
    chain: { ...preset.chain, ...given<ChainSettings>(chain) },
    select: { ...preset.select, ...given<FeatureSelection>(features ?? {}) },
  };
}

/** Without the keys that were left out. */
function given<T>(values: { readonly [K in keyof T]?: T[K] | undefined }): Partial<T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as Partial<T>;
}

function explain(issue: z.core.$ZodIssue): string {
  if (issue.code !== "unrecognized_keys") return issue.message;
  const known = Object.keys(issue.path[0] === "features" ? selectSchema.shape : configSchema.shape);
  const near = nearest(issue.keys[0]!, known);
  return `unknown key "${issue.keys[0]}"${near ? `; did you mean "${near}"?` : ""} (known: ${known.join(", ")}). A parameter file of PyRadiomics belongs to the preset pyradiomics`;
}
