// What requests and jobs both stand on.
import type { Db } from "./database/open.ts";
import type { Engines } from "./engine/processes.ts";
import type { Queue } from "./jobs/queue.ts";
import type { Log } from "./log.ts";
import type { Metrics } from "./metrics.ts";
import type { Limits } from "./settings.ts";
import type { Store } from "./store.ts";

/** The parts that routes and the jobs' runner are made of. */
export interface Ground {
  readonly db: Db;
  readonly store: Store;
  readonly queue: Queue;
  /** Processes that open files: uploads and jobs have their own, so that neither waits for the other. */
  readonly engines: Engines;
  readonly limits: Limits;
  readonly log: Log;
  readonly metrics: Metrics;
}
