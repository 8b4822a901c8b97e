import { describeBundle } from "@islet/pipeline";
import { openBundleFile, scoreFiles, scoreTable, type ScoreFiles } from "@islet/pipeline/node";
import { Command, InvalidArgumentError } from "commander";
import { IMAGE, ROI, backendOption, examples, tuningOption, window, workersOption } from "../options.ts";
import { columns, note, print } from "../output.ts";
import { descriptionLines, scoreLines } from "./score-lines.ts";

type Named<T = string> = Readonly<Record<string, T>>;

interface ScoreFlags {
  readonly model: string;
  readonly image?: Named;
  readonly roi?: Named;
  readonly mask?: Named;
  readonly window?: Named<{ level: number; width: number }>;
  readonly clinical?: Named;
  readonly features?: Named;
  readonly batch?: string;
  readonly explain?: string;
  readonly table?: string;
  readonly out?: string;
  readonly column?: Named;
  readonly where?: Named;
  readonly describe?: boolean;
  readonly backend: "auto" | "webgpu" | "wasm";
  readonly weights?: string;
  readonly tuning?: string;
  readonly workers?: number;
  readonly json?: boolean;
}

/** islet score: a study's model on new patients. */
export function scoreCommand(): Command {
  return new Command("score")
    .description("a study's model (model.islet) on a new patient, or on a table of them: risk, group, and what one must know beside it")
    .requiredOption("--model <bundle>", "model.islet of a study")
    .option("--image <[phase=]in>", `${IMAGE}; once a phase`, pair)
    .option("--roi <[phase=]in>", `${ROI}: for deep features`, pair)
    .option("--mask <[phase=]in>", "fine mask: for hand-crafted features", pair)
    .option("--window <[phase=]level,width>", "refuse a model that learnt with another window, HU", windowPair)
    .option("--clinical <name=value>", "a clinical variable or a finding; once each", strictPair)
    .option("--features <[name=]csv>", "features made elsewhere, where the model learnt from such a table", pair)
    .option("--batch <name>", "the patient's scanner or centre, where the model brings them together")
    .option("--explain <folder>", "write each feature's part of the risk, and for deep features where in the scan it comes from")
    .option("--table <csv>", "a table of patients with the columns of the study's, instead of one patient; needs -o")
    .option("-o, --out <csv>", "the table of scores; what is computed is kept beside it")
    .option(
      "--column <key=name>",
      "another name of a column of --table: patient, batch, PHASE.image, PHASE.rough, PHASE.mask, or a variable",
      strictPair,
    )
    .option("--where <column=value>", "only rows of --table with this cell", strictPair)
    .option("--describe", "say what the model is and what it asks for; score nothing")
    .addOption(backendOption())
    .option("--weights <file>", "the network, where the bundle has only its SHA-256")
    .addOption(tuningOption())
    .addOption(workersOption(" for a table"))
    .addHelpText(
      "after",
      examples(
        "score --model out/model.islet --image arterial=scan/ --roi arterial=rough.json --clinical age=61 --explain why",
        "score --model out/model.islet --table cohort.csv --where cohort=external -o scores.csv",
      ),
    )
    .action(async (flags: ScoreFlags, command: Command) => {
      const refusal = problemOf(flags);
      if (refusal !== null) command.error(`error: ${refusal}`, { exitCode: 2 });
      if (flags.describe) await describe(flags);
      else if (flags.table !== undefined) await table(flags, flags.table, flags.out!);
      else await single(flags);
    });
}

/** What is wrong with the flags together; null where nothing is. */
function problemOf({ table: file, out, image, roi, mask, clinical, features, explain, describe: only }: ScoreFlags): string | null {
  const isSingle = [image, roi, mask, clinical].some((given) => given !== undefined) || explain !== undefined;
  if (file !== undefined && isSingle)
    return "give either --table, or one patient's --image, --roi, --mask, --clinical and --explain, not both";
  if (file !== undefined && out === undefined) return "--table needs -o, the table of scores to write";
  if (file === undefined && out !== undefined)
    return "-o is the table of scores of --table; for one patient use --json, or --explain for files";
  if (file === undefined && !isSingle && features === undefined && !only)
    return "give a patient (--image, --roi, --mask, --clinical), a --table, or --describe";
  return null;
}

async function describe({ model, json }: ScoreFlags): Promise<void> {
  const description = describeBundle(await openBundleFile(model));
  print(description, { json }, () => descriptionLines(description));
}

async function single({
  model,
  image,
  roi,
  mask,
  window: windows,
  clinical,
  features,
  batch,
  explain,
  backend,
  weights,
  tuning,
  json,
}: ScoreFlags): Promise<void> {
  const given: ScoreFiles = {
    ...(image && { images: image }),
    ...(roi && { rois: roi }),
    ...(mask && { masks: mask }),
    ...(windows && { windows }),
    ...(clinical && { clinical }),
    ...(features && { features }),
    ...(batch !== undefined && { batch }),
  };
  const score = await scoreFiles(
    { ...given, model },
    {
      backend,
      ...(weights !== undefined && { weights }),
      ...(tuning !== undefined && { tuning }),
      ...(explain !== undefined && { explain }),
    },
  );
  for (const text of score.notes) note(text);
  for (const warning of score.warnings) note(`! ${warning}`);
  print(score, { json }, () => [...scoreLines(score), ...score.files.map((file) => `wrote ${file}`), score.notice]);
}

async function table(flags: ScoreFlags, file: string, out: string): Promise<void> {
  const { model, backend, weights, tuning, workers, column, where, features, json } = flags;
  const stop = new AbortController();
  const interrupt = () => stop.abort();
  process.once("SIGINT", interrupt);
  try {
    const result = await scoreTable(
      file,
      out,
      {
        model,
        backend,
        signal: stop.signal,
        ...(weights !== undefined && { weights }),
        ...(tuning !== undefined && { tuning }),
        ...(workers !== undefined && { workers }),
        ...(column && { columns: column }),
        ...(where && { where }),
        ...(features && { features }),
      },
      ({ patient, done, total, cached, warnings, error }) => {
        note(`${done}/${total} ${patient}${cached ? " (kept from before)" : ""}${error === null ? "" : `: ${error}`}`);
        for (const warning of warnings) note(`! ${patient}: ${warning}`);
      },
    );
    const failed = result.rows.filter(({ error }) => error !== null);
    print({ out, ...result }, { json }, () => [
      ...columns([
        ["patient", "risk", "group", "percentile", "warnings"],
        ...result.rows.flatMap(({ patient_id, score }) =>
          score ? [[patient_id, score.risk.toFixed(3), score.group, score.percentile.toFixed(0), score.warnings.length]] : [],
        ),
      ]),
      ...failed.map(({ patient_id, error }) => `${patient_id}: ${error}`),
      `${result.patients - failed.length} of ${result.patients} patients scored with ${result.model}: ${out}`,
      result.notice,
    ]);
  } finally {
    process.removeListener("SIGINT", interrupt);
  }
}

/** PHASE=VALUE, or the value alone where there is one phase. */
function pair(text: string, before: Named = {}): Named {
  const [, name = "", value = text] = /^([\w-]+)=(.+)$/s.exec(text) ?? [];
  return added(before, name, value, text);
}

/** NAME=VALUE; the value may be empty. */
function strictPair(text: string, before: Named = {}): Named {
  const at = text.indexOf("=");
  if (at < 1) throw new InvalidArgumentError(`expected NAME=VALUE; got "${text}".`);
  return added(before, text.slice(0, at), text.slice(at + 1), text);
}

function windowPair(text: string, before: Named<{ level: number; width: number }> = {}): Named<{ level: number; width: number }> {
  const [, name = "", value = text] = /^([\w-]+)=(.+)$/s.exec(text) ?? [];
  return added(before, name, window(value), text);
}

function added<T>(before: Named<T>, name: string, value: T, text: string): Named<T> {
  if (name in before) throw new InvalidArgumentError(`"${text}" is the second of its name; give each once.`);
  return { ...before, [name]: value };
}
