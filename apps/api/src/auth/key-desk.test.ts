import { mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startService } from "../serve.ts";
import { withKeys } from "../keys.ts";
import type { KeyBook } from "./key-book.ts";
import { findKeyDesk, openKeyDesk } from "./key-desk.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-desk-"));
});
afterEach(() => rm(folder, { recursive: true }));

const KEY = { id: "1f3a9c02", name: "gateway", scopes: ["read"], createdAt: new Date("2026-01-02T03:04:05.678Z"), revokedAt: null };
const REVOKED = { ...KEY, revokedAt: new Date("2026-02-03T04:05:06.789Z") };
const book: KeyBook = {
  create: async (name, scopes) => ({ token: "islet_token", key: { ...KEY, name, scopes } }),
  list: async () => [KEY, REVOKED],
  revoke: async (id) => (id === KEY.id ? REVOKED : null),
};
const file = () => join(folder, "key-desk.json");
const place = async () => JSON.parse(await readFile(file(), "utf8")) as { port: number; word: string };

test("through the desk a key is made, listed and revoked as in the database itself", async () => {
  const close = await openKeyDesk(folder, book);
  const found = (await findKeyDesk(folder))!;
  expect(await found.create("pacs", ["cases", "read"])).toEqual(await book.create("pacs", ["cases", "read"]));
  expect(await found.list()).toEqual([KEY, REVOKED]);
  expect(await found.revoke(KEY.id)).toEqual(REVOKED);
  expect(await found.revoke("00000000")).toBeNull();
  await close();
});

test("without the word of its file, which its owner alone may read, it tells nothing; a question that is none is refused", async () => {
  const close = await openKeyDesk(folder, book);
  const { port, word } = await place();
  const ask = async (headers: Record<string, string>, body: string) =>
    (await fetch(`http://127.0.0.1:${port}/`, { method: "POST", headers, body })).status;
  const list = JSON.stringify({ do: "list" });
  expect(await ask({}, list)).toBe(401);
  expect(await ask({ authorization: `Bearer ${word.replace(/.$/, "!")}` }, list)).toBe(401);
  expect(await ask({ authorization: `Bearer ${word}` }, list)).toBe(200);
  expect(await ask({ authorization: `Bearer ${word}` }, JSON.stringify({ do: "create", name: "x", scopes: ["all"] }))).toBe(400);
  expect(await ask({ authorization: `Bearer ${word}` }, "{")).toBe(400);
  const { mode } = await stat(file());
  expect(process.platform === "win32" || (mode & 0o777) === 0o600).toBe(true);
  await close();
});

test("a desk that was closed, was killed, or never was is not found", async () => {
  expect(await findKeyDesk(folder)).toBeNull();
  const close = await openKeyDesk(folder, book);
  const left = await readFile(file());
  await close();
  expect(await findKeyDesk(folder)).toBeNull();
  await writeFile(file(), left);
  expect(await findKeyDesk(folder)).toBeNull();
  await writeFile(file(), "{");
  expect(await findKeyDesk(folder)).toBeNull();
});

test("a key is made, used and revoked while the service runs on its embedded database, on loopback where that was asked; it is known after the end", async () => {
  const service = await startService({ data: folder, port: 0, jobs: 0, logLevel: "silent", requireKey: true });
  const { token, key } = await withKeys({ data: folder }, (keys) => keys.create("gateway", ["read"]));
  const statusWith = async (headers: Record<string, string>) => (await fetch(`${service.url}/v1/cases`, { headers })).status;
  expect(await statusWith({})).toBe(401);
  expect(await statusWith({ authorization: `Bearer ${token}` })).toBe(200);
  expect((await withKeys({ data: folder }, (keys) => keys.list())).map(({ id, name }) => [id, name])).toEqual([[key.id, "gateway"]]);
  await withKeys({ data: folder }, (keys) => keys.revoke(key.id));
  expect(await statusWith({ authorization: `Bearer ${token}` })).toBe(401);
  await service.stop(0);
  const [after] = await withKeys({ data: folder }, (keys) => keys.list());
  expect(after?.revokedAt).toBeInstanceOf(Date);
});
