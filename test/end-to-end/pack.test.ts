// The packed command line as who has no repository installs it: `npm pack`, `npm install` into an empty folder, and its first commands.
import { execFile } from "node:child_process";
import { cp, glob, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ballCohort, sendBall } from "../helpers/ball-cohort.ts";
import { answerOf, postJson, startIslet } from "../helpers/service.ts";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const WORKSPACES = ["packages/core-wasm", "packages/gpu-unet", "packages/pipeline", "apps/web", "apps/api", "apps/cli"];
/** What npm says where there is no registry, or it cannot be reached. */
const NO_REGISTRY = /E(NOTFOUND|CONNREFUSED|CONNRESET|TIMEDOUT|AI_AGAIN|NOTCACHED)|network/;

/** What each workspace publishes, copied: packing writes into apps/cli for a moment, where other tests run the command line. */
async function copyOfWorkspaces(to: string): Promise<void> {
  for (const workspace of WORKSPACES) {
    const { files } = JSON.parse(await readFile(join(ROOT, workspace, "package.json"), "utf8")) as { files: string[] };
    for (const pattern of ["package.json", "scripts", ...files])
      for await (const path of glob(pattern, { cwd: join(ROOT, workspace) })) {
        const copy = join(to, workspace, path);
        await mkdir(dirname(copy), { recursive: true });
        await cp(join(ROOT, workspace, path), copy, { recursive: true, filter: (file) => !file.endsWith(".map") });
      }
  }
}

describe.skipIf(!process.env["CI"])("the packed command line (where CI is set)", () => {
  let folder: string;
  let home: string;
  let why = "";
  const npm = (args: readonly string[], cwd: string) => run("npm", [...args, "--no-audit", "--no-fund", "--loglevel=error"], { cwd });
  const islet = (...args: string[]) => run(join(home, "node_modules", ".bin", "islet"), args, { cwd: home, maxBuffer: 2 ** 26 });

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "islet-pack-"));
    home = join(folder, "home");
    await mkdir(home);
    await writeFile(join(home, "package.json"), "{}");
    await copyOfWorkspaces(join(folder, "copy"));
    await npm(["pack", "--pack-destination", folder], join(folder, "copy", "apps", "cli"));
    await npm(["install", "--prefer-offline", join(folder, "islet-0.1.0.tgz")], home).catch((error: { stderr: string }) => {
      if (!NO_REGISTRY.test(error.stderr)) throw error;
      why = `npm could not fetch other people's packages: ${error.stderr.trim().split("\n")[0]}`;
    });
  }, 300_000);
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it("passes its self-test", async ({ skip }) => {
    skip(why !== "", why);
    expect((await islet("selftest")).stdout).toMatch(/agree/);
  });

  it("runs the demo of eight patients to its report", async ({ skip }) => {
    skip(why !== "", why);
    await islet("demo", "--patients", "8", "-o", "out");
    expect(await readFile(join(home, "out", "report.html"), "utf8")).toContain("Research use only");
  }, 240_000);

  it("serves: its engine processes find their code, which is all they may read beside their work", async ({ skip }) => {
    skip(why !== "", why);
    const program = join(home, "node_modules", "islet", "bin", "islet.js");
    const service = await startIslet(["serve", "--port", "0", "--data", join(folder, "data")], {}, program);
    try {
      const url = service.told["url"] as string;
      const id = await sendBall(url, ballCohort(1)[0]!);
      const asked = postJson(`${url}/v1/jobs`, { kind: "radiomics", case: id, preset: "ibsi-a" }, { Prefer: "wait=60" });
      const { result } = await answerOf<{ result: { features: object } }>(asked);
      expect(Object.keys(result.features).length).toBeGreaterThan(100);
    } finally {
      await service.end("SIGTERM");
    }
  });
});
