import { access } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { writePhantomStudy } from "@islet/pipeline/node";
import { Command } from "commander";
import { backendOption, examples } from "../options.ts";
import { note } from "../output.ts";
import { runAndShow } from "./study.ts";

const SARCOMA = fileURLToPath(new URL("../../../../examples/sarcoma/study.yaml", import.meta.url));
const SARCOMA_TABLE = fileURLToPath(new URL("../../../../../shared/data/sts/cohort.csv", import.meta.url));

/** islet demo: what `npm start` runs. */
export function demoCommand(): Command {
  return new Command("demo")
    .description("a study to look at: the real sarcoma cohort where its scans are at hand, else a generated phantom cohort (synthetic)")
    .option("-o, --out <folder>", "output folder", join("islet-out", "demo"))
    .option("--phantom", "the phantom cohort, whether or not the scans are at hand")
    .addOption(backendOption())
    .addHelpText("after", examples("demo", "demo --phantom -o demo-out"))
    .action(
      async ({ out, phantom, backend, json }: { out: string; phantom?: boolean; backend: "auto" | "webgpu" | "wasm"; json?: boolean }) => {
        const real =
          !phantom &&
          (await Promise.all([access(SARCOMA), access(SARCOMA_TABLE)]).then(
            () => true,
            () => false,
          ));
        let file = SARCOMA;
        if (real) {
          note(
            "The sarcoma example: 51 real patients (CT and T1 MR), lung metastasis as the outcome; several minutes on 2 cores the first time.",
          );
        } else {
          note("SYNTHETIC DATA: 12 generated phantom patients; nothing here says anything about real tumours.");
          file = await writePhantomStudy(join(out, "phantom"));
        }
        await runAndShow(file, { out: join(out, real ? "sarcoma" : "phantom-study"), backend, ...(json && { json }) });
      },
    );
}
