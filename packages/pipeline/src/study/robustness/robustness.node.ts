// The robustness of a study, from its file to its folder.
import { loadCore } from "@islet/core-wasm";
import { withStudyHost, type RunOptions } from "../run.node.ts";
import type { ReaderSettings } from "./readers.ts";
import { studyRobustness, type ReadingEvent, type Robustness } from "./robustness.ts";

/**
 * Puts a study before simulated readers and writes what comes of it below `robustness/` in the study's output folder, whose cache it shares.
 *
 * @param readers  what is left out of it is the study's seed
 */
export async function robustnessFile(
  file: string,
  out: string,
  readers: Omit<ReaderSettings, "seed"> & { readonly seed?: number },
  options: RunOptions,
  tell: (event: ReadingEvent) => void,
): Promise<{ readonly robustness: Robustness; readonly files: readonly string[] }> {
  return withStudyHost(file, out, options, async (opened, host) => {
    const settings = { ...readers, seed: readers.seed ?? opened.study.seed };
    const robustness = await studyRobustness(await loadCore(), opened, settings, host, tell);
    // Loaded when a report is written: what draws figures takes a third of a second to load.
    const { robustnessReport } = await import("../../report/robustness-report.ts");
    const { files, figures } = robustnessReport(opened.study, robustness);
    for (const [path, text] of Object.entries(files)) await host.write(path, text);
    const pictures: string[] = [];
    for (const { name, svg } of figures) {
      pictures.push(`robustness/${name}.png`);
      await host.write(pictures.at(-1)!, await host.rasterise(svg));
    }
    return { robustness, files: [...Object.keys(files), ...pictures] };
  });
}
