import type { Scope } from "@islet/api";
import { Command } from "commander";
import { examples } from "../options.ts";
import { columns, note, print } from "../output.ts";
import { databaseUrl, dataOption, type ServiceFlags } from "./service-options.ts";

/** islet api-key: who may use a service. */
export function apiKeyCommand(): Command {
  const command = new Command("api-key").description(
    "keys of a service, whether it runs or not: made, listed, revoked; the database holds their hashes alone",
  );
  command
    .command("create")
    .description("make a key and show it, once")
    .requiredOption("--name <name>", "whose key it is, for the list")
    .option("--scopes <list>", "what it may do: read (look at all), models, cases, jobs (send, ask, remove)", "read,models,cases,jobs")
    .addOption(dataOption())
    .addHelpText("after", examples("api-key create --name pacs-gateway", "api-key create --name dashboard --scopes read --json"))
    .action(async ({ name, scopes: text, data, json }: ServiceFlags & { name: string; scopes: string }, command: Command) => {
      const { SCOPES, withKeys } = await import("@islet/api");
      const scopes = text.split(/[,\s]+/).filter(Boolean) as Scope[];
      const stranger = scopes.find((scope) => !SCOPES.includes(scope));
      if (scopes.length === 0 || stranger !== undefined)
        command.error(`error: --scopes: expected some of ${SCOPES.join(", ")}; got "${stranger ?? text}"`, { exitCode: 2 });
      const { token, key } = await withKeys({ data, ...databaseUrl() }, (keys) => keys.create(name, scopes));
      note("it is shown this once; send it as Authorization: Bearer KEY");
      print({ key: token, ...key }, { json }, () => [token]);
    });
  command
    .command("list")
    .description("keys, the newest first")
    .addOption(dataOption())
    .addHelpText("after", examples("api-key list", "api-key list --json"))
    .action(async ({ data, json }: ServiceFlags) => {
      const { withKeys } = await import("@islet/api");
      const keys = await withKeys({ data, ...databaseUrl() }, (book) => book.list());
      print({ keys }, { json }, () => [
        ...columns([
          ["id", "name", "scopes", "created", "revoked"],
          ...keys.map((key) => [
            key.id,
            key.name,
            key.scopes.join(" "),
            key.createdAt.toISOString().slice(0, 16),
            key.revokedAt?.toISOString().slice(0, 16) ?? "",
          ]),
        ]),
      ]);
    });
  command
    .command("revoke")
    .description("end a key at once")
    .argument("<id>", "the id that the list shows: eight digits")
    .addOption(dataOption())
    .addHelpText("after", examples("api-key revoke 1f3a9c02", "api-key revoke 1f3a9c02 --json"))
    .action(async (id: string, { data, json }: ServiceFlags, command: Command) => {
      const { withKeys } = await import("@islet/api");
      const key = await withKeys({ data, ...databaseUrl() }, (keys) => keys.revoke(id));
      if (!key) return command.error(`error: there is no key ${id} that still opens; islet api-key list shows all`, { exitCode: 2 });
      return print(key, { json }, () => [`${key.id} (${key.name}) opens nothing any more`]);
    });
  return command;
}
