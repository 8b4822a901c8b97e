// Arguments only: which command, with what. The work is the pipeline's.
import { VERSION } from "@islet/pipeline";
import { Command, CommanderError } from "commander";
import { apiKeyCommand } from "./commands/api-key.ts";
import { convertCommand, inspectCommand } from "./commands/images.ts";
import { deepCommand } from "./commands/deep.ts";
import { demoCommand } from "./commands/demo.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { explainCommand } from "./commands/explain.ts";
import { learnCommand } from "./commands/learn.ts";
import { mapsCommand } from "./commands/maps.ts";
import { radiomicsCommand } from "./commands/radiomics.ts";
import { roiCommand } from "./commands/roi.ts";
import { scoreCommand } from "./commands/score.ts";
import { segmentCommand } from "./commands/segment.ts";
import { selftestCommand } from "./commands/selftest.ts";
import { serveCommand } from "./commands/serve.ts";
import { statsCommand } from "./commands/stats.ts";
import { studyCommand } from "./commands/study.ts";
import { svmCommand } from "./commands/svm.ts";
import { tuiCommand } from "./commands/tui.ts";
import { unetCommand } from "./commands/unet.ts";
import { webCommand } from "./commands/web.ts";
import { workerCommand } from "./commands/worker.ts";
import { heedNoColor } from "./components/colour.ts";
import { speakPlainly } from "./components/live.ts";
import { exitCodeOf, sentenceOf } from "./exit.ts";
import { suggestBesideMissing } from "./suggest.ts";

/** The whole command line. */
export function program(): Command {
  const islet = new Command("islet")
    .description("Deep-learning radiomics for tumour recurrence studies. Research use only: not a medical device.")
    .version(VERSION, "-V, --version", "print the version")
    .option("--plain", "plain lines instead of screens; alone: recent studies and the machine as text")
    .on("option:plain", speakPlainly)
    .showHelpAfterError('(add --help for what the command takes, "islet --help" for all commands)')
    .showSuggestionAfterError()
    .enablePositionalOptions()
    .exitOverride();
  for (const command of [
    doctorCommand(),
    selftestCommand(),
    inspectCommand(),
    convertCommand(),
    roiCommand(),
    radiomicsCommand(),
    mapsCommand(),
    deepCommand(),
    explainCommand(),
    segmentCommand(),
    unetCommand(),
    svmCommand(),
    learnCommand(),
    statsCommand(),
    studyCommand(),
    scoreCommand(),
    demoCommand(),
    webCommand(),
    serveCommand(),
    workerCommand(),
    apiKeyCommand(),
    tuiCommand(),
  ]) {
    islet.addCommand(withJson(command));
  }
  return islet.helpCommand(false).addCommand(helpCommand(islet));
}

/** islet help stats km: as islet stats km --help; a word that is no command is refused as it is without "help". */
function helpCommand(islet: Command): Command {
  return new Command("help")
    .description("display help for command")
    .argument("[command...]")
    .exitOverride()
    .action(async (path: readonly string[]) => {
      let found = islet;
      for (const name of path) {
        const child = found.commands.find((command) => command.name() === name);
        if (!child) return void (await islet.parseAsync(path, { from: "user" }));
        found = child as Command;
      }
      found.help();
    });
}

/** Every command takes --json; exits and help are those of the whole program. */
function withJson(command: Command): Command {
  for (const child of command.commands) withJson(child as Command);
  if (command.commands.length === 0) command.option("--json", "print JSON on stdout, everything else on stderr");
  suggestBesideMissing(command);
  return command.exitOverride().showSuggestionAfterError().showHelpAfterError("(add --help for what the command takes)");
}

/** What is meant by no command at all: the screens on a terminal, the same facts as text with --plain, help where there is no terminal. */
function wordsOf(words: readonly string[]): readonly string[] {
  if (words.length === 0) return process.stdout.isTTY && process.stdin.isTTY ? ["tui"] : ["--help"];
  return words.every((word) => word === "--plain" || word === "--json") ? ["tui", ...words] : words;
}

/** Runs a command line and sets the process's exit code: 0 done, 2 usage, 3 input, 4 machine, 1 anything else. */
export async function main(argv: readonly string[]): Promise<void> {
  // Who reads no further, as `head` does, has what was wanted.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    process.exit(0);
  });
  try {
    heedNoColor();
    await program().parseAsync([...argv.slice(0, 2), ...wordsOf(argv.slice(2))]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 2;
      return;
    }
    process.stderr.write(`islet: ${sentenceOf(error)}\n`);
    process.exitCode = exitCodeOf(error);
  }
}
