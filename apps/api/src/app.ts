import { VERSION } from "@islet/pipeline";
import { OpenAPIHono } from "@hono/zod-openapi";

/** The service's routes, without a socket: `app.request("/healthz")` answers in a test. */
export function createApp() {
  return new OpenAPIHono().get("/healthz", (context) => context.json({ status: "ok", version: VERSION }));
}

/** The routes' types, from which the typed client is made. */
export type App = ReturnType<typeof createApp>;
