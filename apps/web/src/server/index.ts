import { serveStatic } from "@hono/node-server/serve-static";
import { Hono } from "hono";

/** The built page behind the headers that isolate it, so that its threads may share memory. */
export function createPageServer(): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header("Cross-Origin-Opener-Policy", "same-origin");
    context.header("Cross-Origin-Embedder-Policy", "require-corp");
  });
  app.use("*", serveStatic({ root: new URL("../page", import.meta.url).pathname }));
  return app;
}
