// What the screens ask of the pipeline; a test gives them another.
import { readdir } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { describeBundle, type BundleDescription, type Score, type StudyEvent } from "@islet/pipeline";
import {
  driversOf,
  generateDemo,
  DEMO_DEFAULTS,
  inspectMachine,
  isFinishedStudy,
  loadStudy,
  missingFiles,
  openBundleFile,
  patientSlice,
  readFinishedStudy,
  recentStudies,
  rememberStudy,
  runStudyFile,
  scoreFilesApart,
  type Driver,
  type FinishedStudy,
  type RecentStudy,
  type ScoreFiles,
  type ScoreFilesOptions,
  type SlicePicture,
} from "@islet/pipeline/node";

/** A study that was checked before it runs. */
export interface CheckedStudy {
  readonly name: string;
  readonly internal: number;
  readonly external: number;
  readonly models: number;
  /** Sentences about files that are not there. */
  readonly missing: readonly string[];
}

/** What the screens ask. Everything rejects with the pipeline's sentence. */
export interface Engine {
  machine(): ReturnType<typeof inspectMachine>;
  recent(): Promise<RecentStudy[]>;
  remember(study: Omit<RecentStudy, "when">): Promise<void>;
  check(file: string): Promise<CheckedStudy>;
  run(file: string, out: string, signal: AbortSignal, tell: (event: StudyEvent) => void): Promise<void>;
  /** Makes the demo cohort; resolves to its study file. */
  makeDemo(folder: string, signal: AbortSignal, tell: (done: number, of: number) => void): Promise<string>;
  isFinished(out: string): Promise<boolean>;
  results(out: string, file: string | null): Promise<FinishedStudy>;
  drivers(finished: FinishedStudy, model: string, patient: string): Promise<Driver[]>;
  /** A patient's slice, its longer side of so many pixels; null where there is no image. */
  slice(finished: FinishedStudy, patient: string, side: number): Promise<SlicePicture | null>;
  /** What a model's file asks of a patient. */
  describe(model: string): Promise<BundleDescription>;
  /** Scores on a thread of its own; rejects with an AbortError once it is stopped. */
  score(given: ScoreFiles & { readonly model: string }, signal: AbortSignal, tell: NonNullable<ScoreFilesOptions["tell"]>): Promise<Score>;
  /** Paths that begin with the given one. */
  complete(path: string): Promise<string[]>;
}

/** How studies of the screens are run. */
export interface RunSettings {
  readonly backend: "auto" | "webgpu" | "wasm";
  readonly workers?: number;
  /** Patients of the demo cohort. */
  readonly demoPatients?: number;
}

/** The pipeline itself. */
export function pipelineEngine({ backend, workers, demoPatients }: RunSettings): Engine {
  return {
    machine: inspectMachine,
    recent: recentStudies,
    remember: rememberStudy,
    async check(file) {
      const loaded = await loadStudy(file);
      const count = (cohort: string) => loaded.cohort.patients.filter((p) => p.cohort === cohort).length;
      return {
        name: loaded.study.name,
        internal: count("internal"),
        external: count("external"),
        models: loaded.study.models.length,
        missing: await missingFiles(loaded),
      };
    },
    run: (file, out, signal, tell) => runStudyFile(file, out, { backend, signal, ...(workers !== undefined && { workers }) }, tell),
    async makeDemo(folder, signal, tell) {
      const patients = demoPatients ?? DEMO_DEFAULTS.patients;
      return (await generateDemo(folder, { ...DEMO_DEFAULTS, patients, abort: signal, ...(workers !== undefined && { workers }) }, tell))
        .study;
    },
    isFinished: isFinishedStudy,
    results: readFinishedStudy,
    drivers: driversOf,
    slice: async ({ loaded }, patient, side) => (loaded ? patientSlice(loaded, patient, side) : null),
    describe: async (model) => describeBundle(await openBundleFile(model)),
    score: (given, signal, tell) => scoreFilesApart(given, { backend, tell }, signal),
    complete: completePath,
  };
}

/** A path as the user wrote it, with "~" for the home folder. */
export function expandHome(path: string): string {
  return path === "~" || path.startsWith("~/") ? join(homedir(), path.slice(1)) : path;
}

/** Files and folders whose path begins with the given text; folders end with a slash. */
async function completePath(path: string): Promise<string[]> {
  const slash = path.lastIndexOf("/");
  const [folder, start] = [path.slice(0, slash + 1), path.slice(slash + 1)];
  const entries = await readdir(expandHome(folder) || ".", { withFileTypes: true }).catch(() => []);
  return entries
    .filter(({ name }) => name.startsWith(start) && (start.startsWith(".") || !name.startsWith(".")))
    .map((entry) => `${folder}${entry.name}${entry.isDirectory() ? "/" : ""}`)
    .toSorted();
}
