// /healthz, /readyz and /metrics: what who runs the service asks of it.
import { createRoute, z } from "@hono/zod-openapi";
import { VERSION } from "@islet/pipeline";
import { sql } from "drizzle-orm";
import { gate } from "../auth/gate.ts";
import { createRoom, json, REFUSALS, type Rooms } from "../rooms.ts";

const status = z.object({ status: z.string(), version: z.string() });

const health = createRoute({
  method: "get",
  path: "/healthz",
  tags: ["service"],
  summary: "Whether the service lives",
  responses: { 200: json(status, "It does") },
});

const ready = createRoute({
  method: "get",
  path: "/readyz",
  tags: ["service"],
  summary: "Whether the service takes requests: its database answers, and it is not on its way out",
  responses: { 200: json(status, "It does"), 503: json(status, "It does not") },
});

const metricsRoute = createRoute({
  method: "get",
  path: "/metrics",
  tags: ["service"],
  summary: "Numbers for Prometheus",
  responses: { 200: { description: "Prometheus' text format", content: { "text/plain": { schema: z.string() } } }, ...REFUSALS },
});

/** The service about itself. */
export function machineRoutes(rooms: Rooms) {
  const { db, metrics, isStopping } = rooms;
  const room = createRoom();
  room.use("/metrics", gate(rooms, "read"));
  return room
    .openapi(health, (context) => context.json({ status: "ok", version: VERSION }, 200))
    .openapi(ready, async (context) => {
      if (isStopping()) return context.json({ status: "stopping", version: VERSION }, 503);
      const isUp = await db.execute(sql`select 1`).then(
        () => true,
        () => false,
      );
      return isUp
        ? context.json({ status: "ready", version: VERSION }, 200)
        : context.json({ status: "database does not answer", version: VERSION }, 503);
    })
    .openapi(metricsRoute, async (context) =>
      context.text(await metrics.registry.metrics(), 200, { "Content-Type": metrics.registry.contentType }),
    );
}
