// One database, embedded or PostgreSQL: the same tables and the same queue on either.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { PGlite } from "@electric-sql/pglite";
import { drizzle as overPglite } from "drizzle-orm/pglite";
import { migrate as migratePglite } from "drizzle-orm/pglite/migrator";
import { drizzle as overPool } from "drizzle-orm/node-postgres";
import { migrate as migratePool } from "drizzle-orm/node-postgres/migrator";
import type { PgDatabase, PgQueryResultHKT } from "drizzle-orm/pg-core";
import { Pool } from "pg";
import { fromPglite, PgBoss, type ConstructorOptions } from "pg-boss";
import { RoomError } from "./room-error.ts";

/** Queries, whichever database answers them. */
export type Db = PgDatabase<PgQueryResultHKT>;

/** A database with its tables made, and the queue on it. */
export interface Database {
  readonly kind: "embedded" | "postgresql";
  readonly db: Db;
  /** A queue that has not been started. */
  makeBoss(options: Omit<ConstructorOptions, "db" | "connectionString" | "backend">): PgBoss;
  close(): Promise<void>;
}

const MIGRATIONS = fileURLToPath(new URL("../../migrations", import.meta.url));
/** Serialises migrations of services that start at the same time; any number that is ours. */
const MIGRATION_LOCK = 0x151e7;

/**
 * Opens PostgreSQL at `url`, or without one the embedded database in `folder`.
 *
 * @throws ConfigError where another process has the embedded database open; DeviceError where PostgreSQL cannot be reached
 */
export function openDatabase(folder: string, url: string | undefined): Promise<Database> {
  return url ? openPostgres(url) : openEmbedded(folder);
}

async function openEmbedded(folder: string): Promise<Database> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const unlock = await lock(folder);
  try {
    const client = await PGlite.create(join(folder, "database"));
    const db = overPglite(client);
    await migratePglite(db, { migrationsFolder: MIGRATIONS });
    return {
      kind: "embedded",
      db: db as unknown as Db,
      makeBoss: (options) => new PgBoss({ ...options, db: fromPglite(client), backend: "pglite" }),
      async close() {
        await client.close();
        await unlock();
      },
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}

/** One process at a time: the embedded database has no server that could share it. */
async function lock(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, "service.pid");
  const holder = Number(await readFile(file, "utf8").catch(() => ""));
  if (holder > 0 && holder !== process.pid && isAlive(holder)) {
    throw new RoomError(
      "ConfigError",
      `${folder}: another process (${holder}) has the embedded database open, and only one can; stop it, choose another --data, or set DATABASE_URL to share a PostgreSQL. (Where that process is no islet, remove ${file}.)`,
    );
  }
  await writeFile(file, `${process.pid}\n`);
  return () => rm(file, { force: true });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function openPostgres(url: string): Promise<Database> {
  const pool = new Pool({ connectionString: url, max: 10 });
  // A connection that breaks while idle is replaced when it is next needed; without a listener it would end the process.
  pool.on("error", () => {});
  try {
    const client = await pool.connect();
    try {
      await client.query("select pg_advisory_lock($1)", [MIGRATION_LOCK]);
      await migratePool(overPool(client), { migrationsFolder: MIGRATIONS });
    } finally {
      await client.query("select pg_advisory_unlock($1)", [MIGRATION_LOCK]).catch(() => {});
      client.release();
    }
  } catch (error) {
    await pool.end().catch(() => {});
    const { code, message } = error as NodeJS.ErrnoException;
    throw new RoomError(
      "DeviceError",
      `DATABASE_URL: the PostgreSQL it names cannot be used (${code ?? message}); check that it runs and that the address, user and password are right`,
      { cause: error },
    );
  }
  return {
    kind: "postgresql",
    db: overPool(pool) as unknown as Db,
    makeBoss: (options) => new PgBoss({ ...options, connectionString: url, max: 6 }),
    close: () => pool.end(),
  };
}
