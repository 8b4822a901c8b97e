// The embedded database serves one process. While that is the service, islet api-key asks it here: on loopback, with a word that only who may read the data
// folder knows.
import { randomBytes, timingSafeEqual } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { SCOPES } from "./keys.ts";
import type { KeyBook } from "./key-book.ts";

/** Where the desk is, written beside the database; gone when the service ends in order. */
const fileIn = (folder: string) => join(folder, "key-desk.json");
const placeSchema = z.object({ port: z.int().min(1).max(65535), word: z.string().length(43) });

const question = z.discriminatedUnion("do", [
  z.object({ do: z.literal("create"), name: z.string().min(1), scopes: z.array(z.enum(SCOPES)).min(1) }),
  z.object({ do: z.literal("list") }),
  z.object({ do: z.literal("revoke"), id: z.string() }),
]);
type Question = z.infer<typeof question>;

const moment = z.iso.datetime().transform((at) => new Date(at));
const keySchema = z.object({
  id: z.string(),
  name: z.string(),
  scopes: z.array(z.string()),
  createdAt: moment,
  revokedAt: moment.nullable(),
});

/** Milliseconds that an answer may take: it is one row of a database in the same machine. */
const ANSWER_MS = 10_000;

/**
 * Opens the desk of a service.
 *
 * @param folder  the data folder, which only its owner may enter
 * @returns closes it
 */
export async function openKeyDesk(folder: string, book: KeyBook): Promise<() => Promise<void>> {
  const word = randomBytes(32).toString("base64url");
  const server = createServer((request, response) => {
    const end = (status: number, body: unknown) =>
      response.writeHead(status, { "Content-Type": "application/json", Connection: "close" }).end(JSON.stringify(body));
    if (!knows(request, word)) return void end(401, null);
    json(request)
      .then((asked) => answer(book, question.parse(asked)))
      .then(
        (told) => end(200, told),
        () => end(400, null),
      );
  });
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const file = fileIn(folder);
  // Whole or not at all, and never readable by others.
  await writeFile(`${file}.part`, JSON.stringify({ port, word }), { mode: 0o600 });
  await rename(`${file}.part`, file);
  return async () => {
    await rm(file, { force: true });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}

function knows({ headers }: IncomingMessage, word: string): boolean {
  const told = Buffer.from(headers.authorization ?? "");
  const wanted = Buffer.from(`Bearer ${word}`);
  return told.length === wanted.length && timingSafeEqual(told, wanted);
}

async function answer(book: KeyBook, asked: Question): Promise<unknown> {
  if (asked.do === "create") return book.create(asked.name, asked.scopes);
  return asked.do === "list" ? book.list() : book.revoke(asked.id);
}

/** The keys of the service that has the data folder's database open; null where none answers. */
export async function findKeyDesk(folder: string): Promise<KeyBook | null> {
  const written = await readFile(fileIn(folder), "utf8").catch(() => null);
  const place = written === null ? null : placeSchema.safeParse(parsed(written)).data;
  if (!place) return null;
  const ask = async (asked: Question): Promise<unknown> => {
    const response = await fetch(`http://127.0.0.1:${place.port}/`, {
      method: "POST",
      headers: { Authorization: `Bearer ${place.word}` },
      body: JSON.stringify(asked),
      signal: AbortSignal.timeout(ANSWER_MS),
    });
    if (!response.ok) throw new Error(`the service answered ${response.status} about its keys`);
    return response.json();
  };
  const book: KeyBook = {
    create: async (name, scopes) =>
      z.object({ token: z.string(), key: keySchema }).parse(await ask({ do: "create", name, scopes: [...scopes] })),
    list: async () => z.array(keySchema).parse(await ask({ do: "list" })),
    revoke: async (id) => keySchema.nullable().parse(await ask({ do: "revoke", id })),
  };
  // A service that was killed leaves its place behind, where nobody answers, or a stranger.
  return book.list().then(
    () => book,
    () => null,
  );
}

function parsed(written: string): unknown {
  try {
    return JSON.parse(written);
  } catch {
    return null;
  }
}
