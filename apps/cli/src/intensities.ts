import { Option, type Command } from "commander";
import { percentiles, window } from "./options.ts";

/** Which intensities the network sees, as two options of which one is given. */
export interface IntensityFlags {
  readonly window?: { level: number; width: number };
  readonly percentiles?: readonly [low: number, high: number];
}

/** Adds --window and --percentiles. */
export function withIntensities(command: Command): Command {
  return command
    .addOption(new Option("--window <level,width>", "window, HU").argParser(window).conflicts("percentiles"))
    .addOption(
      new Option("--percentiles <low,high>", "window between percentiles of each image, where intensities have no scale (MR)").argParser(
        percentiles,
      ),
    );
}

/** A window in HU, or between percentiles of each image. */
type Intensities = { readonly level: number; readonly width: number } | { readonly percentiles: readonly [number, number] };

/** What the two options say; null where neither is given. */
export function intensitiesOf(flags: IntensityFlags): Intensities | null {
  if (flags.percentiles) return { percentiles: flags.percentiles };
  return flags.window ?? null;
}

/** What the two options say, for a command that cannot go on without. */
export function neededIntensities(flags: IntensityFlags, command: Command): Intensities {
  return intensitiesOf(flags) ?? command.error("error: one of --window <level,width> and --percentiles <low,high> is needed");
}
