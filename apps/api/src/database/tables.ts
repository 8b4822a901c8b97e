// The tables of migrations/, typed.
import { bigint, bigserial, boolean, integer, jsonb, pgTable, primaryKey, text, timestamp, uuid } from "drizzle-orm/pg-core";
import type { Problem } from "../problem.ts";

const moment = (name: string) => timestamp(name, { withTimezone: true });

/** Keys of the API: the hash of each secret, never the secret. */
export const apiKeys = pgTable("api_key", {
  id: text().primaryKey(),
  name: text().notNull(),
  hash: text().notNull(),
  scopes: text().array().notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
  revokedAt: moment("revoked_at"),
});

/** Bundles and networks that were sent, by the SHA-256 of their bytes. */
export const models = pgTable("model", {
  id: uuid().primaryKey(),
  kind: text().$type<"bundle" | "network">().notNull(),
  sha256: text().notNull().unique(),
  bytes: bigint({ mode: "number" }).notNull(),
  description: jsonb().$type<Record<string, unknown>>().notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
});

/** One phase of one patient: facts of the scan, none of the person. The voxels lie in the data folder. */
export const cases = pgTable("patient_case", {
  id: uuid().primaryKey(),
  phase: text(),
  hasMask: boolean("has_mask").notNull(),
  hasRough: boolean("has_rough").notNull(),
  facts: jsonb().$type<Record<string, unknown>>().notNull(),
  createdAt: moment("created_at").notNull().defaultNow(),
  /** When a job that names it was last accepted; null where none ever was. */
  usedAt: moment("used_at"),
  /** Whether it is too old and its files are going: no job is accepted for it any more. */
  removing: boolean().notNull().default(false),
});

/** States of a job; the last three are final. */
export type JobState = "queued" | "running" | "done" | "failed" | "cancelled";

/** What was asked, how far it is, and the one result. */
export const jobs = pgTable("job", {
  id: uuid().primaryKey(),
  kind: text().notNull(),
  state: text().$type<JobState>().notNull().default("queued"),
  request: jsonb().$type<Record<string, unknown>>().notNull(),
  result: jsonb().$type<Record<string, unknown>>(),
  problem: jsonb().$type<Problem>(),
  /** How often a worker began it: one that ends its worker again and again is given up. */
  starts: integer().notNull().default(0),
  createdAt: moment("created_at").notNull().defaultNow(),
  startedAt: moment("started_at"),
  finishedAt: moment("finished_at"),
});

/** The cases of a study's fan-out. */
export const jobParts = pgTable(
  "job_part",
  {
    job: uuid().notNull(),
    part: integer().notNull(),
    patient: text().notNull(),
    phase: text().notNull(),
    state: text().$type<"queued" | "done">().notNull().default("queued"),
    /** Whether an earlier run had computed it; null until it is done. */
    cached: boolean(),
    /** The sentence where its files are at fault. */
    reason: text(),
    starts: integer().notNull().default(0),
    finishedAt: moment("finished_at"),
  },
  (table) => [primaryKey({ columns: [table.job, table.part] })],
);

/** What happened to a job, in order: what its stream of events tells. */
export const jobEvents = pgTable("job_event", {
  id: bigserial({ mode: "number" }).primaryKey(),
  job: uuid().notNull(),
  data: jsonb().$type<Record<string, unknown>>().notNull(),
  at: moment("at").notNull().defaultNow(),
});

/** The data folder that belongs to this database. */
export const dataFolder = pgTable("data_folder", { id: uuid().primaryKey() });
