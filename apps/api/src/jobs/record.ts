// A job's row: the one truth about its state. A final state is written once, whoever else believes to be working on it.
import { and, asc, count, desc, eq, gt, inArray, lt, sql } from "drizzle-orm";
import type { Db } from "../database/open.ts";
import { jobEvents, jobParts, jobs, type JobState } from "../database/tables.ts";
import { storable } from "../database/storable.ts";
import type { Problem } from "../problem.ts";

/** A job as its row has it. */
export type JobRow = typeof jobs.$inferSelect;

/** States of a job to which something will yet happen. */
export const OPEN: JobState[] = ["queued", "running"];

/** Whether nothing more will happen to a job. */
export const isFinal = (state: JobState) => !OPEN.includes(state);

/** The job of an id, or null. */
export async function findJob(db: Db, id: string): Promise<JobRow | null> {
  const [row] = await db.select().from(jobs).where(eq(jobs.id, id));
  return row ?? null;
}

/** Jobs, the newest first. */
export async function listJobs(db: Db, { state, before, limit }: { state?: JobState; before?: Date; limit: number }): Promise<JobRow[]> {
  const where = and(...(state ? [eq(jobs.state, state)] : []), ...(before ? [lt(jobs.createdAt, before)] : []));
  return db.select().from(jobs).where(where).orderBy(desc(jobs.createdAt)).limit(limit);
}

/** How many jobs wait or run. */
export async function countOpen(db: Db): Promise<number> {
  const [row] = await db.select({ n: count() }).from(jobs).where(inArray(jobs.state, OPEN));
  return row!.n;
}

/** How far a study's cases are. */
export async function progressOf(db: Db, id: string): Promise<{ done: number; total: number }> {
  const [row] = await db
    .select({ total: count(), done: sql<number>`count(*) filter (where ${jobParts.state} = 'done')`.mapWith(Number) })
    .from(jobParts)
    .where(eq(jobParts.job, id));
  return row!;
}

/** Marks a job as begun once more; null where its state is final. */
export async function beginJob(db: Db, id: string): Promise<JobRow | null> {
  const [row] = await db
    .update(jobs)
    .set({ state: "running", starts: sql`${jobs.starts} + 1`, startedAt: sql`coalesce(${jobs.startedAt}, now())` })
    .where(and(eq(jobs.id, id), inArray(jobs.state, OPEN)))
    .returning();
  return row ?? null;
}

/** How a job ends. */
export type Ending =
  | { readonly state: "done"; readonly result: Record<string, unknown> }
  | { readonly state: "failed"; readonly problem: Problem }
  | { readonly state: "cancelled" };

/** Ends a job; null where it has ended already, and then nothing changes. */
export async function endJob(db: Db, id: string, ending: Ending): Promise<JobRow | null> {
  return db.transaction(async (tx) => {
    const [row] = await tx
      .update(jobs)
      .set({ ...storable(ending), finishedAt: new Date() })
      .where(and(eq(jobs.id, id), inArray(jobs.state, OPEN)))
      .returning();
    if (!row) return null;
    const data =
      ending.state === "failed" ? { type: "end", state: ending.state, problem: ending.problem } : { type: "end", state: ending.state };
    await tx.insert(jobEvents).values({ job: id, data: storable(data) });
    return row;
  });
}

/** Ends one part of a study; false where it had ended before. */
export async function endPart(
  db: Db,
  id: string,
  part: number,
  given: { readonly cached: boolean; readonly warnings: number; readonly error: string | null },
): Promise<boolean> {
  const result = storable(given);
  return db.transaction(async (tx) => {
    const [row] = await tx
      .update(jobParts)
      .set({ state: "done", cached: result.cached, reason: result.error, finishedAt: new Date() })
      .where(and(eq(jobParts.job, id), eq(jobParts.part, part), eq(jobParts.state, "queued")))
      .returning();
    if (!row) return false;
    const { done, total } = await progressOf(tx as unknown as Db, id);
    const { patient, phase } = row;
    await tx.insert(jobEvents).values({
      job: id,
      data: { type: "case", patient, phase, done, total, cached: result.cached, warnings: result.warnings, error: result.error },
    });
    return true;
  });
}

/** Adds to what a job's stream of events tells. */
export async function addEvent(db: Db, id: string, data: Record<string, unknown>): Promise<void> {
  await db.insert(jobEvents).values({ job: id, data: storable(data) });
}

/** A job's events after one of them, oldest first. */
export async function eventsAfter(db: Db, id: string, after: number): Promise<(typeof jobEvents.$inferSelect)[]> {
  return db
    .select()
    .from(jobEvents)
    .where(and(eq(jobEvents.job, id), gt(jobEvents.id, after)))
    .orderBy(asc(jobEvents.id))
    .limit(500);
}
