// /v1/jobs: what is computed. A job is asked, waits its turn, is watched, and leaves one result.
import { randomUUID } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { Readable } from "node:stream";
import { eq } from "drizzle-orm";
import { streamSSE } from "hono/streaming";
import { gate } from "../auth/gate.ts";
import { jobs } from "../database/tables.ts";
import { checkRequest } from "../jobs/check-request.ts";
import { countOpen, endJob, eventsAfter, findJob, isFinal, listJobs, progressOf, type JobRow } from "../jobs/record.ts";
import type { JobRequest } from "../jobs/schema.ts";
import { answerProblem, RequestProblem } from "../problem.ts";
import { createRoom, type Rooms } from "../rooms.ts";
import * as paths from "./job-paths.ts";

/** Most seconds that Prefer: wait may hold a request. */
const MOST_WAIT_SECONDS = 60;
/** Milliseconds between looks at a job that someone waits for or watches. */
const LOOK_MS = 150;

/** The room of jobs. */
export function jobRoutes(rooms: Rooms) {
  const { db, store, queue, limits, isStopping } = rooms;
  const room = createRoom();
  room.on("GET", ["/v1/jobs", "/v1/jobs/*"], gate(rooms, "read"));
  room.on(["POST", "DELETE"], ["/v1/jobs", "/v1/jobs/*"], gate(rooms, "jobs"));
  let streams = 0;

  const told = async (row: JobRow) => {
    const { done, total } = row.kind === "study" ? await progressOf(db, row.id) : { done: null, total: null };
    return {
      id: row.id,
      kind: row.kind as JobRequest["kind"],
      state: row.state,
      done,
      total,
      createdAt: row.createdAt.toISOString(),
      startedAt: row.startedAt?.toISOString() ?? null,
      finishedAt: row.finishedAt?.toISOString() ?? null,
      problem: row.problem,
    };
  };
  const found = async (id: string) => {
    const row = await findJob(db, id);
    if (!row) throw new RequestProblem("absent", `there is no job ${id}; GET /v1/jobs lists those that are there`);
    return row;
  };

  room.openAPIRegistry.registerPath(paths.file);
  room.get("/v1/jobs/:id/files/:name{.+}", async (context) => {
    const asked = paths.fileParams.safeParse(context.req.param());
    if (!asked.success) throw new RequestProblem("request", asked.error.issues[0]!.message);
    const { id, name } = asked.data;
    await found(id);
    const path = join(store.jobAt(id).files, name);
    const info = await stat(path).catch(() => null);
    if (!info?.isFile()) throw new RequestProblem("absent", `job ${id} wrote no file of this name; its result lists the files`);
    return context.body(Readable.toWeb(createReadStream(path)) as ReadableStream, 200, {
      "Content-Type": CONTENT_TYPES[extname(name)] ?? "application/octet-stream",
      "Content-Length": String(info.size),
      // A report is a page of its own: it may show itself, and nothing of it may act here.
      "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:",
    });
  });

  return room
    .openapi(paths.ask, async (context) => {
      const request = context.req.valid("json");
      if ((await countOpen(db)) >= limits.queuedJobs)
        throw new RequestProblem(
          "queue",
          `${limits.queuedJobs} jobs wait or run already, as many as this service takes; ask again when some are done`,
        );
      const id = randomUUID();
      const { kept, parts } = await checkRequest(id, request, rooms);
      await queue.add({ id, kind: request.kind, request: kept }, parts);
      const until = Date.now() + 1000 * waitSeconds(context.req.valid("header").prefer);
      let row = await found(id);
      while (!isFinal(row.state) && Date.now() < until && !isStopping()) {
        await new Promise((resolve) => setTimeout(resolve, Math.min(LOOK_MS, Math.max(1, until - Date.now()))));
        row = await found(id);
      }
      if (row.state === "done") return context.json({ id, result: row.result! }, 200);
      if (row.state === "failed") return answerProblem(context, row.problem!) as never;
      return context.json(await told(row), 202, { Location: `/v1/jobs/${id}` });
    })
    .openapi(paths.list, async (context) => {
      const { state, before, limit } = context.req.valid("query");
      const rows = await listJobs(db, { limit, ...(state && { state }), ...(before && { before: new Date(before) }) });
      return context.json({ jobs: await Promise.all(rows.map(told)) }, 200);
    })
    .openapi(paths.one, async (context) => context.json(await told(await found(context.req.valid("param").id)), 200))
    .openapi(paths.result, async (context) => {
      const row = await found(context.req.valid("param").id);
      if (row.state === "done") return context.json(row.result!, 200);
      if (row.state === "failed") return answerProblem(context, row.problem!) as never;
      throw new RequestProblem(
        "state",
        row.state === "cancelled"
          ? "the job was cancelled and has no result; ask again"
          : `the job is ${row.state}; its result comes when it is done`,
      );
    })
    .openapi(paths.events, async (context) => {
      const { id } = context.req.valid("param");
      await found(id);
      if (streams >= limits.streams)
        throw new RequestProblem(
          "busy",
          `${limits.streams} streams of events are open, as many as this service keeps; ask for the job's state instead`,
        );
      const last = Number(context.req.header("last-event-id") ?? 0);
      streams++;
      return streamSSE(context, async (stream) => {
        try {
          let after = Number.isSafeInteger(last) && last > 0 ? last : 0;
          for (;;) {
            const row = await findJob(db, id);
            const news = await eventsAfter(db, id, after);
            for (const event of news) {
              await stream.writeSSE({ id: String(event.id), event: String(event.data["type"]), data: JSON.stringify(event.data) });
              after = event.id;
            }
            if (stream.aborted || isStopping() || !row || (isFinal(row.state) && news.length === 0)) return;
            await stream.sleep(LOOK_MS * 2);
          }
        } finally {
          streams--;
        }
      }) as never;
    })
    .openapi(paths.cancel, async (context) => {
      const { id } = context.req.valid("param");
      await found(id);
      await endJob(db, id, { state: "cancelled" });
      return context.json(await told(await found(id)), 200);
    })
    .openapi(paths.remove, async (context) => {
      const { id } = context.req.valid("param");
      const row = await found(id);
      if (!isFinal(row.state)) throw new RequestProblem("state", `the job is ${row.state}; cancel it first`);
      await db.delete(jobs).where(eq(jobs.id, id));
      await store.remove(store.jobAt(id).folder);
      return context.body(null, 204);
    });
}

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".csv": "text/csv; charset=utf-8",
  ".json": "application/json",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".gz": "application/gzip",
};

/** @see RFC 7240, section 4.3 */
function waitSeconds(prefer: string | undefined): number {
  const [, seconds] = /(?:^|,)\s*wait\s*=\s*(\d{1,4})/i.exec(prefer ?? "") ?? [];
  return Math.min(MOST_WAIT_SECONDS, Number(seconds ?? 0));
}
