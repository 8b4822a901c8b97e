// The queue between those who ask and those who compute: pg-boss, with at-least-once delivery; rows say what is already done.
import { sql } from "drizzle-orm";
import { fromDrizzle, type PgBoss } from "pg-boss";
import type { Database, Db } from "../database/open.ts";
import { jobParts, jobs } from "../database/tables.ts";
import { storable } from "../database/storable.ts";
import { traceOf, type Log } from "../log.ts";

/** Names of the queues: whole jobs, and cases of studies. */
const JOBS = "job";
const PARTS = "part";

/** What is done with what was queued. */
export interface Handlers {
  job(id: string, signal: AbortSignal): Promise<void>;
  part(id: string, part: number, signal: AbortSignal): Promise<void>;
}

/** The queue of a service or worker. */
export interface Queue {
  /** Writes a job and what delivers it, both or neither. A study's cases go first; its own turn comes after the last. */
  add(
    job: typeof jobs.$inferInsert & { readonly id: string },
    cases: readonly { readonly patient: string; readonly phase: string }[],
  ): Promise<void>;
  /** Queues the last step of a study. */
  addReduce(id: string): Promise<void>;
  work(handlers: Handlers, atOnce: number): Promise<void>;
  stop(seconds: number): Promise<void>;
}

/** Seconds without a sign of life after which a worker's jobs go to another (PostgreSQL; an embedded service takes its own up at its start). */
const HEARTBEAT_SECONDS = 20;

/** Opens the queue. On the embedded database, what an earlier process was working on is queued again: nobody else can be. */
export async function openQueue(database: Database, jobSeconds: number, log: Log): Promise<Queue> {
  const boss = database.makeBoss({
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    maintenanceIntervalSeconds: 600,
    schedule: false,
    useListenNotify: true,
    registerInstance: false,
    openTelemetry: { enabled: false },
  });
  boss.on("error", (error) => log.error({ error: traceOf(error) }, "queue"));
  await boss.start();
  const options = {
    // A killed service or worker has not failed: how often a job may begin is counted in its own row.
    retryLimit: 1000,
    expireInSeconds: Math.min(86_000, jobSeconds + 60),
    heartbeatSeconds: HEARTBEAT_SECONDS,
    deleteAfterSeconds: 3600,
    notify: true,
  };
  for (const name of [JOBS, PARTS]) await boss.createQueue(name, options);
  // So that it knows them: on the embedded database it could not look them up within a transaction of ours.
  for (const name of [JOBS, PARTS]) await boss.findJobs(name, { limit: 1 });
  if (database.kind === "embedded") await requeueActive(database.db, boss);
  const { db } = database;
  return {
    async add(job, cases) {
      await db.transaction(async (tx) => {
        const within = { db: fromDrizzle(tx as unknown as Parameters<typeof fromDrizzle>[0], sql) };
        await tx.insert(jobs).values({ ...job, request: storable(job.request) });
        if (cases.length === 0) return void (await boss.send(JOBS, { id: job.id }, { ...within, id: job.id }));
        await tx.insert(jobParts).values(cases.map(({ patient, phase }, part) => ({ job: job.id, part, patient, phase })));
        await boss.insert(
          PARTS,
          cases.map((_, part) => ({ data: { id: job.id, part } })),
          within,
        );
      });
    },
    async addReduce(id) {
      // Under the job's own id, so that of two last cases only one queues it.
      await boss.send(JOBS, { id }, { id });
    },
    async work({ job, part }, atOnce) {
      const polling = { pollingIntervalSeconds: 0.5, notifyPollingIntervalSeconds: 2 };
      const hire = async <T extends object>(name: string, take: (data: T, signal: AbortSignal) => Promise<void>) => {
        const own: string = await boss.work<T>(name, polling, async ([one]) => {
          await take(one!.data, one!.signal);
          // Where there was one there may be another: look at once, not when it is next time to.
          boss.notifyWorker(own);
        });
      };
      for (let i = 0; i < atOnce; i++) {
        await hire<{ id: string }>(JOBS, ({ id }, signal) => job(id, signal));
        await hire<{ id: string; part: number }>(PARTS, (data, signal) => part(data.id, data.part, signal));
      }
    },
    stop: (seconds) => boss.stop({ graceful: seconds > 0, timeout: seconds * 1000, close: true }),
  };
}

async function requeueActive(db: Db, boss: PgBoss): Promise<void> {
  const { rows } = (await db.execute(sql`select name, id from pgboss.job where state = 'active'`)) as unknown as {
    rows: { name: string; id: string }[];
  };
  for (const { name, id } of rows) await boss.fail(name, id, { reason: "the service was restarted" });
}
