import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEngines, type Engines } from "./processes.ts";

let folder: string;
let file: string;
const open: Engines[] = [];
const engines = (bytes: number) => {
  const made = createEngines(1, bytes, { read: [folder], write: [], isWide: false });
  open.push(made);
  return made;
};

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-engines-"));
  file = join(folder, "photo");
  await writeFile(file, new Uint8Array([0xff, 0xd8, 0xff]));
});
afterAll(async () => {
  for (const one of open) one.close();
  await rm(folder, { recursive: true });
});

const REFUSAL = "model: is neither a bundle";

test("a task's own refusal comes back by name, and the process goes on", async () => {
  const pool = engines(2 ** 31);
  for (let turn = 0; turn < 2; turn++)
    await expect(pool.run("describe", { file }, { seconds: 60 })).rejects.toMatchObject({
      name: "IntakeError",
      message: expect.stringContaining(REFUSAL),
    });
  expect(pool.deaths()).toBe(0);
});

test.skipIf(process.platform !== "linux")("a process that takes too much memory is ended with a sentence, not the service", async () => {
  const pool = engines(2 ** 20);
  await expect(pool.run("describe", { file }, { seconds: 60 })).rejects.toMatchObject({
    name: "DeviceError",
    message: expect.stringContaining("GiB of memory that the service gives it"),
  });
  expect(pool.deaths()).toBe(1);
});

test("a task that takes too long is ended, and the next one gets a fresh process", async () => {
  const pool = engines(2 ** 31);
  await expect(pool.run("describe", { file }, { seconds: 0.001 })).rejects.toMatchObject({
    name: "DeviceError",
    message: expect.stringContaining("took longer than the 0.001 seconds"),
  });
  await expect(pool.run("describe", { file }, { seconds: 60 })).rejects.toThrow(REFUSAL);
});

test("a stopped task ends its process at once, and those that wait are served", async () => {
  const pool = engines(2 ** 31);
  const stop = new AbortController();
  const stopped = pool.run("describe", { file }, { seconds: 60, signal: stop.signal });
  const next = pool.run("describe", { file }, { seconds: 60 });
  stop.abort();
  await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
  await expect(next).rejects.toThrow(REFUSAL);
});
