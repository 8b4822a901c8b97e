import { Command } from "commander";
import { examples, whole } from "../options.ts";
import { print } from "../output.ts";

/** islet web: the browser's page, served on this machine. */
export function webCommand(): Command {
  return new Command("web")
    .description("the page for browsers, served to this machine alone with the headers that let its threads share memory")
    .option("--port <n>", "port on 127.0.0.1; 0 takes any that is free", whole, 8474)
    .addHelpText("after", examples("web", "web --port 0 --json"))
    .action(async ({ port, json }: { port: number; json?: boolean }, command: Command) => {
      const { servePage } = await import("@islet/web");
      const server = await servePage(port).catch((error: NodeJS.ErrnoException) => {
        const why =
          error.code === "EADDRINUSE"
            ? `port ${port} is taken; stop what listens there, or choose another with --port`
            : error.code === "EACCES"
              ? `this user may not listen on port ${port}; choose one above 1023 with --port`
              : null;
        if (why === null) throw error;
        return command.error(`error: ${why}`, { exitCode: 2 });
      });
      print({ url: server.url }, { json }, () => [
        `Islet is at ${server.url} (this machine only; Ctrl-C ends it)`,
        "Scans stay in the browser: the server hands out the page and receives nothing. Research use only.",
      ]);
      await new Promise<void>((resolve) => {
        for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
      });
      await server.close();
    });
}
