// /v1/cases: one phase of one patient, kept without anything that says who it is.
import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { createRoute, z } from "@hono/zod-openapi";
import { desc, eq } from "drizzle-orm";
import { gate } from "../auth/gate.ts";
import { cases } from "../database/tables.ts";
import { storable } from "../database/storable.ts";
import { RequestProblem } from "../problem.ts";
import { createRoom, idParam, json, REFUSALS, type Rooms, type SchemaObject } from "../rooms.ts";
import { caseAt } from "../store.ts";
import { withUpload } from "../upload/receive.ts";

const caseSchema = z
  .object({
    id: z.uuid(),
    phase: z.string().nullable(),
    hasMask: z.boolean(),
    hasRough: z.boolean(),
    facts: z
      .record(z.string(), z.unknown())
      .openapi({ description: "format, modality, shape (z, y, x), spacing in mm, range of values, voxels of the mask, warnings" }),
    createdAt: z.iso.datetime(),
  })
  .openapi("Case");

const form: SchemaObject = {
  type: "object",
  required: ["image"],
  properties: {
    image: {
      type: "array",
      items: { type: "string", format: "binary" },
      description: "the slices of a DICOM series, a zip of them, or one .nii, .nii.gz, .nrrd or .mha file",
    },
    mask: { type: "array", items: { type: "string", format: "binary" }, description: "label map, DICOM SEG or DICOM RTSTRUCT" },
    rough: { type: "string", format: "binary", description: "rough annotation, islet-rough-roi/1" },
    phase: { type: "string", description: "the phase's name, such as arterial" },
    series: { type: "string", description: "number, UID or place (#1) of the series, where there are several" },
    label: { type: "integer", description: "label of the mask (default: any non-zero)" },
    structure: { type: "string", description: "structure or segment of an RTSTRUCT or SEG" },
  },
};

const send = createRoute({
  method: "post",
  path: "/v1/cases",
  tags: ["cases"],
  summary: "Send an image with a mask or a rough annotation; what is kept has no headers, names or identifiers",
  security: [{ key: [] }],
  request: { body: { required: true, content: { "multipart/form-data": { schema: form } } } },
  responses: { 201: json(caseSchema, "Read and kept"), ...REFUSALS },
});

const list = createRoute({
  method: "get",
  path: "/v1/cases",
  tags: ["cases"],
  summary: "Cases, the newest first",
  security: [{ key: [] }],
  request: { query: z.object({ limit: z.coerce.number().int().min(1).max(1000).default(100) }) },
  responses: { 200: json(z.object({ cases: z.array(caseSchema) }), "Cases"), ...REFUSALS },
});

const one = createRoute({
  method: "get",
  path: "/v1/cases/{id}",
  tags: ["cases"],
  summary: "One case",
  security: [{ key: [] }],
  request: { params: idParam },
  responses: { 200: json(caseSchema, "The case"), ...REFUSALS },
});

const remove = createRoute({
  method: "delete",
  path: "/v1/cases/{id}",
  tags: ["cases"],
  summary: "Remove a case and its voxels",
  security: [{ key: [] }],
  request: { params: idParam },
  responses: { 204: { description: "Removed" }, ...REFUSALS },
});

/** What is kept of an upload, within its folder. */
const KEPT = "kept";

/** The room of cases. */
export function caseRoutes(rooms: Rooms, uploads: { count: number }) {
  const { db, store, engines, limits } = rooms;
  const room = createRoom();
  room.on("GET", ["/v1/cases", "/v1/cases/:id"], gate(rooms, "read"));
  room.on(["POST", "DELETE"], ["/v1/cases", "/v1/cases/:id"], gate(rooms, "cases"));
  return room
    .openapi(send, async (context) => {
      const fields = { fileFields: ["image", "mask", "rough"], textFields: ["phase", "series", "label", "structure"] };
      const row = await withUpload(context, rooms, uploads, fields, async ({ files, texts }, folder) => {
        if (!files.some(({ field }) => field === "image"))
          throw new RequestProblem("request", 'the form has no "image", expected the files of a scan, such as -F image=@scan.nii.gz');
        const phase = phaseIn(texts.get("phase"));
        const label = labelIn(texts.get("label"));
        const [series, structure] = [texts.get("series"), texts.get("structure")];
        const id = randomUUID();
        const { hasMask, hasRough, ...facts } = await engines.run(
          "deposit",
          {
            files,
            to: caseAt(folder, KEPT),
            limits: { files: limits.files, bytes: limits.unpackedBytes, voxels: limits.voxels },
            ...(series && { series }),
            ...(structure && { structure }),
            ...(label !== null && { label }),
          },
          { seconds: limits.intakeSeconds },
        );
        await store.keepCase(id, join(folder, KEPT));
        const [made] = await db
          .insert(cases)
          .values({ id, phase, hasMask, hasRough, facts: storable(facts) })
          .returning()
          .catch(async (error: unknown) => {
            await store.removeCase(id);
            throw error;
          });
        return made!;
      });
      return context.json(told(row), 201);
    })
    .openapi(list, async (context) => {
      const { limit } = context.req.valid("query");
      const rows = await db.select().from(cases).orderBy(desc(cases.createdAt)).limit(limit);
      return context.json({ cases: rows.map(told) }, 200);
    })
    .openapi(one, async (context) => {
      const { id } = context.req.valid("param");
      const [row] = await db.select().from(cases).where(eq(cases.id, id));
      if (!row) throw absent(id);
      return context.json(told(row), 200);
    })
    .openapi(remove, async (context) => {
      const { id } = context.req.valid("param");
      const [row] = await db.delete(cases).where(eq(cases.id, id)).returning();
      if (!row) throw absent(id);
      await store.removeCase(id);
      return context.body(null, 204);
    });
}

const absent = (id: string) => new RequestProblem("absent", `there is no case ${id}; GET /v1/cases lists those that are there`);

const told = ({ id, phase, hasMask, hasRough, facts, createdAt }: typeof cases.$inferSelect) => ({
  id,
  phase,
  hasMask,
  hasRough,
  facts,
  createdAt: createdAt.toISOString(),
});

function phaseIn(text: string | undefined): string | null {
  if (text === undefined || text === "") return null;
  if (/^[\w-]{1,64}$/.test(text)) return text;
  throw new RequestProblem("request", "phase: expected a short name of letters, digits, - and _, such as arterial");
}

function labelIn(text: string | undefined): number | null {
  if (text === undefined || text === "") return null;
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new RequestProblem("request", "label: expected a whole number, 1 or more");
}
