import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { recentStudies, rememberStudy } from "./recent.node.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-recent-"));
  vi.stubEnv("ISLET_STATE", folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});
const study = (out: string) => ({ file: "/s/study.yaml", out, name: out, state: "finished" as const });

describe("recent studies", () => {
  it("are the latest first, one entry an output folder, twelve at most", async () => {
    for (let i = 0; i < 14; i++) await rememberStudy(study(`/out/${i}`));
    await rememberStudy({ ...study("/out/7"), state: "stopped" });
    const names = (await recentStudies()).map(({ out }) => out);
    expect(names).toHaveLength(12);
    expect(names.slice(0, 3)).toEqual(["/out/7", "/out/13", "/out/12"]);
    expect((await recentStudies())[0]!.state).toBe("stopped");
  });

  it("are none where the list is not there or is no list, and the next study makes it anew", async () => {
    expect(await recentStudies()).toEqual([]);
    await writeFile(join(folder, "recent-studies.json"), "{ half");
    expect(await recentStudies()).toEqual([]);
    await rememberStudy(study("/out/1"));
    expect(JSON.parse(await readFile(join(folder, "recent-studies.json"), "utf8"))).toHaveLength(1);
  });
});
