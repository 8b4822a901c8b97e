// islet api-key's way to the database.
import { openDatabase, type Db } from "./database/open.ts";

/** Opens the database of a service for its keys, and closes it again. */
export async function withKeys<T>(
  { data, databaseUrl }: { readonly data: string; readonly databaseUrl?: string },
  use: (db: Db) => Promise<T>,
): Promise<T> {
  const database = await openDatabase(data, databaseUrl);
  try {
    return await use(database.db);
  } finally {
    await database.close();
  }
}
