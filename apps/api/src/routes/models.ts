// /v1/models: bundles that score patients, and networks that give features and masks.
import { randomUUID } from "node:crypto";
import { rename } from "node:fs/promises";
import { createRoute, z } from "@hono/zod-openapi";
import { desc, eq } from "drizzle-orm";
import { gate } from "../auth/gate.ts";
import { models } from "../database/tables.ts";
import { storable } from "../database/storable.ts";
import { RequestProblem } from "../problem.ts";
import { createRoom, idParam, json, REFUSALS, type Rooms, type SchemaObject } from "../rooms.ts";
import { withUpload } from "../upload/receive.ts";

const modelSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(["bundle", "network"]),
    sha256: z.string(),
    bytes: z.int(),
    description: z
      .record(z.string(), z.unknown())
      .openapi({ description: "a bundle's phases, variables, threshold and training; a network's architecture and training" }),
    createdAt: z.iso.datetime(),
  })
  .openapi("Model");

const form: SchemaObject = {
  type: "object",
  required: ["model"],
  properties: { model: { type: "string", format: "binary", description: "a bundle (model.islet), or weights (.safetensors)" } },
};

const send = createRoute({
  method: "post",
  path: "/v1/models",
  tags: ["models"],
  summary: "Send a bundle or a network's weights; the same bytes sent again give the same model",
  security: [{ key: [] }],
  request: { body: { required: true, content: { "multipart/form-data": { schema: form } } } },
  responses: { 201: json(modelSchema, "Read and kept"), ...REFUSALS },
});

const list = createRoute({
  method: "get",
  path: "/v1/models",
  tags: ["models"],
  summary: "Models, the newest first",
  security: [{ key: [] }],
  responses: { 200: json(z.object({ models: z.array(modelSchema) }), "Models"), ...REFUSALS },
});

const one = createRoute({
  method: "get",
  path: "/v1/models/{id}",
  tags: ["models"],
  summary: "What a model needs, and what it was trained on",
  security: [{ key: [] }],
  request: { params: idParam },
  responses: { 200: json(modelSchema, "The model"), ...REFUSALS },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/models/{id}",
  tags: ["models"],
  summary: "Remove a model",
  security: [{ key: [] }],
  request: { params: idParam },
  responses: { 204: { description: "Removed" }, ...REFUSALS },
});

/** The room of models. */
export function modelRoutes(rooms: Rooms, uploads: { count: number }) {
  const { db, store, engines, limits } = rooms;
  const room = createRoom();
  room.on("GET", ["/v1/models", "/v1/models/:id"], gate(rooms, "read"));
  room.on(["POST", "DELETE"], ["/v1/models", "/v1/models/:id"], gate(rooms, "models"));
  return room
    .openapi(send, async (context) => {
      const row = await withUpload(context, rooms, uploads, { fileFields: ["model"], textFields: [] }, async ({ files }) => {
        const [file, ...others] = files;
        if (!file || others.length)
          throw new RequestProblem("request", `the form has ${files.length} files, expected one "model", such as -F model=@model.islet`);
        const { kind, sha256, description } = await engines.run("describe", { file: file.path }, { seconds: limits.intakeSeconds });
        const [known] = await db.select().from(models).where(eq(models.sha256, sha256));
        if (known) return known;
        const id = randomUUID();
        await rename(file.path, store.modelAt(id));
        const [made] = await db
          .insert(models)
          .values({ id, kind, sha256, bytes: file.bytes, description: storable(description) })
          .onConflictDoNothing()
          .returning();
        if (made) return made;
        await store.remove(store.modelAt(id));
        const [meanwhile] = await db.select().from(models).where(eq(models.sha256, sha256));
        return meanwhile!;
      });
      return context.json(told(row), 201);
    })
    .openapi(list, async (context) => {
      const rows = await db.select().from(models).orderBy(desc(models.createdAt)).limit(1000);
      return context.json({ models: rows.map(told) }, 200);
    })
    .openapi(one, async (context) => {
      const { id } = context.req.valid("param");
      const [row] = await db.select().from(models).where(eq(models.id, id));
      if (!row) throw absent(id);
      return context.json(told(row), 200);
    })
    .openapi(remove, async (context) => {
      const { id } = context.req.valid("param");
      const [row] = await db.delete(models).where(eq(models.id, id)).returning();
      if (!row) throw absent(id);
      await store.remove(store.modelAt(id));
      return context.body(null, 204);
    });
}

const absent = (id: string) => new RequestProblem("absent", `there is no model ${id}; GET /v1/models lists those that are there`);

const told = ({ createdAt, ...row }: typeof models.$inferSelect) => ({ ...row, createdAt: createdAt.toISOString() });
