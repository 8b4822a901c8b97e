import { Command } from "commander";
import { examples } from "../options.ts";
import { note } from "../output.ts";
import { databaseUrl, untilStopped, withJobs, type ServiceFlags } from "./service-options.ts";

/** islet worker: more hands for a service on PostgreSQL. */
export function workerCommand(): Command {
  return withJobs(new Command("worker").description("take jobs of a service whose DATABASE_URL and data folder this machine shares"))
    .addHelpText("after", examples("worker --data /mnt/islet", "worker --data /mnt/islet --jobs 16 --log-level warn"))
    .action(async ({ data, jobs, logLevel, json }: ServiceFlags) => {
      const worker = await (
        await import("@islet/api")
      ).startWorker({ data, logLevel, ...(jobs !== undefined && { jobs }), ...databaseUrl() });
      if (json) process.stdout.write(`${JSON.stringify({ working: true, data })}\n`);
      else note(`takes jobs; data in ${data}. Stop with Ctrl+C.`);
      await untilStopped(worker.stop);
    });
}
