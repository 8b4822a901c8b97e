import { Command } from "commander";
import { agreementCommand } from "./stats/agreement.ts";
import { calibrationCommand } from "./stats/calibration.ts";
import { collinearityCommand } from "./stats/collinearity.ts";
import { confusionCommand } from "./stats/confusion.ts";
import { competingCommand } from "./stats/competing.ts";
import { coxCommand } from "./stats/cox.ts";
import { coxnetCommand } from "./stats/coxnet.ts";
import { decisionCurveCommand } from "./stats/dca.ts";
import { delongCommand } from "./stats/delong.ts";
import { kmCommand } from "./stats/km.ts";
import { reclassificationCommand } from "./stats/reclassification.ts";
import { rocCommand } from "./stats/roc.ts";
import { timeRocCommand } from "./stats/time-roc.ts";
import { univariateCommand } from "./stats/univariate.ts";

/** islet stats: the statistics alone, on any table. */
export function statsCommand(): Command {
  const stats = new Command("stats").description("statistics on any CSV");
  for (const command of [
    rocCommand(),
    delongCommand(),
    confusionCommand(),
    reclassificationCommand(),
    univariateCommand(),
    collinearityCommand(),
    agreementCommand(),
    calibrationCommand(),
    decisionCurveCommand(),
    kmCommand(),
    coxCommand(),
    coxnetCommand(),
    competingCommand(),
    timeRocCommand(),
  ])
    stats.addCommand(command);
  return stats;
}
