// What the paths of /v1/jobs take and give, as OpenAPI describes them: each says in its summary what it is for.
import { createRoute, z } from "@hono/zod-openapi";
import { requestSchema } from "../jobs/schema.ts";
import { idParam, json, REFUSALS } from "../rooms.ts";

const states = z.enum(["queued", "running", "done", "failed", "cancelled"]);

const jobSchema = z
  .object({
    id: z.uuid(),
    kind: z.enum(["radiomics", "deep", "segment", "score", "study"]),
    state: states,
    done: z.int().nullable().openapi({ description: "cases of a study that are done" }),
    total: z.int().nullable(),
    createdAt: z.iso.datetime(),
    startedAt: z.iso.datetime().nullable(),
    finishedAt: z.iso.datetime().nullable(),
    problem: z.object({ type: z.string(), title: z.string(), status: z.int(), detail: z.string() }).nullable(),
  })
  .openapi("Job");

const resultSchema = z
  .record(z.string(), z.unknown())
  .openapi("Result", { description: "as the command of the same name prints with --json" });

const tags = ["jobs"];
const security = [{ key: [] as string[] }];

export const ask = createRoute({
  method: "post",
  path: "/v1/jobs",
  tags,
  security,
  summary: "Ask for a job; with the header Prefer: wait=SECONDS the answer is its result where it is done by then",
  request: {
    headers: z.object({ prefer: z.string().optional().openapi({ example: "wait=30" }) }),
    body: { required: true, content: { "application/json": { schema: requestSchema } } },
  },
  responses: {
    200: json(z.object({ id: z.uuid(), result: resultSchema }), "Done already"),
    202: json(jobSchema, "Waits or runs"),
    ...REFUSALS,
  },
});

export const list = createRoute({
  method: "get",
  path: "/v1/jobs",
  tags,
  security,
  summary: "Jobs, the newest first",
  request: {
    query: z.object({
      state: states.optional(),
      before: z.iso.datetime().optional(),
      limit: z.coerce.number().int().min(1).max(1000).default(100),
    }),
  },
  responses: { 200: json(z.object({ jobs: z.array(jobSchema) }), "Jobs"), ...REFUSALS },
});

export const one = createRoute({
  method: "get",
  path: "/v1/jobs/{id}",
  tags,
  security,
  summary: "How far a job is",
  request: { params: idParam },
  responses: { 200: json(jobSchema, "The job"), ...REFUSALS },
});

export const result = createRoute({
  method: "get",
  path: "/v1/jobs/{id}/result",
  tags,
  security,
  summary: "The result of a job that is done; the problem of one that failed",
  request: { params: idParam },
  responses: { 200: json(resultSchema, "The result"), ...REFUSALS },
});

export const fileParams = idParam.extend({
  name: z.string().regex(/^[\w][\w. -]*(\/[\w][\w. -]*)*$/, "expected a path such as tables/models.csv"),
});

/** Described here and routed below: a name may have slashes in it, which a path of OpenAPI may not. */
export const file = createRoute({
  method: "get",
  path: "/v1/jobs/{id}/files/{name}",
  tags,
  security,
  summary: "A file that a job wrote, such as mask.nii.gz, report.html or tables/models.csv",
  request: { params: fileParams },
  responses: { 200: { description: "The file", content: { "application/octet-stream": { schema: z.string() } } }, ...REFUSALS },
});

export const events = createRoute({
  method: "get",
  path: "/v1/jobs/{id}/events",
  tags,
  security,
  summary: "What happens to a job, as server-sent events; Last-Event-ID goes on after one of them",
  request: { params: idParam },
  responses: { 200: { description: "Events until the job ends", content: { "text/event-stream": { schema: z.string() } } }, ...REFUSALS },
});

export const cancel = createRoute({
  method: "post",
  path: "/v1/jobs/{id}/cancel",
  tags,
  security,
  summary: "Stop a job; finished cases of a study are kept for the next",
  request: { params: idParam },
  responses: { 200: json(jobSchema, "Cancelled, or ended before"), ...REFUSALS },
});

export const remove = createRoute({
  method: "delete",
  path: "/v1/jobs/{id}",
  tags,
  security,
  summary: "Remove a job that has ended, with its result and files",
  request: { params: idParam },
  responses: { 204: { description: "Removed" }, ...REFUSALS },
});
