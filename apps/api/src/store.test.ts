import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openStore } from "./store.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-store-"));
  // What a service of another process left: one upload of long ago, one that may be arriving.
  for (const upload of ["old", "new"]) {
    await mkdir(join(folder, "incoming", "another", upload), { recursive: true });
    await writeFile(join(folder, "incoming", "another", upload, "000001"), "DICM");
  }
  const longAgo = new Date(Date.now() - 3 * 3_600_000);
  await utimes(join(folder, "incoming", "another", "old"), longAgo, longAgo);
});
afterEach(() => rm(folder, { recursive: true }));

test("uploads that a killed service had received by half go at the next start, and this one's own stay", async () => {
  const store = await openStore(folder);
  await mkdir(store.incoming());
  await store.clearIncoming(true);
  expect(await readdir(join(folder, "incoming"))).toEqual([basename(store.incomingFolder)]);
  expect(await readdir(store.incomingFolder)).toHaveLength(1);
});

test("where other services share the folder, what may still be arriving there stays", async () => {
  const store = await openStore(folder);
  await store.clearIncoming(false);
  expect(await readdir(join(folder, "incoming", "another"))).toEqual(["new"]);
});
