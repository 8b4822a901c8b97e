// islet api-key's way to the keys.
import { keyBook, type KeyBook } from "./auth/key-book.ts";
import { findKeyDesk } from "./auth/key-desk.ts";
import { openDatabase } from "./database/open.ts";

/**
 * Gives a service's keys to `use`: those in PostgreSQL, those of the service that runs on the data folder, or those in its embedded database.
 *
 * @throws ConfigError where another process has the embedded database open and is no service that answers
 */
export async function withKeys<T>(
  { data, databaseUrl }: { readonly data: string; readonly databaseUrl?: string },
  use: (keys: KeyBook) => Promise<T>,
): Promise<T> {
  const running = databaseUrl ? null : await findKeyDesk(data);
  if (running) return use(running);
  const database = await openDatabase(data, databaseUrl);
  try {
    return await use(keyBook(database.db));
  } finally {
    await database.close();
  }
}
