// islet tui, and islet alone: the screens on a terminal, the same facts as text elsewhere.
import { resolve } from "node:path";
import { inspectMachine, isFinishedStudy, recentStudies } from "@islet/pipeline/node";
import { Command, Option } from "commander";
import { colourDepth } from "../components/colour.ts";
import { backendOption, examples, positive, workersOption } from "../options.ts";
import { columns, print } from "../output.ts";

interface TuiFlags {
  readonly out?: string;
  readonly backend: "auto" | "webgpu" | "wasm";
  readonly workers?: number;
  readonly demoPatients?: number;
  readonly plain?: boolean;
  readonly json?: boolean;
}

/** islet tui: the screens, at home or at once at a study. */
export function tuiCommand(): Command {
  return new Command("tui")
    .description("the screens: recent studies, run, results, patients, score; islet alone opens them on a terminal")
    .argument("[study]", "a study file to run at once, or a folder of results to show")
    .option("-o, --out <folder>", "output folder of the study")
    .addOption(backendOption())
    .addOption(workersOption(" of a study"))
    .addOption(new Option("--demo-patients <n>", "patients of the demo that the screens start (default: 74)").argParser(positive))
    .option("--plain", "print recent studies and the machine as text, without screens")
    .addHelpText("after", examples("tui study.yaml -o out", "tui islet-out/demo"))
    .action(openTui);
}

/** Opens the screens on a terminal; elsewhere, and with --plain or --json, prints what home shows. */
async function openTui(study: string | undefined, flags: TuiFlags, command: Command): Promise<void> {
  if (flags.plain || flags.json || !process.stdout.isTTY || !process.stdin.isTTY) return printHome(flags);
  const { showApp } = await import("../screens/app.tsx");
  const { pipelineEngine } = await import("../screens/engine.ts");
  const { out, backend, workers, demoPatients } = flags;
  const engine = pipelineEngine({
    backend,
    ...(workers !== undefined && { workers }),
    ...(demoPatients !== undefined && { demoPatients }),
  });
  const colours = colourDepth(process.stdout);
  const home = { screen: "home" } as const;
  if (study === undefined) await showApp({ engine, colours, first: home });
  else if (await isFinishedStudy(study)) {
    const known = (await recentStudies()).find((one) => one.out === resolve(study));
    await showApp({ engine, colours, first: { screen: "results", out: study, file: known?.file ?? null } });
  } else if (out === undefined) command.error("error: a study file needs -o FOLDER for its results; a folder of results needs none");
  else await showApp({ engine, colours, first: home, order: { file: study, out } });
  // A study whose end was not waited for would keep the process alive.
  process.exit();
}

/** What home shows, as text or JSON. */
async function printHome({ json }: TuiFlags): Promise<void> {
  const [studies, machine] = [await recentStudies(), await inspectMachine()];
  print({ recent: studies, machine }, { json }, () => [
    `Islet ${machine.islet}: ${machine.cores} cores, ${machine.memoryGiB.toFixed(1)} GiB, WASM with ${machine.wasm}; the network runs on ${machine.backend}. Research use only.`,
    "",
    ...(studies.length
      ? columns([
          ["study", "state", "when", "results"],
          ...studies.map((s) => [s.name, s.state, s.when.slice(0, 16).replace("T", " "), s.out]),
        ])
      : ["No studies yet: islet demo runs one on generated patients, islet study init writes a study file to start from."]),
    "",
    "islet --help lists all commands.",
  ]);
}
