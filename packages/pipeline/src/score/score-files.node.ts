// One patient from files to a score.
import { join } from "node:path";
import { ConfigError } from "../errors.ts";
import type { BackendChoice } from "../deep/encode.ts";
import { threadsOfMachine } from "../deep/network-core.ts";
import { readWeightsFile } from "../deep/weights-file.node.ts";
import { bytesOf, textOf } from "../intake/named-file.node.ts";
import { readCsv } from "../intake/csv.ts";
import { readSource } from "../intake/source.node.ts";
import { featureTable } from "../radiomics/feature-table.ts";
import { openBundle, type Bundle } from "../study/bundle/bundle.ts";
import { hashInput } from "../host/hash.node.ts";
import { checkFileOutput, makeFolder, writeAtomic } from "../host/output.node.ts";
import { encoderOf, tuningNamed } from "../deep/tuning-named.node.ts";
import { createScoreEngine, type ScoreEngine, weightsOfBundle } from "./engine.ts";
import type { ScoreExplanation } from "./explain-score.ts";
import { checkPhaseNames, setAside, type PatientInputs, type PhaseInputs } from "./inputs.ts";
import { explainedScore, type ScoreStage } from "./score-patient.ts";
import type { Score } from "./score.ts";

/** A patient's files, each by its phase; "" stands for the one phase of a bundle that has one. */
export interface ScoreFiles {
  readonly images?: Readonly<Record<string, string>>;
  /** Rough annotations (.json), or masks whose bounding box serves. */
  readonly rois?: Readonly<Record<string, string>>;
  readonly masks?: Readonly<Record<string, string>>;
  /** Refused where they are not the model's own. */
  readonly windows?: Readonly<Record<string, { readonly level: number; readonly width: number }>>;
  /** Clinical variables and findings, as written. */
  readonly clinical?: Readonly<Record<string, string>>;
  /** CSVs of one row with features made elsewhere, by table. */
  readonly features?: Readonly<Record<string, string>>;
  readonly batch?: string;
}

/** How a patient's files are scored. */
export interface ScoreFilesOptions {
  readonly backend?: BackendChoice;
  /** A safetensors file, or shipped:NAME, where the bundle has only the network's hash. */
  readonly weights?: string;
  /** A record of `islet unet tune`, a file. */
  readonly tuning?: string;
  /** A folder for what explains the risk: every feature's part, and for deep features where in the scan it comes from. */
  readonly explain?: string;
  readonly tell?: (stage: ScoreStage) => void;
}

/** A score, the files that explain it, and which of those given the model does not look at. */
export interface FileScore extends Score {
  readonly files: readonly string[];
  readonly notes: readonly string[];
}

/** Opens a bundle's file. */
export async function openBundleFile(path: string): Promise<Bundle> {
  return openBundle(await bytesOf(path), path);
}

/**
 * Scores a patient's files with a bundle.
 *
 * @throws IntakeError where the bundle or a file cannot be used; ConfigError where the inputs are not those that the bundle asks for
 */
export async function scoreFiles(given: ScoreFiles & { readonly model: string }, options: ScoreFilesOptions = {}): Promise<FileScore> {
  const bundle = await openBundleFile(given.model);
  const { kept: inputs, notes } = setAside(bundle.model, await inputsOf(bundle, given));
  if (options.explain !== undefined) await checkExplanation(options.explain, bundle, given, options);
  const engine = await engineFor(bundle, options);
  try {
    const { score, explanation } = await explainedScore(bundle, engine, inputs, options.explain !== undefined, options.tell);
    const files = options.explain === undefined ? [] : await writeExplanation(options.explain, score, explanation);
    return { ...score, provenance: { ...score.provenance, inputs: await hashesOf(inputs) }, files, notes };
  } finally {
    engine.destroy();
  }
}

/** Looks whether the folder of the explanation can take its files: none of them may be one that is read. */
async function checkExplanation(
  folder: string,
  { model: { phases } }: Bundle,
  { model, images, rois, masks, features }: Parameters<typeof scoreFiles>[0],
  { weights, tuning }: ScoreFilesOptions,
): Promise<void> {
  await makeFolder(folder);
  const names = phases.filter(({ deep }) => deep).flatMap(({ name }) => heatFiles(name));
  const read = [model, weights, tuning, ...[images, rois, masks, features].flatMap((files) => Object.values(files ?? {}))];
  for (const name of [CONTRIBUTIONS, ...names]) await checkFileOutput(join(folder, name), read);
}

/** The explanation's table. */
const CONTRIBUTIONS = "contributions.csv";

/** The explanation of a phase: on the image's voxels, and as a picture. */
const heatFiles = (phase: string) => [`${phase}-heat.nii.gz`, `${phase}-heat.png`] as const;

/** Writes `contributions.csv` and, for each phase with deep features, its heat as NIfTI and as a picture. */
async function writeExplanation(
  folder: string,
  { contributions, notice }: Score,
  explanation: readonly ScoreExplanation[],
): Promise<string[]> {
  const rows = contributions.features.map((feature) => ({ ...feature, feature: feature.name, notice }));
  const table = featureTable(rows, ["feature", "of", "value", "z", "contribution", "notice"]);
  const files: [name: string, data: string | Uint8Array][] = [[CONTRIBUTIONS, table]];
  for (const { phase, heat, picture } of explanation) {
    const [onVoxels, asPicture] = heatFiles(phase);
    files.push([onVoxels, heat], [asPicture, picture]);
  }
  for (const [name, data] of files) await writeAtomic(join(folder, name), data);
  return files.map(([name]) => join(folder, name));
}

/** A bundle's engine on this machine. */
async function engineFor(bundle: Bundle, { backend, weights, tuning }: ScoreFilesOptions): Promise<ScoreEngine> {
  const given = weights === undefined ? undefined : { file: weights, bytes: (await readWeightsFile(weights)).bytes };
  const network = tuning === undefined ? null : await weightsOfBundle(bundle, given);
  return createScoreEngine(bundle, {
    ...(backend && { backend }),
    ...(given && { weights: given }),
    ...(network && {
      tuning: await tuningNamed(tuning, backend ?? "auto", () => encoderOf(network, bundle.model.inputSize)),
    }),
    threads: threadsOfMachine(),
    open: readSource,
  });
}

/** A patient's files as inputs of the core. */
async function inputsOf(
  { model }: Bundle,
  { images = {}, rois = {}, masks = {}, windows = {}, clinical = {}, features = {}, batch }: ScoreFiles,
): Promise<PatientInputs> {
  const names = model.phases.map(({ name }) => name);
  const image = named(images, names, "--image");
  const [rough, mask, window] = [named(rois, names, "--roi"), named(masks, names, "--mask"), named(windows, names, "--window")];
  checkPhaseNames(model, Object.keys({ ...image, ...rough, ...mask, ...window }));
  for (const [option, of] of [
    ["--roi", rough],
    ["--mask", mask],
    ["--window", window],
  ] as const) {
    const stray = Object.keys(of).find((phase) => !(phase in image));
    if (stray !== undefined)
      throw new ConfigError(`${option} ${stray}`, `there is no image of the phase ${stray} to go with it; give --image ${stray}=FILE`);
  }
  const phases: Record<string, PhaseInputs> = {};
  for (const [phase, path] of Object.entries(image)) {
    phases[phase] = {
      image: path,
      ...(rough[phase] !== undefined && { rough: rough[phase] }),
      ...(mask[phase] !== undefined && { mask: mask[phase] }),
      ...(window[phase] !== undefined && { window: window[phase] }),
    };
  }
  const tableNames = model.tables.map(({ name }) => name);
  const tables: Record<string, Record<string, string>> = {};
  for (const [table, path] of Object.entries(named(features, tableNames, "--features"))) tables[table] = await onlyRow(path);
  return { phases, variables: clinical, tables, ...(batch !== undefined && { batch }) };
}

/** Values by name, with "" for the only name there is. */
function named<T>(given: Readonly<Record<string, T>>, names: readonly string[], option: string): Record<string, T> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => {
      if (name !== "") return [name, value];
      if (names.length === 1) return [names[0]!, value];
      throw new ConfigError(
        option,
        names.length === 0
          ? "the model looks at none; leave it out"
          : `the model has ${names.length} of them (${names.join(", ")}); say which, as ${option} ${names[0]}=FILE`,
      );
    }),
  );
}

async function onlyRow(path: string): Promise<Record<string, string>> {
  const { rows } = readCsv(await textOf(path), path);
  if (rows.length !== 1)
    throw new ConfigError(path, `has ${rows.length} rows, expected the one of the patient; score a table with --table`);
  return { ...rows[0]!.cells };
}

async function hashesOf({ phases }: PatientInputs): Promise<Score["provenance"]["inputs"]> {
  const hashes: Score["provenance"]["inputs"][number][] = [];
  for (const [phase, { image, rough, mask }] of Object.entries(phases)) {
    for (const [role, path] of [
      ["image", image],
      ["rough", rough],
      ["mask", mask],
    ] as const)
      if (typeof path === "string") hashes.push({ phase, role, sha256: await hashInput(path) });
  }
  return hashes;
}
