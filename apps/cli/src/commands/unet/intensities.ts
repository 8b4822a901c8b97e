import { Option, type Command } from "commander";
import { percentiles, window } from "../../options.ts";

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

/** What the two options say; null where neither is given. */
export function intensitiesOf(flags: IntensityFlags): { level: number; width: number } | { percentiles: readonly [number, number] } | null {
  if (flags.percentiles) return { percentiles: flags.percentiles };
  return flags.window ?? null;
}
