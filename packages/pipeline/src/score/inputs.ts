// What is known of a patient who is to be scored, held against what the bundle asks for.
import { ConfigError, IntakeError } from "../errors.ts";
import type { ImageSource } from "../intake/source.ts";
import { nearest } from "../nearest.ts";
import { isMissing } from "../intake/csv.ts";
import type { BundleModel, BundlePhase } from "../study/bundle/schema.ts";
import { plansOf } from "../study/bundle/plan.ts";
import { batchOf, needsOf, type Bundle } from "../study/bundle/bundle.ts";
import type { CaseFiles, OpenedImage } from "../study/case-inputs.ts";
import type { CaseTask } from "../study/case.ts";

/** One phase of a patient: paths where they can be opened, the bytes themselves in a browser, a scan that is open already. */
export interface PhaseInputs {
  readonly image: string | ImageSource | OpenedImage;
  /** A rough annotation (.json), or a mask whose bounding box serves: for deep features. */
  readonly rough?: string | ImageSource;
  /** The fine mask: for hand-crafted features. */
  readonly mask?: string | ImageSource;
  /** Of a label map, and of a DICOM RTSTRUCT or SEG; the study's own where they are not given. */
  readonly label?: number;
  readonly structure?: string;
  /** Simulates the annotation of the study's reader from this mask, in place of `rough`. */
  readonly roughFrom?: string | ImageSource;
  /** What the caller takes the phase's window to be: refused where it is another than the model's. */
  readonly window?: { readonly level: number; readonly width: number };
}

/** A patient to be scored. */
export interface PatientInputs {
  readonly phases: Readonly<Record<string, PhaseInputs>>;
  /** Clinical variables and findings by name, as written; an empty cell is a gap. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Features made elsewhere, by table and column; an empty cell is a gap. */
  readonly tables?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** The scanner or centre, where the model harmonises them. */
  readonly batch?: string;
  /** Only a simulated reader draws by it. */
  readonly patient?: string;
}

/** Whoever is scored, in messages. */
const AMONG = (names: readonly string[]) => names.join(", ") || "none";

/**
 * What must be computed of the patient's scans.
 *
 * @throws ConfigError where a phase, an annotation, a mask, a variable or a table is missing or not the model's, or the window is another;
 *   IntakeError where this version computes hand-crafted features otherwise than the bundle's did
 */
export async function planScore(bundle: Bundle, inputs: PatientInputs): Promise<CaseTask[]> {
  const { model, file } = bundle;
  checkPhases(model, inputs);
  checkVariables(model, inputs);
  checkTables(model, inputs);
  checkBatch(model, inputs);
  return Promise.all(
    model.phases.map(async (phase) => {
      const plans = await plansOf(model, phase);
      const changed = plans.find(({ isSame }) => !isSame);
      if (changed) {
        throw new IntakeError(
          file,
          `was made with Islet ${bundle.provenance.islet}, which computed the preset "${changed.preset}" by other settings than this version; install that version, or run the study again`,
        );
      }
      return taskOf(model, phase, inputs, Object.fromEntries(plans.map(({ preset, plan }) => [preset, plan])));
    }),
  );
}

function taskOf(
  model: BundleModel,
  phase: BundlePhase,
  { phases, patient = "" }: PatientInputs,
  radiomics: NonNullable<CaseTask["radiomics"]>,
): CaseTask {
  const given = phases[phase.name]!;
  const label = given.label ?? phase.label;
  const structure = given.structure ?? phase.structure;
  const pick = { ...(label !== undefined && { label }), ...(structure !== undefined && { structure }) };
  const { mask, rough, roughFrom } = given;
  const files: CaseFiles = {
    patient,
    phase: phase.name,
    image: given.image,
    ...(phase.radiomics.length > 0 && mask !== undefined && { mask: { input: mask, ...pick } }),
    ...(phase.deep && rough !== undefined && { rough }),
    ...(phase.deep &&
      rough === undefined &&
      roughFrom !== undefined &&
      phase.roughFrom && { roughFrom: { mask: roughFrom, seed: phase.roughFrom.seed, jitterMm: phase.roughFrom.jitterMm, ...pick } }),
  };
  return {
    ...files,
    ...(phase.radiomics.length > 0 && { radiomics }),
    preprocess: { window: phase.window ?? { percentiles: phase.percentiles! }, ...model.preprocess },
    inputSize: model.inputSize,
    seed: model.seed,
    wants: { deep: phase.deep },
  };
}

/**
 * What of the files given the model does not look at: a mask where it has no hand-crafted features, an annotation where it has no deep ones.
 *
 * A mask that serves as the annotation too is looked at.
 *
 * @returns the inputs without them, and a sentence for each
 */
export function setAside({ model: name, phases: known }: BundleModel, inputs: PatientInputs): { kept: PatientInputs; notes: string[] } {
  const notes: string[] = [];
  const phases = Object.entries(inputs.phases).map(([phase, given]): [string, PhaseInputs] => {
    const { needs } = needsOf(known.find((one) => one.name === phase)!);
    const { mask, rough, ...rest } = given;
    const say = (what: string, kind: string) =>
      notes.push(`phase ${phase}: ${what} was not looked at; the model "${name}" has no ${kind} features of this phase`);
    if (mask !== undefined && !needs.mask && mask !== rough) say("the mask", "hand-crafted");
    if (rough !== undefined && !needs.rough && rough !== mask) say("the annotation", "deep");
    return [phase, { ...rest, ...(needs.mask && mask !== undefined && { mask }), ...(needs.rough && rough !== undefined && { rough }) }];
  });
  return { kept: { ...inputs, phases: Object.fromEntries(phases) }, notes };
}

/**
 * Refuses a phase that the model does not have.
 *
 * @throws ConfigError naming the nearest phase, and all
 */
export function checkPhaseNames({ model: name, phases }: BundleModel, given: readonly string[]): void {
  const known = phases.map((phase) => phase.name);
  const stranger = given.find((phase) => !known.includes(phase));
  if (stranger === undefined) return;
  const near = nearest(stranger, known);
  throw new ConfigError(
    `phase ${stranger}`,
    `the model "${name}" has no such phase${near ? `; did you mean "${near}"?` : ""} (its phases: ${AMONG(known)})`,
  );
}

function checkPhases(model: BundleModel, inputs: PatientInputs): void {
  const { model: name, phases } = model;
  const known = phases.map((phase) => phase.name);
  checkPhaseNames(model, Object.keys(inputs.phases));
  for (const phase of phases) {
    const given = inputs.phases[phase.name];
    const where = `phase ${phase.name}`;
    const { needs } = needsOf(phase);
    if (!given)
      throw new ConfigError(
        where,
        `the model "${name}" needs its image, and there is none; give an image of every phase (${AMONG(known)})`,
      );
    if (needs.rough && given.rough === undefined && (given.roughFrom === undefined || !phase.roughFrom))
      throw new ConfigError(
        where,
        "the model's deep features need the tumour's place; give a rough annotation (.json), or a mask whose bounding box serves",
      );
    if (needs.mask && given.mask === undefined)
      throw new ConfigError(where, "the model's hand-crafted features need the tumour's mask; give a mask besides the image");
    if (given.window) checkWindow(phase, given.window);
  }
}

function checkWindow({ name, window, percentiles }: BundlePhase, given: NonNullable<PhaseInputs["window"]>): void {
  if (window && window.level === given.level && window.width === given.width) return;
  const learnt = window
    ? `the window level ${window.level}, width ${window.width} HU`
    : `the percentiles ${percentiles!.join(" to ")} of the image`;
  throw new ConfigError(
    `phase ${name}`,
    `the model learnt with ${learnt}, not with level ${given.level}, width ${given.width}; leave the window out, for the model brings its own`,
  );
}

function checkVariables({ model: name, variables, fillsGaps }: BundleModel, { variables: given = {} }: PatientInputs): void {
  const known = variables.map((variable) => variable.name);
  for (const stranger of Object.keys(given).filter((one) => !known.includes(one))) {
    const near = nearest(stranger, known);
    throw new ConfigError(
      `variable ${stranger}`,
      `the model "${name}" has no such variable${near ? `; did you mean "${near}"?` : ""} (its variables: ${AMONG(known)})`,
    );
  }
  const gaps = known.filter((one) => isMissing(given[one] ?? ""));
  if (gaps.length > 0 && !fillsGaps) {
    throw new ConfigError(
      `variable ${gaps[0]!}`,
      `the model "${name}" needs a value${gaps.length > 1 ? ` for each of ${gaps.join(", ")}` : ""}, and it learnt without gaps (learn.impute: none); give ${gaps.length > 1 ? "them" : "it"}`,
    );
  }
  for (const { name: one, kind, levels } of variables) {
    const value = given[one] ?? "";
    if (isMissing(value)) continue;
    if (kind === "number" && !Number.isFinite(Number(value))) throw new ConfigError(`variable ${one}`, `expected a number; got "${value}"`);
    if (kind === "category" && !levels.includes(value))
      throw new ConfigError(`variable ${one}`, `has the value "${value}", which the model has never seen (levels: ${levels.join(", ")})`);
  }
}

function checkTables({ model: name, tables, fillsGaps }: BundleModel, { tables: given = {} }: PatientInputs): void {
  const known = tables.map((table) => table.name);
  for (const stranger of Object.keys(given).filter((one) => !known.includes(one)))
    throw new ConfigError(`features ${stranger}`, `the model "${name}" has no such table of features (its tables: ${AMONG(known)})`);
  for (const { name: table, columns } of tables) {
    const row = given[table];
    if (!row)
      throw new ConfigError(
        `features ${table}`,
        `the model "${name}" needs ${columns.length} features made elsewhere; give the table that has the patient's`,
      );
    for (const column of columns) {
      const cell = row[column];
      if (cell === undefined) {
        const near = nearest(column, Object.keys(row));
        throw new ConfigError(
          `features ${table}`,
          `has no column "${column}"${near ? `; did you mean "${near}"?` : ""}; make the features with the settings of the study`,
        );
      }
      if (isMissing(cell) ? !fillsGaps : !Number.isFinite(Number(cell)))
        throw new ConfigError(
          `features ${table}, column ${column}`,
          isMissing(cell) ? "is empty, and the model learnt without gaps; give the value" : `expected a number; got "${cell}"`,
        );
    }
  }
}

function checkBatch(model: BundleModel, { batch }: PatientInputs): void {
  const wanted = batchOf(model);
  if (wanted && !batch)
    throw new ConfigError(
      wanted.column,
      `the model brings scanners or centres together and needs the patient's; give it (known: ${AMONG(wanted.known)})`,
    );
  if (!wanted && batch) throw new ConfigError("batch", "the model does not bring scanners or centres together; leave it out");
}
