import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createEngines } from "./processes.ts";
import { flagsOf, type Reach } from "./reach.ts";

let folder: string;
let [own, others, program] = ["", "", ""];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-reach-"));
  [own, others] = [join(folder, "own"), join(folder, "others")];
  for (const path of [own, others]) {
    await mkdir(path);
    await writeFile(join(path, "model.islet"), "a patient's");
  }
  program = join(own, "try.mjs");
  await writeFile(program, TRIES);
});
afterAll(() => rm(folder, { recursive: true }));

/** Tries everything, also on a thread, and prints what was let through. */
const TRIES = `
import { readFileSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { spawnSync } from "node:child_process";
import { isMainThread, Worker } from "node:worker_threads";
const [own, others] = process.argv.slice(2);
const tries = {
  "read own": () => readFileSync(own + "/model.islet"),
  "write own": () => writeFileSync(own + "/made", "x"),
  "read others": () => readFileSync(others + "/model.islet"),
  "list others": () => readdirSync(others),
  "read by way of own": () => readFileSync(own + "/../others/model.islet"),
  "link to others": () => symlinkSync(others + "/model.islet", own + "/link"),
  "write others": () => writeFileSync(others + "/made", "x"),
  "start a program": () => { if (spawnSync("true").error) throw new Error(); },
  "load compiled code": () => process.dlopen({ exports: {} }, "libc.so.6"),
};
const passed = Object.keys(tries).filter((name) => {
  try { tries[name](); return true; } catch (error) { return name === "load compiled code" && error.code === "ERR_DLOPEN_FAILED" && !error.message.includes("disabled"); }
});
console.log((isMainThread ? "process: " : "thread: ") + passed.join(", "));
if (isMainThread) try { new Worker(new URL(import.meta.url), { argv: [own, others] }); } catch { console.log("no thread"); }
`;

async function tryWith(reach: Reach): Promise<string[]> {
  const child = spawn(process.execPath, [...flagsOf(reach), program, own, others], { stdio: ["ignore", "pipe", "ignore"] });
  return (await text(child.stdout)).trim().split("\n");
}

test("a reader of uploads reaches its own folder and nothing else: no file, no link, no program, no thread, no compiled code", async () => {
  expect(await tryWith({ read: [], write: [own], isWide: false })).toEqual(["process: read own, write own", "no thread"]);
});

test("a job's process may also load compiled code and start threads, whose files are held like its own", async () => {
  expect(await tryWith({ read: [own], write: [], isWide: true })).toEqual([
    "process: read own, load compiled code",
    "thread: read own, load compiled code",
  ]);
});

test("an engine is refused a file that lies elsewhere, whatever it was told, and a place elsewhere to write to", async () => {
  const engines = createEngines(1, 2 ** 31, { read: [], write: [own], isWide: false });
  try {
    const refusal = { message: expect.stringContaining("Access to this API has been restricted") };
    await expect(engines.run("describe", { file: join(others, "model.islet") }, { seconds: 60 })).rejects.toMatchObject(refusal);
    const to = { image: join(others, "image.mha"), mask: join(others, "mask.mha"), rough: join(others, "rough.json") };
    const header =
      "ObjectType = Image\nNDims = 3\nDimSize = 2 2 2\nElementSpacing = 1 1 1\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n";
    await writeFile(join(own, "scan"), Buffer.concat([Buffer.from(header), Buffer.from([1, 2, 3, 4, 5, 6, 7, 8])]));
    const given = { files: [{ field: "image", path: join(own, "scan") }], to, limits: { files: 9, bytes: 1e6, voxels: 1e6 } };
    await expect(engines.run("deposit", given, { seconds: 60 })).rejects.toMatchObject({
      message: expect.stringMatching(/restricted|written/),
    });
    expect(await readdir(others)).toEqual(["model.islet"]);
  } finally {
    engines.close();
  }
});
