// Keys of the API: made once and shown once; the database holds their hash.
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { desc, eq, isNull, and } from "drizzle-orm";
import type { Db } from "../database/open.ts";
import { apiKeys } from "../database/tables.ts";

/** What a key may do: look at everything, or also send and remove models, cases, or jobs. */
export const SCOPES = ["read", "models", "cases", "jobs"] as const;
export type Scope = (typeof SCOPES)[number];

/** A key without its secret. */
export interface KeyFacts {
  readonly id: string;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly createdAt: Date;
  readonly revokedAt: Date | null;
}

/** "islet_", eight hexadecimal digits that name the key, and 256 random bits. */
const SHAPE = /^islet_([0-9a-f]{8})_([A-Za-z0-9_-]{43})$/;

/** The secret has 256 random bits, so one round of SHA-256 is as good as a slow hash: there is nothing to guess. */
const hashOf = (token: string) => createHash("sha256").update(token).digest("hex");

/** Makes a key. The token is not kept and cannot be shown again. */
export async function createKey(db: Db, name: string, scopes: readonly Scope[]): Promise<{ token: string; key: KeyFacts }> {
  const id = randomBytes(4).toString("hex");
  const token = `islet_${id}_${randomBytes(32).toString("base64url")}`;
  const [row] = await db
    .insert(apiKeys)
    .values({ id, name, hash: hashOf(token), scopes: [...scopes] })
    .returning();
  return { token, key: factsOf(row!) };
}

/** All keys, the newest first, revoked ones too. */
export async function listKeys(db: Db): Promise<KeyFacts[]> {
  return (await db.select().from(apiKeys).orderBy(desc(apiKeys.createdAt))).map(factsOf);
}

/** Ends a key at once; null where there is none that still opens. */
export async function revokeKey(db: Db, id: string): Promise<KeyFacts | null> {
  const [row] = await db
    .update(apiKeys)
    .set({ revokedAt: new Date() })
    .where(and(eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
    .returning();
  return row ? factsOf(row) : null;
}

/** The key of a token; null where the token is none of ours, or its key is revoked. */
export async function findKey(db: Db, token: string): Promise<KeyFacts | null> {
  const [, id] = SHAPE.exec(token) ?? [];
  if (!id) return null;
  const [row] = await db.select().from(apiKeys).where(eq(apiKeys.id, id));
  if (!row || row.revokedAt) return null;
  return timingSafeEqual(Buffer.from(row.hash, "hex"), Buffer.from(hashOf(token), "hex")) ? factsOf(row) : null;
}

const factsOf = ({ id, name, scopes, createdAt, revokedAt }: typeof apiKeys.$inferSelect): KeyFacts => ({
  id,
  name,
  scopes,
  createdAt,
  revokedAt,
});
