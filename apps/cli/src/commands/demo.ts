import { access } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DEMO_DEFAULTS, generateDemo } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { speakPlainly } from "../components/live.ts";
import { showCount } from "../components/count-display.ts";
import { backendOption, examples, notNegative, positive, whole, workersOption } from "../options.ts";
import { note, print } from "../output.ts";
import { runAndShow } from "./study.ts";

const SARCOMA = fileURLToPath(new URL("../../../../examples/sarcoma/study.yaml", import.meta.url));
const SARCOMA_TABLE = fileURLToPath(new URL("../../../../../shared/data/sts/cohort.csv", import.meta.url));

interface CohortFlags {
  readonly seed: number;
  readonly signal: number;
  readonly patients: number;
  readonly format: "nifti" | "dicom";
  readonly workers?: number;
}

interface DemoFlags extends CohortFlags {
  readonly out?: string;
  readonly real?: boolean;
  readonly backend: "auto" | "webgpu" | "wasm";
  readonly json?: boolean;
}

/** islet demo: what `npm start` runs; islet demo generate: its cohort alone. */
export function demoCommand(): Command {
  const demo = new Command("demo")
    .description(
      "the method's ten models on a generated cohort of 74 phantom patients in two hospitals (SYNTHETIC): makes the cohort, runs the study, ends with the table of models",
    )
    .enablePositionalOptions()
    .option("-o, --out <folder>", "output folder (default: islet-out/demo, or with a suffix for another cohort)")
    .option("--real", "the sarcoma example instead: 51 real patients, where their scans lie beside the repository")
    .addOption(backendOption())
    .option("--plain", "plain lines instead of a screen that moves")
    .on("option:plain", speakPlainly)
    .option("--json", "print JSON on stdout, everything else on stderr")
    .addHelpText("after", examples("demo", "demo --signal 0 -o no-signal"));
  for (const option of cohortOptions()) demo.addOption(option);
  demo.action(runDemo);

  const generate = new Command("generate")
    .description("write the generated cohort (SYNTHETIC): scans of two phases, fine masks, rough annotations, table, study file")
    .requiredOption("-o, --out <folder>", "folder for the cohort; one that holds a part of the same cohort is completed")
    .addHelpText("after", examples("demo generate -o cohort --format dicom", "demo generate -o big --patients 500 --signal 0.5 --seed 7"))
    .action(async ({ out, json, ...flags }: CohortFlags & { out: string; json?: boolean }) => {
      const made = await makeCohort(out, flags);
      print({ synthetic: true, ...made }, { json }, () => [
        `SYNTHETIC: ${made.patients} generated patients in ${out}${made.made < made.patients ? ` (${made.patients - made.made} were there)` : ""}`,
        `next: islet study run ${made.study} -o out`,
      ]);
    });
  for (const option of cohortOptions()) generate.addOption(option);
  demo.addCommand(generate);
  return demo;
}

function cohortOptions(): Option[] {
  const { seed, signal, patients, format } = DEMO_DEFAULTS;
  return [
    new Option("--signal <s>", "how much the recurrence shows in images and findings; 0: not at all")
      .argParser(notNegative)
      .default(signal),
    new Option("--seed <n>", "another cohort for each seed").argParser(whole).default(seed),
    new Option("--patients <n>", "patients of both hospitals together, 8 or more").argParser(positive).default(patients),
    new Option("--format <name>", "how scans are written").choices(["nifti", "dicom"]).default(format),
    workersOption(),
  ];
}

async function makeCohort(out: string, { seed, signal, patients, format, workers }: CohortFlags) {
  const screen = showCount("SYNTHETIC patients made");
  try {
    const made = await generateDemo(out, { seed, signal, patients, format, ...(workers !== undefined && { workers }) }, screen.tell);
    if (made.isStudyEdited) note(`${made.study} was changed since it was written and stays as it is; remove it to get the demo's own.`);
    return made;
  } finally {
    screen.close();
  }
}

async function runDemo({ out, real, backend, json, ...flags }: DemoFlags, command: Command): Promise<void> {
  const run = { backend, ...(json && { json }), ...(flags.workers !== undefined && { workers: flags.workers }) };
  if (real) {
    await access(SARCOMA_TABLE).catch(() =>
      command.error(
        "error: --real needs the sarcoma scans beside the repository (../shared/data/sts), and they are not there; leave it out",
      ),
    );
    note(
      "The sarcoma example: 51 real patients (CT and T1 MR), lung metastasis as the outcome; several minutes on 2 cores the first time.",
    );
    await runAndShow(SARCOMA, { out: out ?? join("islet-out", "sarcoma"), ...run });
    return;
  }
  const folder = out ?? join("islet-out", ["demo", ...suffixes(flags)].join("-"));
  note(
    `SYNTHETIC DATA: ${flags.patients} generated phantom patients${flags.signal === 0 ? ", without any signal" : ""}; nothing here says anything about real tumours.`,
  );
  const { study } = await makeCohort(join(folder, "cohort"), flags);
  await runAndShow(study, { out: folder, ...run });
  const report = join(folder, "report.html");
  const isThere = await access(report).then(
    () => true,
    () => false,
  );
  note(`SYNTHETIC DATA: the cohort was generated (seed ${flags.seed}, signal ${flags.signal}).${isThere ? ` Report: ${report}` : ""}`);
}

/** What of a cohort differs from the default one, for the name of its folder. */
function suffixes(flags: CohortFlags): string[] {
  return (["patients", "signal", "seed", "format"] as const).flatMap((name) =>
    flags[name] === DEMO_DEFAULTS[name] ? [] : [`${name === "format" ? "" : name}${flags[name]}`],
  );
}
