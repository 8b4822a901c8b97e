// What a job may be asked, as the schema of its request.
import { z } from "@hono/zod-openapi";
import { RADIOMICS_PRESETS } from "@islet/pipeline";

const id = z.uuid("expected an id, as the upload gave it");
const backend = z.enum(["auto", "webgpu", "wasm"]).default("auto");
const windowHu = z.strictObject({ level: z.number(), width: z.number().positive() }).openapi({ description: "HU" });
const percentiles = z
  .tuple([z.number().min(0).max(100), z.number().min(0).max(100)])
  .refine(([low, high]) => low < high, "expected [low, high] with low < high")
  .openapi({
    type: "array",
    items: { type: "number" },
    minItems: 2,
    maxItems: 2,
    description: "of the image, where intensities have no scale (MR)",
  });
const intensities = { window: windowHu.optional(), percentiles: percentiles.optional() };
const weights = z
  .string()
  .min(1)
  .max(200)
  .openapi({ description: "shipped:NAME, or the id of a network that was sent to /v1/models", example: "shipped:sarcoma-ct-16" });
const inputSize = z.int().min(16).max(1024).multipleOf(16);
const seed = z.int().min(0).default(1);

const radiomics = z
  .strictObject({
    kind: z.literal("radiomics"),
    case: id,
    preset: z.enum(RADIOMICS_PRESETS).default("ibsi"),
    window: windowHu.optional(),
    config: z
      .string()
      .max(100_000)
      .optional()
      .openapi({ description: "changes to the preset, YAML; for pyradiomics one of its parameter files" }),
  })
  .openapi("RadiomicsJob");

const deep = z
  .strictObject({ kind: z.literal("deep"), case: id, weights, ...intensities, inputSize: inputSize.default(256), seed, backend })
  .openapi("DeepJob");

const segment = z
  .strictObject({
    kind: z.literal("segment"),
    case: id,
    weights,
    ...intensities,
    inputSize: inputSize.optional(),
    tta: z.boolean().default(false).openapi({ description: "average over each slice and its three mirror images" }),
    backend,
  })
  .openapi("SegmentJob");

const score = z
  .strictObject({
    kind: z.literal("score"),
    model: id,
    cases: z.record(z.string(), id).openapi({
      description: "the case of each phase, by the phase's name in the bundle",
      example: { arterial: "0f8fad5b-d9cb-469f-a165-70867728950e" },
    }),
    clinical: z
      .record(z.string(), z.union([z.string().max(1000), z.number()]))
      .default({})
      .openapi({ description: "clinical variables and findings by name" }),
    features: z
      .record(z.string(), z.string().max(5_000_000))
      .default({})
      .openapi({ description: "the text of a CSV with the patient's one row, by table, where the bundle needs features made elsewhere" }),
    batch: z.string().max(200).optional().openapi({ description: "scanner or centre, where the bundle brings them together" }),
    weights: weights.optional(),
    explain: z.boolean().default(false).openapi({ description: "write every feature's part, and heat maps for deep features" }),
    backend,
  })
  .openapi("ScoreJob");

const study = z
  .strictObject({
    kind: z.literal("study"),
    study: z
      .string()
      .min(1)
      .max(1_000_000)
      .openapi({ description: "the text of study.yaml; its columns of images, masks and annotations hold ids of cases" }),
    tables: z.record(z.string(), z.string()).openapi({ description: "the text of every table that the study names, by file name" }),
    strict: z.boolean().default(false),
    backend,
  })
  .openapi("StudyJob");

/** What a job is asked: one of five kinds. */
export const requestSchema = z.discriminatedUnion("kind", [radiomics, deep, segment, score, study]).openapi("JobRequest");
export type JobRequest = z.output<typeof requestSchema>;
