import { inspectMachine } from "@islet/pipeline/node";
import { Command } from "commander";
import { examples } from "../options.ts";
import { pairs, print } from "../output.ts";

/** islet doctor: what this machine has and what will be used. */
export function doctorCommand(): Command {
  return new Command("doctor")
    .description("what this machine has, and what Islet will use of it")
    .addHelpText("after", examples("doctor", "doctor --json"))
    .action(async (flags: { json?: boolean }) => {
      const machine = await inspectMachine();
      print(machine, flags, () => [
        ...pairs([
          ["islet", machine.islet],
          ["node", machine.node],
          ["system", machine.system],
          ["cores", machine.cores],
          ["memory", `${machine.memoryGiB.toFixed(1)} GiB`],
          ["wasm", machine.wasm],
          [
            "webgpu",
            machine.adapters.length
              ? machine.adapters.map((a) => `${a.description}${a.isSoftware ? " (software)" : ""}`).join("; ")
              : machine.noAdapter,
          ],
          ["network runs on", machine.backend],
        ]),
      ]);
    });
}
