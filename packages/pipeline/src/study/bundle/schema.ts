// What a bundle says, checked when it is opened: it comes from outside, whoever made it.
import { z } from "zod";

const finite = z.number();
const name = z.string().min(1);
const names = z.array(name);
const hash = z.string().regex(/^[0-9a-f]{64}$/);

const phase = z
  .strictObject({
    name: z.string().regex(/^[\w-]+$/),
    window: z.strictObject({ level: finite, width: z.number().positive() }).optional(),
    percentiles: z.tuple([z.number().min(0).max(100), z.number().min(0).max(100)]).optional(),
    label: z.int().min(1).optional(),
    structure: z.string().optional(),
    /** How readers' annotations were simulated, where the study had none. */
    roughFrom: z.strictObject({ seed: z.int(), jitterMm: z.number().min(0) }).optional(),
    /** Columns of the study's table, so that a table like it can be scored. */
    columns: z.strictObject({ image: name, mask: name.optional(), rough: name.optional() }),
    deep: z.boolean(),
    /** Presets of its hand-crafted features, with the SHA-256 of all that decides them. */
    radiomics: z.array(z.strictObject({ preset: name, plan: hash })),
  })
  .refine((p) => (p.window === undefined) !== (p.percentiles === undefined), "needs either window or percentiles");

const variable = z.strictObject({
  name,
  column: name,
  room: z.enum(["clinical", "findings"]),
  kind: z.enum(["number", "category"]),
  /** Of a category: the levels of the internal cohort. */
  levels: z.array(z.string()),
});

const scaler = z.strictObject({ centre: z.array(finite), spread: z.array(finite) });

const kernel = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("linear") }),
  z.strictObject({ kind: z.literal("rbf"), gamma: finite }),
  z.strictObject({ kind: z.literal("poly"), gamma: finite, degree: finite, coef0: finite }),
]);

const svm = z.strictObject({
  kernel,
  d: z.int().min(0),
  supportVectors: z.array(finite),
  dualCoef: z.array(finite),
  rho: finite,
  iterations: z.int(),
  isConverged: z.boolean(),
});

const logistic = z.strictObject({ intercept: finite, coefficients: z.array(finite), iterations: z.int(), isConverged: z.boolean() });

const combat = z.strictObject({
  columns: names,
  batches: z.array(z.string()),
  centre: z.array(finite),
  spread: z.array(finite),
  shift: z.array(z.array(finite)),
  variance: z.array(z.array(finite)),
});

const fold = z
  .strictObject({
    fold: z.int(),
    repeat: z.exactOptional(z.int()),
    n: z.int(),
    events: z.int(),
    selected: names,
    features: names,
    imputer: z.exactOptional(z.strictObject({ fill: z.record(z.string(), finite), flags: names })),
    combat: z.exactOptional(combat),
    scaler,
    classifier: z.union([svm, logistic]),
    platt: z.strictObject({ a: finite, b: finite }),
  })
  .refine(({ features: { length: d }, scaler: s, classifier: c, combat: b }) => {
    const fits = "kernel" in c ? c.d === d && c.supportVectors.length === c.dualCoef.length * d : c.coefficients.length === d;
    const isEven = (rows: readonly (readonly number[])[], count: number) =>
      rows.length === count && rows.every((row) => row.length === b!.columns.length);
    const brings = !b || (isEven([b.centre, b.spread], 2) && isEven(b.shift, b.batches.length) && isEven(b.variance, b.batches.length));
    return fits && brings && s.centre.length === d && s.spread.length === d;
  }, "a fold model whose numbers do not fit together");

/** `model.json`: everything that turns a patient into a risk. */
export const modelSchema = z.strictObject({
  study: name,
  model: name,
  synthetic: z.boolean(),
  seed: z.int(),
  columns: z.strictObject({ patient: name, batch: name.optional() }),
  preprocess: z.strictObject({
    spacing: z.number().positive(),
    interpolation: z.enum(["cubic", "linear"]),
    order: z.enum(["resample-window", "window-resample"]),
  }),
  inputSize: z.int().min(16).max(1024).multipleOf(16),
  /** Of hand-crafted blocks that name none of their own. */
  preset: name,
  /** Null where the model has no deep features. */
  network: z
    .strictObject({
      description: z.string(),
      sha256: hash,
      source: z.discriminatedUnion("kind", [
        z.strictObject({ kind: z.literal("seeded"), baseWidth: z.int().min(1).max(256), seed: z.int() }),
        z.strictObject({ kind: z.literal("embedded"), part: name }),
        /** Too large to travel along; the name that the study file gave it. */
        z.strictObject({ kind: z.literal("elsewhere"), file: name }),
      ]),
    })
    .nullable(),
  phases: z.array(phase),
  /** Tables of features made elsewhere, and the columns that are needed of each. */
  tables: z.array(z.strictObject({ name, columns: names })),
  /** Names of the feature blocks, as in the study file. */
  blocks: names,
  variables: z.array(variable),
  threshold: finite,
  thresholdRule: z.string(),
  /** Whether a missing value is filled by what the fold models learnt. */
  fillsGaps: z.boolean(),
  folds: z.array(fold).min(1),
});

const featureReference = z.strictObject({
  name,
  /** The block or variable that it belongs to. */
  of: name,
  /** Share of the fold models that have it. */
  share: z.number().min(0).max(1),
  mean: finite,
  sd: finite,
  median: finite,
  q1: finite,
  q3: finite,
  min: finite,
  max: finite,
});

const range = z.tuple([finite, finite]);

/** `reference.json`: the internal cohort as numbers, without anybody's name. */
export const referenceSchema = z.strictObject({
  n: z.int().min(1),
  events: z.int().min(0),
  horizonMonths: z.number().positive().nullable(),
  features: z.array(featureReference),
  /** One patient each, by rising risk: out-of-fold risk, outcome, follow-up, and z-scores of the features. */
  patients: z.array(
    z.strictObject({ risk: finite, outcome: z.union([z.literal(0), z.literal(1)]), timeMonths: finite.nullable(), z: z.array(finite) }),
  ),
  scans: z.record(
    z.string(),
    z.strictObject({
      n: z.int(),
      /** mm: lowest and highest distance between slices, and between pixels. */
      sliceSpacing: range,
      pixelSpacing: range,
      /** Lowest and highest of the scans' darkest voxels, and of their brightest. */
      darkest: range,
      brightest: range,
      modalities: z.array(z.string()),
    }),
  ),
});

/** `provenance.json`: where the model comes from. */
export const provenanceSchema = z.strictObject({
  islet: name,
  engine: z.string(),
  backend: z.enum(["webgpu", "wasm"]),
  /** The WASM build that the learning ran on. */
  simd: z.enum(["relaxed", "simd"]),
  tuning: z.unknown(),
  study: hash,
  inputs: z.strictObject({ files: z.int().min(0), sha256: hash }),
  performance: z.array(
    z.strictObject({
      cohort: z.string(),
      n: z.int(),
      events: z.int(),
      auc: finite.nullable(),
      lo: finite.nullable(),
      hi: finite.nullable(),
    }),
  ),
  /** Of the guards; what was found is null where it names patients. */
  findings: z.array(
    z.strictObject({ id: z.string(), level: z.enum(["warning", "note"]), found: z.string().nullable(), consequence: z.string() }),
  ),
});

/** What turns a patient into a risk. */
export type BundleModel = z.output<typeof modelSchema>;
/** The internal cohort as numbers. */
export type BundleReference = z.output<typeof referenceSchema>;
/** Where the model comes from. */
export type BundleProvenance = z.output<typeof provenanceSchema>;
/** One phase of a bundle. */
export type BundlePhase = BundleModel["phases"][number];
/** A fold model as a bundle has it. */
export type BundleFold = BundleModel["folds"][number];
