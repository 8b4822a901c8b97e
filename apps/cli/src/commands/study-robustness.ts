import { READER_DEFAULTS, riskChange } from "@islet/pipeline";
import { robustnessFile } from "@islet/pipeline/node";
import { Command, InvalidArgumentError } from "commander";
import { join } from "node:path";
import { showCount } from "../components/count-display.ts";
import { columns, note, print } from "../output.ts";
import { backendOption, examples, notNegative, tuningOption, whole, workersOption } from "../options.ts";

interface RobustnessFlags {
  readonly out: string;
  readonly readers: number;
  readonly jitter: number;
  readonly maskSd: number;
  readonly seed?: number;
  readonly backend: "auto" | "webgpu" | "wasm";
  readonly tuning?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

/** An ICC needs two readers at least. */
function readers(text: string): number {
  const value = whole(text);
  if (value < 2 || value > 100) throw new InvalidArgumentError(`expected 2 to 100 readers; got ${text}.`);
  return value;
}

/** islet study robustness: the study again from simulated readers' annotations. */
export function studyRobustnessCommand(): Command {
  return new Command("robustness")
    .description("repeat the extraction for simulated readers: agreement on every feature, and how much each patient's risk changes")
    .argument("<study>", "study.yaml")
    .requiredOption("-o, --out <folder>", "the study's output folder; its cache is used, and robustness/ is written there")
    .option("--readers <n>", "simulated readers", readers, READER_DEFAULTS.readers)
    .option("--jitter <mm>", "standard deviation of a rough annotation's corners", notNegative, READER_DEFAULTS.jitterMm)
    .option("--mask-sd <mm>", "standard deviation of the shift of a fine mask's surface", notNegative, READER_DEFAULTS.maskSdMm)
    .option("--seed <n>", "of the readers (default: the study's)", whole)
    .addOption(backendOption())
    .addOption(tuningOption())
    .addOption(workersOption())
    .addHelpText(
      "after",
      examples("study robustness examples/sarcoma/study.yaml -o out", "study robustness study.yaml -o out --readers 5 --jitter 3 --json"),
    )
    .action(runRobustness);
}

async function runRobustness(file: string, flags: RobustnessFlags): Promise<void> {
  const { out, readers: count, jitter, maskSd, seed, backend, tuning, workers } = flags;
  const display = showCount("cases read");
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    const { robustness, files } = await robustnessFile(
      file,
      out,
      { readers: count, jitterMm: jitter, maskSdMm: maskSd, ...(seed !== undefined && { seed }) },
      { backend, signal: stop.signal, ...(workers !== undefined && { workers }), ...(tuning !== undefined && { tuning }) },
      ({ done, total }) => display.tell(done, total),
    );
    display.close();
    const { models, features, failures } = robustness;
    const changes = models.map(({ model, threshold, risks }) => ({ model, ...riskChange(threshold, risks) }));
    print({ out, readers: robustness.readers, models: changes, failures, files }, flags, () => [
      ...columns([
        ["model", "patients", "mean |change of risk|", "largest", "group changes"],
        ...changes.map((m) => [m.model, m.patients, three(m.meanChange), three(m.largestChange), m.changedGroup]),
      ]),
      "",
      `${features.filter(({ icc }) => icc !== null && icc >= 0.75).length} of ${features.length} features have an ICC of 0.75 or more over ${count} simulated readers.`,
      `Research use only. Report: ${join(out, "robustness", "report.html")}`,
    ]);
    if (failures.length) note(`${failures.length} reading${failures.length > 1 ? "s" : ""} gave no result; the report lists them.`);
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}

const three = (value: number | null) => (value === null ? "-" : value.toFixed(3));
