import { join } from "node:path";
import { featuresTemplate, guardsOfTables, studyJsonSchema, studyTemplate, type ModelRow, type StudyEvent } from "@islet/pipeline";
import { loadStudy, missingFiles, runStudyFile, writeAtomic } from "@islet/pipeline/node";
import { Command } from "commander";
import { studyRobustnessCommand } from "./study-robustness.ts";
import { speakPlainly } from "../components/live.ts";
import { showStudy } from "../components/study-display.ts";
import { columns, note, print } from "../output.ts";
import { backendOption, examples, tuningOption, workersOption } from "../options.ts";

interface RunFlags {
  readonly out: string;
  readonly backend: "auto" | "webgpu" | "wasm";
  readonly workers?: number;
  readonly tuning?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

/** islet study: a whole study, from its file to its tables. */
export function studyCommand(): Command {
  const study = new Command("study").description("a whole study: features, cross-validated models, external validation, tables");

  study
    .command("init")
    .description("write a study.yaml to start from, and its JSON Schema for your editor")
    .argument("[folder]", "where to write", ".")
    .option("--force", "replace files that are there")
    .option("--features", "for features made elsewhere (PyRadiomics, islet radiomics), in the place of images")
    .addHelpText("after", examples("study init my-study", "study init --features my-study"))
    .action(async (folder: string, { force, features, json }: { force?: boolean; features?: boolean; json?: boolean }) => {
      const files = {
        "study.yaml": features ? featuresTemplate() : studyTemplate(),
        "study.schema.json": `${JSON.stringify(studyJsonSchema(), null, 2)}\n`,
      };
      for (const [name, text] of Object.entries(files)) await writeAtomic(join(folder, name), text, { replace: force === true });
      print({ written: Object.keys(files).map((name) => join(folder, name)) }, { json }, () => [
        `wrote ${join(folder, "study.yaml")} and study.schema.json; edit the first, then: islet study validate ${join(folder, "study.yaml")}`,
      ]);
    });

  study
    .command("validate")
    .description(
      "check a study file and its tables, that every file they name is there, and what the guards see in the tables; computes nothing",
    )
    .argument("<study>", "study.yaml")
    .addHelpText("after", examples("study validate study.yaml", "study validate study.yaml --json"))
    .action(async (file: string, flags: { json?: boolean }) => {
      const loaded = await loadStudy(file);
      const missing = await missingFiles(loaded);
      const { patients, excluded } = loaded.cohort;
      const count = (cohort: string) => patients.filter((p) => p.cohort === cohort);
      const summary = {
        study: loaded.study.name,
        internal: { n: count("internal").length, events: count("internal").filter((p) => p.outcome).length },
        external: { n: count("external").length, events: count("external").filter((p) => p.outcome).length },
        excluded,
        models: loaded.study.models.map((m) => m.name),
        missing,
        notes: loaded.tables.notes,
        withoutFeatures: loaded.tables.missing,
        findings: guardsOfTables(loaded),
      };
      print(summary, flags, () => [
        `${summary.study}: ${summary.internal.n} internal patients (${summary.internal.events} events), ${summary.external.n} external (${summary.external.events}), ${excluded.length} excluded; models ${summary.models.join(", ")}`,
        ...missing.map((sentence) => `  missing: ${sentence}`),
        ...summary.withoutFeatures.map(({ patient, phase, reason }) => `  missing: patient ${patient}, ${phase}: ${reason}`),
        ...summary.notes.map((sentence) => `  note: ${sentence}`),
        ...summary.findings.map(({ level, found, consequence }) => `  ${level}: ${found} ${consequence}`),
      ]);
      if (missing.length) process.exitCode = 3;
    });

  study
    .command("run")
    .description("run a study; what is finished is kept, so an interrupted run goes on where it stopped")
    .argument("<study>", "study.yaml")
    .requiredOption("-o, --out <folder>", "output folder")
    .addOption(backendOption())
    .addOption(tuningOption())
    .addOption(workersOption())
    .option("--plain", "plain lines instead of a screen that moves")
    .on("option:plain", speakPlainly)
    .option("--strict", "end with an error where a guard warns (the same scan twice, patients the network was trained on, ...)")
    .addHelpText(
      "after",
      examples("study run examples/sarcoma/study.yaml -o out", "study run study.yaml -o out --backend wasm --workers 4 --strict"),
    )
    .action(runAndShow);
  study.addCommand(studyRobustnessCommand());
  return study;
}

/** Runs a study with progress on stderr and its model table on stdout. */
export async function runAndShow(file: string, { out, backend, workers, tuning, strict, json }: RunFlags): Promise<void> {
  const screen = await showStudy();
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  let end: Extract<StudyEvent, { type: "end" }> | undefined;
  try {
    await runStudyFile(
      file,
      out,
      {
        backend,
        signal: stop.signal,
        ...(workers !== undefined && { workers }),
        ...(strict && { strict }),
        ...(tuning !== undefined && { tuning }),
      },
      (event) => {
        if (event.type === "end") end = event;
        screen.tell(event);
      },
    );
  } finally {
    process.removeListener("SIGINT", interrupt);
    screen.close();
  }
  const { rows, failures, findings } = end!;
  print({ out, models: rows, failures, findings }, { json }, () => [
    ...(process.stdout.isTTY ? [""] : []),
    ...modelTable(rows),
    "",
    ...findings.filter(({ level }) => level === "warning").map(({ found }) => `warning: ${found}`),
    `Research use only. Report: ${join(out, "report.html")}; tables, figures, predictions and provenance: ${out}`,
  ]);
  if (failures.length)
    note(
      `${failures.length} case${failures.length > 1 ? "s" : ""} could not be used; ${join(out, "tables", "flow.csv")} says why for each.`,
    );
}

/** The model table for a terminal. */
function modelTable(rows: readonly ModelRow[]): string[] {
  const two = (value: number | null) => (value === null ? "-" : value.toFixed(2));
  const p = (value: number | null) => (value === null ? "-" : value < 0.001 ? "<0.001" : value.toFixed(3));
  return columns([
    ["model", "cohort", "n", "events", "ACC", "SEN", "SPC", "AUC", "95% CI", "P"],
    ...rows.map((r) => [
      r.model,
      r.cohort,
      r.n,
      r.events,
      two(r.acc),
      two(r.sen),
      two(r.spc),
      two(r.auc),
      r.auc === null ? "-" : `${two(r.auc_lo)} to ${two(r.auc_hi)}`,
      p(r.p),
    ]),
  ]);
}
