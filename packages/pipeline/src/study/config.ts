// study.yaml: one schema, from which the checks, the JSON Schema for editors and the types all come.
import { parseDocument } from "yaml";
import { z } from "zod";
import { ConfigError } from "../errors.ts";
import { learnSchema } from "../learn/settings.ts";
import { nearest } from "../nearest.ts";
import { RADIOMICS_PRESETS } from "../radiomics/plan.ts";
import { faultIn } from "../schema-fault.ts";

const column = z.string().min(1).describe("name of a column of the cohort's table");

const roughFrom = z
  .strictObject({
    mask: column.describe("column with the mask from which a reader's rough annotation is simulated"),
    seed: z.int().default(1).describe("seed of the simulated reader"),
    jitterMm: z.number().min(0).max(50).default(2).describe("standard deviation of the reader's corners, mm"),
  })
  .describe("a simulated reader, where nobody has drawn a rough annotation");

const phase = z
  .strictObject({
    image: column.describe("column with the image: a file, a DICOM folder or a zip, relative to the table"),
    mask: column.optional().describe("column with the fine mask, for hand-crafted features"),
    structure: z.string().optional().describe("structure or segment to take where the mask is a DICOM RTSTRUCT or SEG"),
    label: z.int().min(1).optional().describe("label to take where the mask is a label map (default: any non-zero)"),
    rough: column.optional().describe("column with the rough annotation (islet-rough-roi/1), for deep features"),
    roughFrom: roughFrom.optional(),
    window: z.strictObject({ level: z.number(), width: z.number().positive() }).optional().describe("window, HU"),
    percentiles: z
      .tuple([z.number().min(0).max(100), z.number().min(0).max(100)])
      .optional()
      .describe("window as percentiles of the image, where intensities have no scale (MR)"),
  })
  .refine((p) => !(p.window && p.percentiles), "give either window or percentiles, not both")
  .refine((p) => p.window || p.percentiles, "needs window: { level, width } in HU, or percentiles: [low, high] for MR")
  .refine((p) => !(p.rough && p.roughFrom), "give either rough or roughFrom, not both")
  .refine((p) => !p.percentiles || p.percentiles[0] < p.percentiles[1], "percentiles must be [low, high] with low < high");

const tables = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

const featureTable = z
  .union([
    tables,
    z.strictObject({
      table: tables.describe("CSV, or a list of CSVs with the same features such as one a cohort, relative to this file"),
      patient: column.optional().describe("column with the patient's id (default: columns.patient)"),
      ignore: z.array(z.string().min(1)).default([]).describe("columns that are no features"),
    }),
  ])
  .describe("features made elsewhere, one patient a row: a CSV, or a list of CSVs with the same features");

const variable = z.strictObject({
  column,
  kind: z.enum(["number", "category"]).default("number"),
});

const cohort = z.strictObject({
  table: z.string().min(1).describe("CSV with one patient a row, relative to this file"),
  where: z.string().optional().describe("the value of the column `cohort` that selects this cohort's rows (default: internal or external)"),
});

const weights = z.union([
  z.string().min(1).describe("safetensors file, relative to this file, or shipped:NAME for a network that comes with the package"),
  z
    .strictObject({ init: z.literal("seeded"), baseWidth: z.int().min(1).max(256).default(64), seed: z.int().default(1) })
    .describe("a network that has seen no image: He-normal weights from a seed"),
]);

const model = z
  .strictObject({
    name: z.string().min(1),
    features: z
      .array(
        z
          .string()
          .regex(
            /^(deep\.[\w-]+|radiomics\.[\w-]+(\.[\w-]+)?|features\.[\w-]+)$/,
            "expected deep.PHASE or radiomics.PHASE, or radiomics.PHASE.PRESET, or features.NAME of a table",
          ),
      )
      .default([])
      .describe("feature blocks that go through selection"),
    findings: z.array(z.string()).default([]).describe("findings that go through selection"),
    clinical: z.array(z.string()).default([]).describe("clinical variables added after selection"),
  })
  .refine((m) => m.features.length + m.findings.length + m.clinical.length > 0, "a model needs features, findings or clinical variables");

/** The schema of a study file; `studyJsonSchema` publishes it for editors. */
const studySchema = z.strictObject({
  name: z.string().min(1),
  seed: z.int().describe("every random choice of the study comes from it"),
  cohorts: z.strictObject({ internal: cohort, external: cohort.optional() }),
  columns: z.strictObject({ patient: column.default("patient_id"), cohort: column.default("cohort") }).prefault({}),
  exclude: z.array(z.string()).default([]).describe("ids of patients to leave out"),
  outcome: z.strictObject({
    event: column.describe("column with 0 or 1: whether the event came"),
    time: column.optional().describe("column with the follow-up, months"),
    horizonMonths: z.number().positive().default(60).describe("an event later than this counts as none (with time)"),
    early: z.enum(["keep", "exclude"]).default("keep").describe("patients censored before the horizon"),
  }),
  phases: z
    .record(z.string().regex(/^[\w-]+$/), phase)
    .default({})
    .describe("scans; a study of tables has none"),
  features: z
    .record(z.string().regex(/^[\w-]+$/), featureTable)
    .default({})
    .describe("features made elsewhere, by phase or any name"),
  clinical: z.record(z.string(), variable).default({}),
  findings: z.record(z.string(), variable).default({}),
  preprocess: z
    .strictObject({
      spacing: z.number().positive().default(1).describe("isotropic spacing, mm"),
      interpolation: z.enum(["cubic", "linear"]).default("cubic"),
      order: z.enum(["resample-window", "window-resample"]).default("resample-window"),
    })
    .prefault({}),
  radiomics: z
    .strictObject({
      preset: z.enum(RADIOMICS_PRESETS).default("song-2021").describe("hand-crafted features of blocks that name no preset of their own"),
    })
    .prefault({}),
  deep: z
    .strictObject({
      weights: weights.prefault({ init: "seeded", baseWidth: 64, seed: 1 }),
      inputSize: z.int().min(16).max(512).multipleOf(16).default(256).describe("slices are stretched to this many pixels square"),
    })
    .prefault({}),
  learn: learnSchema.prefault({}).describe("the learner, every step by name (see learning.md)"),
  models: z.array(model).min(1),
  report: z.strictObject({ primaryModel: z.string() }).optional().describe("the model that stratifies risk"),
});

/** A study file with every default filled in. */
export type StudyConfig = z.output<typeof studySchema>;
/** How one phase's images are found and windowed. */
export type PhaseConfig = StudyConfig["phases"][string];

/** Tables of features made elsewhere, as a study names them. */
export interface FeatureTableConfig {
  /** Paths as the study file writes them. */
  readonly tables: readonly string[];
  /** Column with the patient's id. */
  readonly patient: string;
  readonly ignore: readonly string[];
}

/** What a study says of its tables of features, by name, whichever way it is written. */
export function featureTablesOf(study: Pick<StudyConfig, "features" | "columns">): [name: string, config: FeatureTableConfig][] {
  return Object.entries(study.features).map(([name, given]) => {
    const { table, patient, ignore } =
      typeof given === "string" || Array.isArray(given) ? { table: given, patient: undefined, ignore: [] } : given;
    return [name, { tables: [table].flat(), patient: patient ?? study.columns.patient, ignore }];
  });
}

/** JSON Schema (2020-12) of a study file, so that editors complete it. */
export function studyJsonSchema(): object {
  return { ...z.toJSONSchema(studySchema, { io: "input" }), title: "Islet study" };
}

/**
 * Reads a study file.
 *
 * @param file  what messages call it
 * @throws ConfigError naming the file, the line, the key, what was expected and, for an unknown key, the nearest known one
 */
export function parseStudy(text: string, file: string): StudyConfig {
  const document = parseDocument(text, { prettyErrors: true });
  const [fault] = document.errors;
  if (fault) {
    const line = fault.linePos?.[0]?.line;
    throw new ConfigError(`${file}${line ? `, line ${line}` : ""}`, `is not valid YAML: ${fault.message.split("\n")[0]}`, { cause: fault });
  }
  const result = studySchema.safeParse(document.toJS());
  if (!result.success) {
    throw new ConfigError(file, faultIn(result.error, studySchema));
  }
  checkReferences(result.data, file);
  return result.data;
}

/** What the schema cannot say: names that must point at something declared in the same file. */
function checkReferences(study: StudyConfig, file: string): void {
  const phases = Object.keys(study.phases);
  const names = new Set<string>();
  for (const [i, model] of study.models.entries()) {
    const where = `models.${i} ("${model.name}")`;
    if (names.has(model.name)) throw new ConfigError(file, `${where}: another model has this name; give each model its own`);
    names.add(model.name);
    for (const block of model.features) {
      const [kind, name, preset] = block.split(".") as [string, string, string | undefined];
      if (kind === "features") {
        if (!study.features[name])
          throw new ConfigError(file, `${where}: "${block}" names no table of this study${suggestion(name, Object.keys(study.features))}`);
        continue;
      }
      const phase = study.phases[name];
      if (!phase && study.features[name])
        throw new ConfigError(
          file,
          `${where}: "${block}" needs phases.${name}, with images; the features of the table features.${name} are called "features.${name}"`,
        );
      if (!phase) throw new ConfigError(file, `${where}: "${block}" names no phase of this study${suggestion(name, phases)}`);
      if (kind === "deep" && !phase.rough && !phase.roughFrom) {
        throw new ConfigError(
          file,
          `${where}: "${block}" needs phases.${name}.rough (a column of rough annotations) or phases.${name}.roughFrom`,
        );
      }
      if (preset !== undefined && !RADIOMICS_PRESETS.includes(preset)) {
        throw new ConfigError(file, `${where}: "${block}" names no preset${suggestion(preset, RADIOMICS_PRESETS)}`);
      }
      if (kind === "radiomics" && !phase.mask) {
        throw new ConfigError(file, `${where}: "${block}" needs phases.${name}.mask (a column of masks)`);
      }
    }
    for (const [room, declared] of [
      ["findings", study.findings],
      ["clinical", study.clinical],
    ] as const) {
      for (const name of model[room]) {
        if (!declared[name])
          throw new ConfigError(file, `${where}: "${name}" is not declared under ${room}${suggestion(name, Object.keys(declared))}`);
      }
    }
  }
  const primary = study.report?.primaryModel;
  if (primary !== undefined && !names.has(primary)) {
    throw new ConfigError(file, `report.primaryModel: "${primary}" is not a model of this study${suggestion(primary, [...names])}`);
  }
}

const suggestion = (name: string, known: readonly string[]) => {
  const near = nearest(name, known);
  return `${near ? `; did you mean "${near}"?` : ""} (declared: ${known.join(", ") || "none"})`;
};
