// Requests per second and p99 of the service beside a bare Hono handler, each in a process of its own, from 32 connections of this one.
import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { ballCohort, sendBall } from "../helpers/ball-cohort.ts";
import { startIslet } from "../helpers/service.ts";
import { printRow } from "./row.ts";

const CONNECTIONS = 32;
const WARM_MS = 500;
const MEASURED_MS = 2000;
/** Turns that each takes, one after the other. */
const TURNS = 3;

/** The least that a Hono service can be. */
const BARE = `
import { serve } from "@hono/node-server";
import { Hono } from "hono";
const app = new Hono().get("/healthz", (context) => context.json({ status: "ok" }));
serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => console.log(port));
`;

interface Speed {
  readonly perSecond: number;
  readonly p99Ms: number;
}

/** Asks for `url` over and over from every connection. */
async function speedOf(url: string): Promise<Speed> {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const one = () =>
    new Promise<number>((resolve, reject) => {
      const began = performance.now();
      const asked = request(url, { agent }, (answer) => {
        answer.resume();
        answer.once("end", () =>
          answer.statusCode === 200 ? resolve(performance.now() - began) : reject(new Error(`${url}: ${answer.statusCode}`)),
        );
      });
      asked.once("error", reject);
      asked.end();
    });
  const times: number[] = [];
  const begin = performance.now() + WARM_MS;
  const end = begin + MEASURED_MS;
  const lane = async () => {
    while (performance.now() < end) {
      const isCounted = performance.now() >= begin;
      const ms = await one();
      if (isCounted) times.push(ms);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  agent.destroy();
  times.sort((a, b) => a - b);
  return { perSecond: times.length / (MEASURED_MS / 1000), p99Ms: times[Math.floor(times.length * 0.99)]! };
}

const folder = await mkdtemp(join(tmpdir(), "islet-api-bench-"));
const service = await startIslet(["serve", "--port", "0", "--data", folder, "--log-level", "error"]);
const bare = spawn(process.execPath, ["--input-type=module", "--eval", BARE], {
  cwd: fileURLToPath(new URL("../../apps/api", import.meta.url)),
  stdio: ["ignore", "pipe", "inherit"],
});
try {
  const url = service.told["url"] as string;
  const port = await new Promise<string>((resolve) => bare.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim())));
  const id = await sendBall(url, ballCohort(1)[0]!);
  const jobs = [`http://127.0.0.1:${port}/healthz`, `${url}/healthz`, `${url}/v1/cases/${id}`];
  const speeds: Speed[][] = jobs.map(() => []);
  for (let turn = 0; turn < TURNS; turn++) for (const [i, job] of jobs.entries()) speeds[i]!.push(await speedOf(job));
  const [plain, live, read] = speeds as [Speed[], Speed[], Speed[]];
  const each = (of: readonly Speed[]) => of.map(({ perSecond }) => 1000 / perSecond);
  const told = (of: readonly Speed[]) =>
    of.map(({ perSecond, p99Ms }) => `${Math.round(perSecond)} requests/s with p99 ${p99Ms.toFixed(1)} ms`).join(", ");
  for (const [name, ours] of [
    ["GET /healthz", live],
    ["GET /v1/cases/{id}, embedded database", read],
  ] as const) {
    const note = `milliseconds a request, ${CONNECTIONS} connections from one process; ours ${told(ours)}; bare ${told(plain)}`;
    printRow(`service: ${name}`, each(ours), "bare Hono handler", each(plain), note);
  }
} finally {
  bare.kill();
  await service.end("SIGTERM");
  await rm(folder, { recursive: true, force: true });
}
