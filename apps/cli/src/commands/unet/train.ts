import { AUGMENTATIONS, LOSSES, TRAINING_DEFAULTS, trainingSettings, type Augmentation, type Schedule } from "@islet/pipeline";
import { trainFile } from "@islet/pipeline/node";
import { Command, InvalidArgumentError, Option } from "commander";
import { backendOption, examples, notNegative, number, positive, tuningOption, whole } from "../../options.ts";
import { print } from "../../output.ts";
import { neededIntensities, withIntensities, type IntensityFlags } from "../../intensities.ts";
import { duration, trainingProgress } from "./training-progress.ts";

interface TrainFlags extends IntensityFlags {
  readonly cases: string;
  readonly out: string;
  readonly baseWidth: number;
  readonly activation: "elu" | "relu";
  readonly init?: string;
  readonly epochs: number;
  readonly batch: number;
  readonly lr: number;
  readonly schedule: Schedule;
  readonly optimiser: "adam" | "adamw";
  readonly loss: (typeof LOSSES)[number];
  readonly diceSmooth: number;
  readonly classWeights: readonly [number, number];
  readonly slicesPerPatient?: number;
  readonly validationSlices?: number;
  readonly validationShare: number;
  readonly patience?: number;
  readonly augment: readonly Augmentation[];
  readonly jitter: number;
  readonly inputSize: number;
  readonly seed: number;
  readonly backend: "auto" | "webgpu" | "wasm";
  readonly tuning?: string;
  readonly threads?: number;
  readonly fresh?: boolean;
  readonly json?: boolean;
}

/** constant, cosine, or step:EPOCHS,FACTOR. */
function schedule(text: string): Schedule {
  if (text === "constant" || text === "cosine") return { kind: text };
  const [, every, factor] = /^step:(\d+),(\d*\.?\d+)$/.exec(text) ?? [];
  if (!every || !factor)
    throw new InvalidArgumentError(`expected constant, cosine or step:EPOCHS,FACTOR such as step:20,0.5; got "${text}".`);
  return { kind: "step", every: Number(every), factor: Number(factor) };
}

function classWeights(text: string): readonly [number, number] {
  const [background, tumour, ...rest] = text.split(",").map(number);
  if (background === undefined || tumour === undefined || rest.length) {
    throw new InvalidArgumentError(`expected BACKGROUND,TUMOUR such as 1,2; got "${text}".`);
  }
  return [background, tumour];
}

function augment(text: string): readonly Augmentation[] {
  const names = text === "none" ? [] : text === "all" ? AUGMENTATIONS : text.split(",");
  const stranger = names.find((name) => !(AUGMENTATIONS as readonly string[]).includes(name));
  if (stranger !== undefined)
    throw new InvalidArgumentError(`expected none, all or some of ${AUGMENTATIONS.join(",")}; got "${stranger}".`);
  return names as readonly Augmentation[];
}

/** islet unet train: the network's own training. */
export function trainCommand(): Command {
  const defaults = TRAINING_DEFAULTS;
  return withIntensities(
    new Command("train")
      .description("train the network on scans with tumour masks; the same command goes on where a training was stopped")
      .requiredOption("--cases <csv>", "table with patient_id, image and mask, and where wanted rough, phase and label")
      .requiredOption("-o, --out <file>", "the weights to write (.safetensors); record, curve and checkpoint lie beside it"),
  )
    .option("--base-width <n>", "channels of the first level", positive, 64)
    .addOption(new Option("--activation <name>", "activation").choices(["elu", "relu"]).default("elu"))
    .addOption(new Option("--init <weights>", "start from these weights, not from seeded ones").conflicts("baseWidth"))
    .option("--epochs <n>", "epochs at most", positive, defaults.epochs)
    .option("--batch <n>", "slices a step", positive, defaults.batch)
    .option("--lr <rate>", "first learning rate", number, defaults.learningRate)
    .addOption(
      new Option("--schedule <name>", "constant, cosine, or step:EPOCHS,FACTOR").argParser(schedule).default(defaults.schedule, "constant"),
    )
    .addOption(
      new Option("--optimiser <name>", "optimiser; adamw decays weights by 0.01").choices(["adam", "adamw"]).default(defaults.optimiser),
    )
    .addOption(new Option("--loss <name>", "loss; soft Dice is of the tumour in each slice").choices(LOSSES).default(defaults.loss.kind))
    .option("--dice-smooth <s>", "smoothing constant of soft Dice, above 0", number, defaults.loss.smooth)
    .addOption(
      new Option("--class-weights <b,t>", "factors for the cross-entropy of background and tumour pixels")
        .argParser(classWeights)
        .default(defaults.classWeights, "1,1"),
    )
    .option("--slices-per-patient <n>", "slices of each case an epoch, drawn anew (default: all)", positive)
    .option("--validation-slices <n>", "slices of each validation case, evenly spread (default: all)", positive)
    .option("--validation-share <part>", "part of the patients that validate", number, defaults.validationShare)
    .option("--patience <n>", "stop after n epochs without a better validation DSC (default: never)", positive)
    .addOption(
      new Option("--augment <names>", `none, all, or some of ${AUGMENTATIONS.join(",")}`)
        .argParser(augment)
        .default(defaults.augment, "none"),
    )
    .option("--jitter <mm>", "simulated reader's jitter for cases without a rough annotation, mm", notNegative, defaults.jitterMm)
    .option("--input-size <n>", "pixels that slices are stretched to, a multiple of 16", number, defaults.inputSize)
    .option("--seed <n>", "seed of the split, the weights and every draw", whole, defaults.seed)
    .addOption(backendOption())
    .addOption(tuningOption())
    .option("--threads <n>", "threads on the CPU, which do not change the result (default: the machine's cores)", positive)
    .option("--fresh", "start again where the checkpoint is of another training")
    .addHelpText(
      "after",
      examples(
        "unet train --cases cases.csv --window 130,310 -o w.safetensors",
        "unet train --cases cases.csv --window 50,400 --base-width 16 --lr 1e-4 --schedule cosine --epochs 60 --augment all --loss cross-entropy+dice --backend wasm -o w.safetensors",
      ),
    )
    .action(async (flags: TrainFlags, command: Command) => {
      const window = neededIntensities(flags, command);
      const settings = trainingSettings({
        ...flags,
        learningRate: flags.lr,
        loss: { kind: flags.loss, smooth: flags.diceSmooth },
        jitterMm: flags.jitter,
        preprocess: { window, spacing: 1, interpolation: "cubic", order: "resample-window" },
      });
      const stop = new AbortController();
      const interrupt = () => stop.abort();
      process.once("SIGINT", interrupt);
      const progress = trainingProgress(settings.epochs);
      try {
        const { files, record } = await trainFile(
          {
            cases: flags.cases,
            out: flags.out,
            settings,
            network: flags.init === undefined ? { baseWidth: flags.baseWidth, activation: flags.activation } : { file: flags.init },
            backend: flags.backend,
            ...(flags.tuning !== undefined && { tuning: flags.tuning }),
            ...(flags.threads !== undefined && { threads: flags.threads }),
            fresh: flags.fresh ?? false,
            signal: stop.signal,
          },
          progress.tell,
        );
        progress.close();
        const { best, curve, end, split, excluded, seconds, device } = record;
        print({ files, best, epochs: curve.length, end, split, excluded, seconds, device, curve }, flags, () => [
          `wrote ${files.weights}: the weights after epoch ${best.epoch}, mean DSC ${best.dsc.toFixed(3)} on ${split.validation.length} validation patient${split.validation.length === 1 ? "" : "s"} (${split.validation.join(", ")})`,
          `${curve.length} ${curve.length === 1 ? "epoch" : "epochs"} in ${duration(seconds)} on ${device}${end === "patience" ? `; stopped after ${settings.patience} without a better one` : ""}`,
          `curve: ${files.figure}, ${files.curve}; record: ${files.record}`,
          ...(excluded.length ? [`left out: ${excluded.map(({ patient, phase }) => patient + (phase && ` (${phase})`)).join(", ")}`] : []),
          "Research use only.",
        ]);
      } finally {
        process.removeListener("SIGINT", interrupt);
        progress.close();
      }
    });
}
