import { Command } from "commander";
import { examples, positive, whole } from "../options.ts";
import { note } from "../output.ts";
import { databaseUrl, untilStopped, withJobs, type ServiceFlags } from "./service-options.ts";

interface ServeFlags extends ServiceFlags {
  readonly host: string;
  readonly port: number;
  readonly requireKey?: boolean;
  readonly keepDays?: number;
}

/** islet serve: the service over HTTP. */
export function serveCommand(): Command {
  return withJobs(
    new Command("serve")
      .description("models, cases and jobs over HTTP; without DATABASE_URL on an embedded database. Research use only")
      .option("--host <address>", "address to listen on; beyond loopback every request needs a key (islet api-key)", "127.0.0.1")
      .option("--port <n>", "port, 0 for any that is free", whole, 8080)
      .option("--require-key", "every request needs a key on loopback too, such as behind a proxy")
      .option("--keep-days <n>", "remove cases, finished jobs and kept results after so many days (default: they stay)", positive),
  )
    .addHelpText("after", examples("serve", "serve --host 0.0.0.0 --port 8080 --data /srv/islet --jobs 4 --keep-days 30"))
    .action(async ({ host, port, requireKey, keepDays, data, jobs, logLevel, json }: ServeFlags) => {
      const service = await (
        await import("@islet/api")
      ).startService({
        host,
        port,
        data,
        logLevel,
        ...(requireKey && { requireKey }),
        ...(keepDays !== undefined && { keepDays }),
        ...(jobs !== undefined && { jobs }),
        ...databaseUrl(),
      });
      const { url, database, needsKey } = service;
      if (json) process.stdout.write(`${JSON.stringify({ url, database, needsKey, data })}\n`);
      else note(`${url} (its routes: ${url}/docs); ${database} database, data in ${data}. Research use only. Stop with Ctrl+C.`);
      if (keepDays !== undefined) note(`cases, finished jobs and kept results are removed after ${keepDays} days`);
      if (needsKey) note("every request needs a key; make one with: islet api-key create --name NAME");
      await untilStopped(service.stop);
    });
}
