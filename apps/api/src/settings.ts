// Bounds of what the service takes, in one place.

/** How much is taken, for how long, and how much at a time. */
export interface Limits {
  /** Bytes of one upload, and of a body of JSON. */
  readonly bodyBytes: number;
  readonly jsonBytes: number;
  /** Files of one upload, packed or not; bytes once unpacked; voxels. */
  readonly files: number;
  readonly unpackedBytes: number;
  readonly voxels: number;
  /** Seconds to read an upload that has arrived, and for one job. */
  readonly intakeSeconds: number;
  readonly jobSeconds: number;
  /** Resident bytes of one engine process. */
  readonly engineBytes: number;
  /** Uploads that are received or read at a time, event streams that are open, jobs that wait. */
  readonly uploads: number;
  readonly streams: number;
  readonly queuedJobs: number;
}

/** Bounds for a machine of 2 cores and 8 GiB. */
export const DEFAULT_LIMITS: Limits = {
  bodyBytes: 2 * 2 ** 30,
  jsonBytes: 16 * 2 ** 20,
  files: 20_000,
  unpackedBytes: 4 * 2 ** 30,
  voxels: 2 ** 29,
  intakeSeconds: 120,
  jobSeconds: 4 * 3600,
  engineBytes: 4 * 2 ** 30,
  uploads: 4,
  streams: 200,
  queuedJobs: 10_000,
};

/** How often a worker may begin the same job before it is given up: more than a few restarts of a service, fewer than for ever. */
export const MOST_STARTS = 5;
