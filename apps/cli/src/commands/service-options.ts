// Options of the commands that stand on a service's database and data folder.
import { join } from "node:path";
import { stateFolder } from "@islet/pipeline/node";
import { Option, type Command } from "commander";
import { whole } from "../options.ts";

/** What those commands are told. */
export interface ServiceFlags {
  readonly data: string;
  readonly logLevel: string;
  readonly jobs?: number;
  readonly json?: boolean;
}

/** --data, wherever a service's folder is meant. */
export function dataOption(): Option {
  return new Option("--data <folder>", "where voxels, models, results and the embedded database lie")
    .env("ISLET_DATA")
    .default(join(stateFolder(), "service"), "the user's state folder");
}

/** --jobs and --log-level, where jobs are done. */
export function withJobs(command: Command): Command {
  return command
    .addOption(dataOption())
    .option("--jobs <n>", "jobs at a time (default: the machine's cores)", whole)
    .addOption(
      new Option("--log-level <level>", "lines of JSON on stderr").choices(["silent", "error", "warn", "info", "debug"]).default("info"),
    );
}

/** DATABASE_URL, as its option's part. */
export const databaseUrl = () => (process.env["DATABASE_URL"] ? { databaseUrl: process.env["DATABASE_URL"] } : {});

/** Seconds that running jobs have to finish once an end is asked for; a second signal ends at once. */
const GRACE_SECONDS = 20;

const SIGNALS = ["SIGINT", "SIGTERM"] as const;

/** Waits for SIGINT or SIGTERM, then stops in order; resolves when all is closed. */
export function untilStopped(stop: (seconds: number) => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = () => {
      for (const signal of SIGNALS) process.removeListener(signal, end).once(signal, () => process.exit(1));
      stop(GRACE_SECONDS).then(resolve, reject);
    };
    for (const signal of SIGNALS) process.once(signal, end);
  });
}
