// Services and workers killed in the middle of a study of 50 cases: none that was finished is lost or computed again, and each has one result.
import { mkdtemp, readdir, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ballCohort, ballStudy, ballTable, sendBall, type BallPatient } from "../helpers/ball-cohort.ts";
import { islet } from "../helpers/cli.ts";
import { postgresPrograms, startPostgres, type PostgresServer } from "../helpers/postgres.ts";
import { answerOf, postJson, startIslet, untilTrue, type ServiceProcess } from "../helpers/service.ts";

const cohort = ballCohort(50);
const programs = await postgresPrograms();
let folder: string;
const running: ServiceProcess[] = [];
const start = async (args: readonly string[], env: Record<string, string> = {}) => {
  const one = await startIslet([...args, "--log-level", "error"], env);
  running.push(one);
  return one;
};
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-api-kill-"));
});
afterAll(async () => {
  for (const one of running) await one.end("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

interface Job {
  readonly id: string;
  readonly state: string;
  readonly done: number;
}
const jobOf = (url: string, id: string) => answerOf<Job>(fetch(`${url}/v1/jobs/${id}`));

/** Sends the cohort and asks for its study. */
async function askStudy(url: string, patients: readonly BallPatient[]): Promise<string> {
  const ids = new Map<string, string>();
  for (const patient of patients) ids.set(patient.id, await sendBall(url, patient));
  const request = {
    kind: "study",
    study: ballStudy({ image: "scan", mask: "scan", rough: "scan" }, ["hand"]),
    tables: { "cohort.csv": ballTable(patients, ({ id }) => ({ scan: ids.get(id)! })) },
    backend: "wasm",
  };
  return (await answerOf<Job>(postJson(`${url}/v1/jobs`, request))).id;
}

/** The results of cases that are kept, and when each was written. */
async function kept(data: string): Promise<Map<string, number>> {
  const names = (await readdir(join(data, "cache"), { recursive: true }).catch(() => [])).filter((name) => name.endsWith(".json"));
  const found = new Map<string, number>();
  for (const name of names) {
    const file = join(data, "cache", name);
    if ("scan" in (JSON.parse(await readFile(file, "utf8")) as object)) found.set(name, (await stat(file)).mtimeMs);
  }
  return found;
}

/** The events of a job that has ended, by type. */
async function eventsOf(url: string, id: string): Promise<{ type: string; patient?: string; state?: string }[]> {
  const text = await (await fetch(`${url}/v1/jobs/${id}/events`)).text();
  return [...text.matchAll(/^data: (.*)$/gm)].map(([, data]) => JSON.parse(data!) as { type: string });
}

/** What became of a study: how it ended, whose cases it has, which kept results were written again, and how many there are. */
async function outcomeOf(url: string, data: string, id: string, before: ReadonlyMap<string, number>) {
  const events = await eventsOf(url, id);
  const after = await kept(data);
  const { failures } = await answerOf<{ failures: unknown[] }>(fetch(`${url}/v1/jobs/${id}/result`));
  return {
    ends: events.filter(({ type }) => type === "end").map(({ state }) => state),
    patients: events.flatMap(({ type, patient }) => (type === "case" ? [patient] : [])).toSorted(),
    writtenAgain: [...before].filter(([name, written]) => after.get(name) !== written),
    kept: after.size,
    failures,
  };
}

/** One end, every patient once, nothing written again. */
const WHOLE = { ends: ["done"], patients: cohort.map(({ id }) => id), writtenAgain: [], kept: 50, failures: [] };

const ended = (url: string, id: string) => async () => /done|failed|cancelled/.test((await jobOf(url, id)).state);

test("on the embedded database, a service killed twice goes on where it was", async () => {
  const data = join(folder, "embedded");
  const serve = () => start(["serve", "--port", "0", "--data", data]);
  let service = await serve();
  const id = await askStudy(service.told["url"] as string, cohort);
  let before = new Map<string, number>();
  for (const enough of [6, 22]) {
    await untilTrue(async () => (await jobOf(service.told["url"] as string, id)).done >= enough);
    await service.end("SIGKILL");
    before = await kept(data);
    service = await serve();
  }
  const url = service.told["url"] as string;
  await untilTrue(ended(url, id));
  expect(before.size).toBeGreaterThan(20);
  expect(await outcomeOf(url, data, id, before)).toEqual(WHOLE);
  expect(await service.end("SIGTERM")).toBe(0);
}, 240_000);

describe.skipIf(!programs)("on PostgreSQL", () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres(programs!);
  });
  afterAll(() => postgres.stop());

  test("a worker and the service are killed, another worker does what they left", async () => {
    const data = join(folder, "postgresql");
    const env = { DATABASE_URL: postgres.url };
    const serve = () => start(["serve", "--port", "0", "--jobs", "0", "--data", data], env);
    const work = () => start(["worker", "--jobs", "2", "--data", data], env);
    const first = await serve();
    const worker = await work();
    const id = await askStudy(first.told["url"] as string, cohort);
    await untilTrue(async () => (await jobOf(first.told["url"] as string, id)).done >= 6);
    await worker.end("SIGKILL");
    await first.end("SIGKILL");
    // What the queue waits for: the dead worker's last sign of life is long ago.
    await postgres.run("update pgboss.job set heartbeat_on = heartbeat_on - interval '1 hour' where state = 'active'");
    const before = await kept(data);
    const url = (await serve()).told["url"] as string;
    await work();
    await untilTrue(ended(url, id));
    expect(before.size).toBeGreaterThan(5);
    expect(await outcomeOf(url, data, id, before)).toEqual(WHOLE);
  }, 240_000);

  test("a worker whose data folder is not the service's is refused, and a key made beside the service opens it", async () => {
    const env = { DATABASE_URL: postgres.url, ISLET_DATA: join(folder, "postgresql") };
    await start(["serve", "--port", "0", "--jobs", "0"], env);
    await expect(start(["worker", "--data", join(folder, "elsewhere")], env)).rejects.toThrow(
      /is not the data folder of this database's service/,
    );
    const made = await islet(["api-key", "create", "--name", "gateway", "--scopes", "read", "--json"], { env });
    const { key } = JSON.parse(made.stdout) as { key: string };
    const url = running.at(-1)!.told["url"] as string;
    const ask = async (token: string) => (await fetch(`${url}/v1/jobs`, { headers: { Authorization: `Bearer ${token}` } })).status;
    expect([await ask(key), await ask(`${key.slice(0, -1)}!`)]).toEqual([200, 401]);
  }, 240_000);
});

test("a worker without PostgreSQL says why it cannot work, and ends with 2", async () => {
  await expect(startIslet(["worker", "--data", join(folder, "none")])).rejects.toThrow(
    /DATABASE_URL: is not set, and the embedded database/,
  );
});
