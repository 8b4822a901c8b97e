// How long patients' data stay: what is older than was asked goes by itself, files first.
import { readdir, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { and, eq, inArray, isNull, lt, notInArray, or, sql } from "drizzle-orm";
import { cases, jobs } from "./database/tables.ts";
import type { Ground } from "./ground.ts";
import { OPEN } from "./jobs/record.ts";
import { traceOf } from "./log.ts";
import { removeWhatIsOlder } from "./store.ts";

const DAY_MS = 86_400_000;
/** Milliseconds between looks. */
const LOOK_MS = 3_600_000;

/** How much was removed. */
export interface Removed {
  readonly jobs: number;
  readonly cases: number;
  /** Finished cases of studies in the cache. */
  readonly cached: number;
}

/**
 * Removes what is older than `keepDays` at `now`: jobs by their end, cases by their sending, and kept results by their writing. A case stays as long as a job
 * that names it, which counts from the moment in which that job's request is accepted (`jobs/check-request.ts`). Models and keys stay: they are nobody's scan.
 *
 * Files go before rows, so that an end in the middle leaves rows, which the next look takes, and never a scan that nothing names.
 */
export async function removeOlder({ db, store }: Pick<Ground, "db" | "store">, keepDays: number, now: Date): Promise<Removed> {
  const cutoff = new Date(now.getTime() - keepDays * DAY_MS);

  const oldJobs = await db
    .select({ id: jobs.id })
    .from(jobs)
    .where(and(notInArray(jobs.state, OPEN), lt(jobs.finishedAt, cutoff)));
  for (const { id } of oldJobs) await store.remove(store.jobAt(id).folder);
  await inParts(oldJobs, (ids) => db.delete(jobs).where(inArray(jobs.id, ids)));

  const named = sql`select (regexp_matches(lower(${jobs.request}::text), '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}', 'g'))[1] from ${jobs}`;
  const isUnused = or(isNull(cases.usedAt), lt(cases.usedAt, cutoff));
  // Marked first, in one statement: from then on no job is accepted for them.
  await db
    .update(cases)
    .set({ removing: true })
    .where(and(lt(cases.createdAt, cutoff), isUnused, sql`${cases.id}::text not in (${named})`));
  const oldCases = await db.select({ id: cases.id }).from(cases).where(eq(cases.removing, true));
  for (const { id } of oldCases) await store.removeCase(id);
  await inParts(oldCases, (ids) => db.delete(cases).where(inArray(cases.id, ids)));

  // A service that was killed between the two may have left files without a row.
  for (const [folder, rows] of [
    [store.casesFolder, await db.select({ id: cases.id }).from(cases)],
    [store.jobsFolder, await db.select({ id: jobs.id }).from(jobs)],
  ] as const) {
    const known = new Set(rows.map(({ id }) => id));
    await removeWhatIsOlder(folder, cutoff, (name) => known.has(name));
  }

  return { jobs: oldJobs.length, cases: oldCases.length, cached: await removeOldFiles(store.cache, cutoff) };
}

/** Ids a few thousand at a time: a query has a limited number of values. */
async function inParts(rows: readonly { readonly id: string }[], take: (ids: string[]) => PromiseLike<unknown>): Promise<void> {
  for (let i = 0; i < rows.length; i += 5000) await take(rows.slice(i, i + 5000).map(({ id }) => id));
}

/** What is missing in the cache is computed again: files may go at any time. */
async function removeOldFiles(folder: string, before: Date): Promise<number> {
  let removed = 0;
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const info = await stat(path).catch(() => null);
    if (!info || info.mtime >= before) continue;
    await rm(path, { force: true });
    removed++;
  }
  return removed;
}

/**
 * Calls `remove` now and once an hour, and logs what went: numbers alone. A look that fails is logged, and the next one comes all the same.
 *
 * @returns ends it, once a look under way is over
 */
export function keepRemoving(remove: () => Promise<Removed>, log: Ground["log"]): () => Promise<void> {
  const look = () =>
    remove().then(
      (removed) => void (Object.values(removed).some((n) => n > 0) && log.info(removed, "removed what was kept long enough")),
      (error: unknown) => log.error({ error: traceOf(error) }, "old data could not be removed"),
    );
  let last = look();
  const timer = setInterval(() => {
    last = last.then(look);
  }, LOOK_MS);
  return () => {
    clearInterval(timer);
    return last;
  };
}
