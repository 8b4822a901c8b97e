// /openapi.json, and /docs: the same as a page, from files of this machine alone.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { VERSION } from "@islet/pipeline";
import { Hono } from "hono";
import { absolutePath } from "swagger-ui-dist";
import type { OpenAPIHono } from "@hono/zod-openapi";
import { RequestProblem } from "../problem.ts";
import type { RoomEnv } from "../rooms.ts";

const FILES: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css",
  "swagger-ui-bundle.js": "text/javascript",
};

const PAGE = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Islet's service</title>
<link rel="stylesheet" href="/docs/swagger-ui.css">
<div id="docs"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</html>
`;

const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#docs", deepLinking: true, validatorUrl: null, tryItOutEnabled: true });\n`;

/** What the service says of itself, by `described`'s routes. */
export function docsRoutes(described: OpenAPIHono<RoomEnv>): Hono {
  described.openAPIRegistry.registerComponent("securitySchemes", "key", {
    type: "http",
    scheme: "bearer",
    description: "A key of islet api-key create; not needed on loopback",
  });
  let document: string | null = null;
  const room = new Hono();
  room.get("/openapi.json", (context) => {
    document ??= JSON.stringify(
      described.getOpenAPI31Document({
        openapi: "3.1.0",
        info: {
          title: "Islet",
          version: VERSION,
          license: { name: "MIT" },
          description:
            "Deep-learning radiomics for tumour recurrence studies, as a service. Research use only: not a medical device; no number it gives is a basis for treating anyone.",
        },
        servers: [{ url: "/" }],
      }),
    );
    return context.body(document, 200, { "Content-Type": "application/json" });
  });
  room.get("/docs", (context) => {
    context.header(
      "Content-Security-Policy",
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'",
    );
    return context.html(PAGE);
  });
  room.get("/docs/start.js", (context) => context.body(START, 200, { "Content-Type": "text/javascript" }));
  room.get("/docs/:file", async (context) => {
    const type = FILES[context.req.param("file")];
    if (!type) throw new RequestProblem("absent", "there is no such page; /docs is the way in");
    const bytes = await readFile(join(absolutePath(), context.req.param("file")));
    return context.body(bytes, 200, { "Content-Type": type, "Cache-Control": "max-age=86400" });
  });
  return room;
}
