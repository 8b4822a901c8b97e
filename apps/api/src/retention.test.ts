import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { cases, jobEvents, jobs, type JobState } from "./database/tables.ts";
import { checkRequest } from "./jobs/check-request.ts";
import type { JobRequest } from "./jobs/schema.ts";
import { createLog } from "./log.ts";
import { openParts, type Parts } from "./parts.ts";
import { keepRemoving, removeOlder } from "./retention.ts";

let folder: string;
let parts: Parts;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-retention-"));
  parts = await openParts({ data: folder, jobs: 0, logLevel: "silent" });
});
afterAll(async () => {
  await parts.close(0);
  await rm(folder, { recursive: true });
});
afterEach(() => void vi.useRealTimers());

const NOW = new Date("2026-06-30T12:00:00Z");
const daysAgo = (days: number) => new Date(NOW.getTime() - days * 86_400_000);

async function addCase(days: number): Promise<string> {
  const id = randomUUID();
  await mkdir(join(folder, "cases", id));
  await writeFile(parts.store.caseAt(id).image, "voxels");
  await parts.db.insert(cases).values({ id, phase: null, hasMask: false, hasRough: false, facts: {}, createdAt: daysAgo(days) });
  return id;
}
async function addJob(state: JobState, days: number, request: object): Promise<string> {
  const id = randomUUID();
  await mkdir(parts.store.jobAt(id).files, { recursive: true });
  await writeFile(join(parts.store.jobAt(id).files, "mask.nii.gz"), "voxels");
  const finishedAt = state === "queued" || state === "running" ? null : daysAgo(days);
  await parts.db.insert(jobs).values({ id, kind: "radiomics", state, request: { ...request }, createdAt: daysAgo(days), finishedAt });
  await parts.db.insert(jobEvents).values({ job: id, data: { type: "end" } });
  return id;
}
const idsOf = async (table: typeof cases | typeof jobs) =>
  (await parts.db.select({ id: table.id }).from(table)).map(({ id }) => id).toSorted();

test("after 30 days cases, ended jobs and kept results go with their files; what is younger, runs, or is named by such stays", async () => {
  const [old, young, asked, placed] = [await addCase(31), await addCase(29), await addCase(90), await addCase(90)];
  const ended = await addJob("done", 31, { case: old });
  await addJob("failed", 400, { case: old });
  const kept = [
    await addJob("cancelled", 29, {}),
    await addJob("running", 31, { cases: { ct: asked.toUpperCase() } }),
    await addJob("done", 2, { kind: "study", uses: [placed] }),
  ].toSorted();
  for (const [name, days] of [["aa/old.json", 31], ["aa/young.json", 29]] as const) {
    const file = join(folder, "cache", name);
    await mkdir(join(folder, "cache", "aa"), { recursive: true });
    await writeFile(file, "{}");
    await utimes(file, daysAgo(days), daysAgo(days));
  } // prettier-ignore

  const stray = join(folder, "cases", randomUUID());
  await mkdir(stray);
  await utimes(stray, daysAgo(31), daysAgo(31));

  expect(await removeOlder(parts, 30, NOW)).toEqual({ jobs: 2, cases: 1, cached: 1 });
  expect(await idsOf(jobs)).toEqual(kept);
  expect((await readdir(join(folder, "jobs"))).toSorted()).toEqual(kept);
  expect(await idsOf(cases)).toEqual([young, asked, placed].toSorted());
  expect((await readdir(join(folder, "cases"))).toSorted()).toEqual([young, asked, placed].toSorted());
  expect(await readdir(join(folder, "cache", "aa"))).toEqual(["young.json"]);
  expect((await parts.db.select().from(jobEvents)).map(({ job }) => job)).not.toContain(ended);
  expect(await removeOlder(parts, 30, NOW)).toEqual({ jobs: 0, cases: 0, cached: 0 });

  // A month after its last job a case goes too.
  expect(await removeOlder(parts, 30, daysAgo(-31))).toEqual({ jobs: 2, cases: 2, cached: 1 });
  expect(await idsOf(cases)).toEqual([asked]);
});

test("a case counts as used from the moment in which a job for it is accepted, before the job has a row", async () => {
  vi.useFakeTimers({ toFake: ["Date"], now: NOW });
  const [used, unused] = [await addCase(400), await addCase(400)];
  const request = { kind: "radiomics", case: used } as JobRequest;
  await checkRequest(randomUUID(), request, parts);
  expect(await removeOlder(parts, 30, NOW)).toMatchObject({ cases: 1 });
  expect(await readdir(join(folder, "cases"))).not.toContain(unused);
  expect(await idsOf(cases)).toContain(used);

  // Its month begins anew, as if it had been sent then.
  expect(await removeOlder(parts, 30, daysAgo(-29))).toMatchObject({ cases: 0 });
  expect(await removeOlder(parts, 30, daysAgo(-31))).toMatchObject({ cases: 1 });
  await expect(checkRequest(randomUUID(), request, parts)).rejects.toThrow(`there is no case ${used}`);
});

test("no job is accepted for a case whose files are going; a removal that was ended in the middle is finished by the next look", async () => {
  const id = await addCase(400);
  const asked: Promise<unknown>[] = [];
  const killed = {
    ...parts.store,
    removeCase: async () => {
      asked.push(checkRequest(randomUUID(), { kind: "radiomics", case: id } as JobRequest, parts).catch((error: Error) => error.message));
      await asked[0];
      throw new Error("killed");
    },
  };
  await expect(removeOlder({ db: parts.db, store: killed }, 30, NOW)).rejects.toThrow("killed");
  expect(await Promise.all(asked)).toEqual([expect.stringContaining(`there is no case ${id}`)]);
  expect(await idsOf(cases)).toContain(id);
  expect(await removeOlder(parts, 30, NOW)).toMatchObject({ cases: 1 });
  expect(await readdir(join(folder, "cases"))).not.toContain(id);
});

test("it looks at once and every hour, also after a failure, and its log has numbers alone", async () => {
  vi.useFakeTimers();
  const lines: string[] = [];
  const log = createLog("info", { write: (line) => void lines.push(line) });
  const found = [
    { jobs: 1, cases: 2, cached: 0 },
    new Error("disk: scan of Doe^Jane"),
    { jobs: 0, cases: 0, cached: 0 },
    { jobs: 0, cases: 1, cached: 0 },
  ];
  let looks = 0;
  const end = keepRemoving(async () => {
    const next = found[looks++]!;
    if (next instanceof Error) throw next;
    return next;
  }, log);
  await vi.advanceTimersByTimeAsync(3 * 3_600_000);
  await end();
  await vi.advanceTimersByTimeAsync(9 * 3_600_000);
  expect(looks).toBe(4);
  expect(lines.map((line) => JSON.parse(line) as { msg: string }).map(({ msg }) => msg)).toEqual([
    "removed what was kept long enough",
    "old data could not be removed",
    "removed what was kept long enough",
  ]);
  expect(lines.join("")).not.toContain("Doe");
});
