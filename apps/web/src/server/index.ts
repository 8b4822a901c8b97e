import { fileURLToPath } from "node:url";
import { serve } from "@hono/node-server";
import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";
import { PAGE_HEADERS } from "./policy.ts";

/** The built page behind the headers that isolate it, so that its threads may share memory. */
export function createPageServer(): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    for (const [name, value] of Object.entries(PAGE_HEADERS)) context.header(name, value);
    // Names under assets/ change with their content, those of the tools excepted.
    const isNamedByContent = /\/assets\/[^/]+$/.test(context.req.path) && context.res.ok;
    context.header("Cache-Control", isNamedByContent ? "public, max-age=31536000, immutable" : "no-cache");
  });
  app.use("*", serveStatic({ root: fileURLToPath(new URL("../page", import.meta.url)) }));
  return app;
}

/** A server that listens. */
export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

/**
 * Serves the page on this machine alone.
 *
 * @param port  0 for any that is free
 * @throws the system's own error where the port is taken
 */
export function servePage(port: number): Promise<PageServer> {
  return new Promise((resolve, reject) => {
    const server = serve({ fetch: createPageServer().fetch, port, hostname: "127.0.0.1" }, (address) => {
      resolve({
        url: `http://127.0.0.1:${address.port}/`,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            if ("closeAllConnections" in server) server.closeAllConnections();
          }),
      });
    });
    server.on("error", reject);
  });
}
