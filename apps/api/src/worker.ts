// A worker: takes jobs from a PostgreSQL that a service elsewhere fills.
import { RoomError } from "./database/room-error.ts";
import { openParts, type PartsOptions } from "./parts.ts";

/** A worker that works. */
export interface Worker {
  stop(seconds: number): Promise<void>;
}

/**
 * Starts a worker.
 *
 * @throws ConfigError without a PostgreSQL, since the embedded database serves one process alone
 */
export async function startWorker(options: PartsOptions): Promise<Worker> {
  if (!options.databaseUrl) {
    throw new RoomError(
      "ConfigError",
      "DATABASE_URL: is not set, and the embedded database serves one process alone, which does its own jobs; set it to a PostgreSQL that islet serve uses too",
    );
  }
  const parts = await openParts(options);
  await parts.work();
  return { stop: (seconds) => parts.close(seconds) };
}
