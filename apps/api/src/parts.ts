// What a service and a worker both stand on: database, data folder, queue, engines.
import { availableParallelism } from "node:os";
import { eq } from "drizzle-orm";
import { openDatabase, type Database } from "./database/open.ts";
import { RoomError } from "./database/room-error.ts";
import { dataFolder } from "./database/tables.ts";
import { createEngines, type Engines } from "./engine/processes.ts";
import type { Ground } from "./ground.ts";
import { openQueue } from "./jobs/queue.ts";
import { createRunner } from "./jobs/runner.ts";
import { createLog } from "./log.ts";
import { createMetrics } from "./metrics.ts";
import { DEFAULT_LIMITS, type Limits } from "./settings.ts";
import { folderMark, openStore } from "./store.ts";

/** Where a service or worker keeps things and how much it takes. */
export interface PartsOptions {
  /** The data folder: voxels, models, results, and the embedded database. */
  readonly data: string;
  /** PostgreSQL; the embedded database without it. */
  readonly databaseUrl?: string;
  /** Jobs at a time; default: the machine's cores. 0 leaves them all to workers. */
  readonly jobs?: number;
  readonly limits?: Partial<Limits>;
  /** fatal, error, warn, info, debug, silent. */
  readonly logLevel?: string;
}

/** Everything that computes; the engines are those that read uploads. */
export interface Parts extends Ground {
  readonly database: Database;
  /** The process that places the studies that are asked for. */
  readonly placing: Engines;
  /** Begins to take jobs from the queue. */
  work(): Promise<void>;
  /** Ends: jobs that run have `seconds` to finish; others begin again at the next start. */
  close(seconds: number): Promise<void>;
}

/**
 * Opens the parts.
 *
 * @throws ConfigError or DeviceError of `openDatabase`; ConfigError where the data folder is not that of the database
 */
export async function openParts({
  data,
  databaseUrl,
  jobs = availableParallelism(),
  logLevel = "info",
  ...given
}: PartsOptions): Promise<Parts> {
  const limits = { ...DEFAULT_LIMITS, ...given.limits };
  const log = createLog(logLevel);
  const store = await openStore(data);
  const database = await openDatabase(data, databaseUrl);
  try {
    await checkFolder(database, data);
    await store.clearIncoming(database.kind === "embedded");
    const queue = await openQueue(database, limits.jobSeconds, log);
    const { incomingFolder, casesFolder, modelsFolder, jobsFolder, cache } = store;
    const forJobs = { read: [casesFolder, modelsFolder], write: [jobsFolder, cache], isWide: true };
    const engines = createEngines(Math.min(2, availableParallelism()), limits.engineBytes, {
      read: [],
      write: [incomingFolder],
      isWide: false,
    });
    const placing = createEngines(1, limits.engineBytes, forJobs);
    const jobEngines = createEngines(Math.max(1, jobs), limits.engineBytes, forJobs);
    const all = [engines, placing, jobEngines];
    const metrics = createMetrics(() => ({
      running: all.reduce((sum, { running }) => sum + running(), 0),
      deaths: all.reduce((sum, { deaths }) => sum + deaths(), 0),
    }));
    const ground: Ground = { db: database.db, store, queue, engines, limits, log, metrics };
    return {
      ...ground,
      placing,
      database,
      async work() {
        if (jobs < 1) return;
        await queue.work(createRunner({ ...ground, engines: jobEngines }), jobs);
      },
      async close(seconds) {
        await queue.stop(seconds);
        for (const one of all) one.close();
        await database.close();
      },
    };
  } catch (error) {
    await database.close();
    throw error;
  }
}

/** A worker that looked for voxels in another folder than the service's would find none of them. */
async function checkFolder({ db }: Database, folder: string): Promise<void> {
  const mark = await folderMark(folder);
  await db.insert(dataFolder).values({ id: mark }).onConflictDoNothing();
  const rows = await db.select().from(dataFolder);
  if (rows.length === 1) return;
  await db.delete(dataFolder).where(eq(dataFolder.id, mark));
  throw new RoomError(
    "ConfigError",
    `${folder}: is not the data folder of this database's service; workers and services of one database share one folder (a network mount between machines), so give --data its path`,
  );
}
