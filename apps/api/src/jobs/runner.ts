// The worker's side: takes a job from the queue, has an engine process do it, and writes its one result.
import { and, count, eq, sql } from "drizzle-orm";
import { sep } from "node:path";
import type { Db } from "../database/open.ts";
import { jobParts, jobs } from "../database/tables.ts";
import type { Ground } from "../ground.ts";
import { traceOf } from "../log.ts";
import { isFault, problemOf } from "../problem.ts";
import { MOST_STARTS } from "../settings.ts";
import { doJob } from "./do-job.ts";
import type { Handlers } from "./queue.ts";
import { addEvent, beginJob, endJob, endPart, findJob, isFinal, progressOf, type JobRow } from "./record.ts";
import type { JobRequest } from "./schema.ts";

/** Milliseconds between looks whether a job was cancelled. */
const CANCEL_MS = 400;

/**
 * Handlers for the queue. They may be called twice for the same job (a worker that was killed may have finished it): what is done stays done.
 * They reject only where the database fails or the worker is on its way out, and then the queue delivers again.
 */
export function createRunner({ db, store, queue, engines, limits, log, metrics }: Ground): Handlers {
  /** Sentences as the outside may have them: where the data folder lies is nobody's business. */
  const asTold = <T>(value: T): T => JSON.parse(JSON.stringify(value).replaceAll(JSON.stringify(store.folder + sep).slice(1, -1), "")) as T;

  const fail = async (row: JobRow, error: unknown) => {
    if (isFault(error)) log.error({ job: row.id, kind: row.kind, error: traceOf(error) }, "job met a fault");
    await finish(row, { state: "failed", problem: asTold(problemOf(error)) });
  };
  const finish = async (row: JobRow, ending: Parameters<typeof endJob>[2]) => {
    const ended = await endJob(db, row.id, ending);
    if (!ended) return;
    const seconds = (ended.finishedAt!.getTime() - (ended.startedAt ?? ended.createdAt).getTime()) / 1000;
    metrics.jobs.observe({ kind: row.kind, state: ending.state }, seconds);
    log.info({ job: row.id, kind: row.kind, state: ending.state, seconds }, "job ended");
  };

  return {
    async job(id, signal) {
      const row = await beginJob(db, id);
      if (!row) return;
      if (row.starts > MOST_STARTS) return fail(row, givenUp(row.starts - 1));
      await untilCancelled(db, id, signal, async (stop) => {
        const run = async () => {
          const tell = (data: Record<string, unknown>) => void addEvent(db, id, asTold(data)).catch(() => {});
          const result = await doJob(row.request as JobRequest, { id, store, engines, seconds: limits.jobSeconds, signal: stop, tell });
          await finish(row, { state: "done", result: asTold(result) });
        };
        await run().catch((error: unknown) => (stop.aborted ? ifCancelled(db, id) : fail(row, error)));
      });
    },

    async part(id, part, signal) {
      const row = await beginPart(db, id, part);
      if (row) {
        const study = row.job.request as Extract<JobRequest, { kind: "study" }>;
        const given = { study: store.jobAt(id).study, cache: store.cache, backend: study.backend, part };
        await untilCancelled(db, id, signal, async (stop) => {
          const run = async () => {
            if (row.starts > MOST_STARTS) throw givenUp(row.starts - 1);
            const result = await engines.run("part", given, { seconds: limits.jobSeconds, signal: stop });
            await endPart(db, id, part, asTold(result));
          };
          // A fault of the machine ends the study: its last step would meet it again.
          await run().catch((error: unknown) => (stop.aborted ? ifCancelled(db, id) : fail(row.job, error)));
        });
      }
      if (await isFannedIn(db, id)) await queue.addReduce(id);
    },
  };
}

const givenUp = (starts: number) =>
  Object.assign(
    new Error(
      `a worker began this ${starts} times and ended each time before it was done; most likely it takes more memory than the machine has`,
    ),
    {
      name: "DeviceError",
    },
  );

/** Runs until done, cancelled (a look at the row tells), or the worker stops. */
async function untilCancelled(db: Db, id: string, signal: AbortSignal, run: (stop: AbortSignal) => Promise<void>): Promise<void> {
  const cancelled = new AbortController();
  const timer = setInterval(() => {
    void findJob(db, id)
      .then((row) => (!row || isFinal(row.state)) && cancelled.abort())
      .catch(() => {});
  }, CANCEL_MS);
  try {
    await run(AbortSignal.any([signal, cancelled.signal]));
  } finally {
    clearInterval(timer);
  }
}

/** A stopped task of a job that still stands is the queue's to deliver again. */
async function ifCancelled(db: Db, id: string): Promise<void> {
  const row = await findJob(db, id);
  if (row && !isFinal(row.state)) throw new Error("stopped before it was done");
}

/** The part and its job, marked as begun; null where either needs nothing more. */
async function beginPart(db: Db, id: string, part: number): Promise<{ job: JobRow; starts: number } | null> {
  const job = await findJob(db, id);
  if (!job || isFinal(job.state)) return null;
  const [row] = await db
    .update(jobParts)
    .set({ starts: sql`${jobParts.starts} + 1` })
    .where(and(eq(jobParts.job, id), eq(jobParts.part, part), eq(jobParts.state, "queued")))
    .returning();
  if (!row) return null;
  if (job.state === "queued") await addEvent(db, id, { type: "start", ...(await progressOf(db, id)) });
  return { job: job.state === "queued" ? await markRunning(db, job) : job, starts: row.starts };
}

async function markRunning(db: Db, job: JobRow): Promise<JobRow> {
  await db
    .update(jobs)
    .set({ state: "running", startedAt: sql`coalesce(${jobs.startedAt}, now())` })
    .where(and(eq(jobs.id, job.id), eq(jobs.state, "queued")));
  return job;
}

/** Whether every case of an open study is done. */
async function isFannedIn(db: Db, id: string): Promise<boolean> {
  const job = await findJob(db, id);
  if (!job || isFinal(job.state)) return false;
  const [left] = await db
    .select({ n: count() })
    .from(jobParts)
    .where(and(eq(jobParts.job, id), eq(jobParts.state, "queued")));
  return left!.n === 0;
}
