// Keys, wherever the database is: asked itself, or through the service that has it open.
import { createKey, listKeys, revokeKey, type KeyFacts, type Scope } from "./keys.ts";
import type { Db } from "../database/open.ts";

/** What `islet api-key` does. */
export interface KeyBook {
  /** Makes a key; its token is shown this once. */
  create(name: string, scopes: readonly Scope[]): Promise<{ readonly token: string; readonly key: KeyFacts }>;
  /** All keys, the newest first. */
  list(): Promise<KeyFacts[]>;
  /** Ends a key; null where there is none that still opens. */
  revoke(id: string): Promise<KeyFacts | null>;
}

/** The keys of an open database. */
export function keyBook(db: Db): KeyBook {
  return {
    create: (name, scopes) => createKey(db, name, scopes),
    list: () => listKeys(db),
    revoke: (id) => revokeKey(db, id),
  };
}
