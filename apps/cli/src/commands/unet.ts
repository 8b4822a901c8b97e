import { Command } from "commander";
import { evalCommand } from "./unet/eval.ts";
import { exportCommand } from "./unet/export.ts";
import { forwardCommand } from "./unet/forward.ts";
import { infoCommand } from "./unet/info.ts";
import { initCommand } from "./unet/init.ts";
import { trainCommand } from "./unet/train.ts";
import { tuneCommand } from "./unet/tune.ts";

/** islet unet: the network by itself. */
export function unetCommand(): Command {
  const unet = new Command("unet").description("the U-Net: make, describe, run, train, evaluate and export weights");
  for (const command of [initCommand(), infoCommand(), forwardCommand(), trainCommand(), evalCommand(), exportCommand(), tuneCommand()])
    unet.addCommand(command);
  return unet;
}
