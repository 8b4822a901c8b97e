// The service: everything opened, a socket, and an orderly end.
import { serve, type ServerType } from "@hono/node-server";
import type { AddressInfo } from "node:net";
import { createApp } from "./app.ts";
import { keyBook } from "./auth/key-book.ts";
import { openKeyDesk } from "./auth/key-desk.ts";
import { RoomError } from "./database/room-error.ts";
import { openParts, type PartsOptions } from "./parts.ts";
import { keepRemoving, removeOlder } from "./retention.ts";

/** How a service is started. */
export interface ServiceOptions extends PartsOptions {
  /** Address to listen on; anything but loopback needs keys. */
  readonly host?: string;
  /** 0 takes any free one. */
  readonly port?: number;
  /** Whether loopback needs a key too: behind a proxy every request comes from there. */
  readonly requireKey?: boolean;
  /** Days after which cases, jobs that have ended and kept results are removed; without it they stay until they are asked to go. */
  readonly keepDays?: number;
}

/** A service that listens. */
export interface Service {
  readonly url: string;
  readonly database: "embedded" | "postgresql";
  /** Whether every request needs a key. */
  readonly needsKey: boolean;
  /** Takes no more requests, gives jobs `seconds` to finish, and closes everything. */
  stop(seconds: number): Promise<void>;
}

const isLoopback = (host: string) => host === "localhost" || host === "::1" || /^127(\.\d{1,3}){3}$/.test(host);

/**
 * Starts the service; it needs no database and no configuration.
 *
 * @throws ConfigError where the address or the data folder is taken; DeviceError where PostgreSQL cannot be reached
 */
export async function startService({
  host = "127.0.0.1",
  port = 8080,
  requireKey = false,
  keepDays,
  ...options
}: ServiceOptions): Promise<Service> {
  const parts = await openParts(options);
  let stopping = false;
  const needsKey = requireKey || !isLoopback(host);
  let [closeDesk, endRemoving] = [async () => {}, async () => {}];
  try {
    const app = createApp({ ...parts, needsKey, isStopping: () => stopping });
    const server = await listen(app.fetch, host, port);
    const { database, log } = parts;
    if (database.kind === "embedded") closeDesk = await openKeyDesk(options.data, keyBook(database.db));
    if (keepDays !== undefined) endRemoving = keepRemoving(() => removeOlder(parts, keepDays, new Date()), log);
    await parts.work();
    const { port: taken } = server.address() as AddressInfo;
    const url = `http://${host.includes(":") ? `[${host}]` : host}:${taken}`;
    log.info({ url, database: database.kind, needsKey }, "listening");
    return {
      url,
      database: database.kind,
      needsKey,
      async stop(seconds) {
        stopping = true;
        const closed = new Promise<void>((resolve) => server.close(() => resolve()));
        if ("closeIdleConnections" in server) server.closeIdleConnections();
        const late = setTimeout(() => "closeAllConnections" in server && server.closeAllConnections(), Math.max(200, seconds * 1000));
        await closed;
        clearTimeout(late);
        await closeDesk();
        await endRemoving();
        await parts.close(seconds);
      },
    };
  } catch (error) {
    await closeDesk();
    await endRemoving();
    await parts.close(0);
    throw error;
  }
}

function listen(fetch: ReturnType<typeof createApp>["fetch"], hostname: string, port: number): Promise<ServerType> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch, hostname, port, serverOptions: { requestTimeout: 30 * 60_000, headersTimeout: 20_000 } }, () =>
      resolve(server),
    );
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is taken by another program" : `cannot be listened on (${error.code})`;
      reject(new RoomError("ConfigError", `port ${port} of ${hostname}: ${why}; choose another with --port or --host`, { cause: error }));
    });
  });
}
