import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { cacheKey, sha256 } from "./cache.ts";
import { folderCache } from "./cache.node.ts";
import { explainWriteFailure, makeFolder, writeAtomic } from "./output.node.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-cache-"));
});
afterEach(() => rm(folder, { recursive: true }));

describe("cache", () => {
  it("has a key that depends on every value and not on the order of keys", async () => {
    const key = await cacheKey({ a: 1, b: { c: [1, 2], d: null } });
    expect(await cacheKey({ b: { d: null, c: [1, 2] }, a: 1 })).toBe(key);
    expect(await cacheKey({ a: 1, b: { c: [2, 1], d: null } })).not.toBe(key);
    expect(await cacheKey({ a: "1", b: { c: [1, 2], d: null } })).not.toBe(key);
  });

  it("hashes as the standard's example", async () => {
    expect(await sha256(new TextEncoder().encode("abc"))).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  });

  it("gives back every digit of a number", async () => {
    const cache = folderCache(folder);
    const values = [Math.PI, 1 / 3, 5e-324, -0.1];
    await cache.put("k".repeat(64), { values });
    expect(await cache.get("k".repeat(64))).toEqual({ values });
  });

  it("takes a damaged entry for an absent one", async () => {
    const cache = folderCache(folder);
    await cache.put("ab", [1]);
    await writeFile(join(folder, "ab", "ab.json"), '{"values": [1,');
    expect(await cache.get("ab")).toBeNull();
    expect(await cache.get("cd")).toBeNull();
  });
});

describe("writing", () => {
  it("leaves the file whole and nothing beside it", async () => {
    await writeAtomic(join(folder, "a", "t.csv"), "x\n");
    await writeAtomic(join(folder, "a", "t.csv"), "y\n");
    expect(await readdir(join(folder, "a"))).toEqual(["t.csv"]);
    expect(await readFile(join(folder, "a", "t.csv"), "utf8")).toBe("y\n");
  });

  it("keeps the old file when it may not be replaced", async () => {
    await writeAtomic(join(folder, "s.yaml"), "mine");
    await expect(writeAtomic(join(folder, "s.yaml"), "new", { replace: false })).rejects.toMatchObject({
      name: "ConfigError",
      message: expect.stringMatching(/exists already/),
    });
    expect(await readFile(join(folder, "s.yaml"), "utf8")).toBe("mine");
    expect(await readdir(folder)).toEqual(["s.yaml"]);
  });

  it("says what to do when a file stands where a folder is needed", async () => {
    await writeFile(join(folder, "file"), "");
    await expect(writeAtomic(join(folder, "file", "x.csv"), "")).rejects.toMatchObject({ name: "ConfigError" });
    expect(await readdir(folder)).toEqual(["file"]);
  });

  it("says what to do on a full or read-only disk", () => {
    expect(explainWriteFailure("t.csv", Object.assign(new Error(), { code: "ENOSPC" }))).toMatchObject({
      name: "DeviceError",
      message: expect.stringMatching(/^t\.csv: the disk is full/),
    });
    expect(explainWriteFailure("t.csv", Object.assign(new Error(), { code: "EROFS" }))).toMatchObject({
      name: "DeviceError",
      message: expect.stringMatching(/may write to/),
    });
  });
});

describe("making a folder", () => {
  it("makes those above it, and is content with one that is there", async () => {
    await makeFolder(join(folder, "a", "b"));
    await makeFolder(join(folder, "a", "b"));
    expect(await readdir(folder)).toEqual(["a"]);
  });

  it("names the file that stands in the way", async () => {
    await writeFile(join(folder, "scan.nii"), "");
    await expect(makeFolder(join(folder, "scan.nii"))).rejects.toMatchObject({
      name: "ConfigError",
      message: expect.stringMatching(/scan\.nii: it is a file, expected a folder/),
    });
    await expect(makeFolder(join(folder, "scan.nii", "out"))).rejects.toMatchObject({
      name: "ConfigError",
      message: expect.stringMatching(/scan\.nii is a file, expected a folder/),
    });
  });

  it.skipIf(process.platform !== "linux")("ends with a sentence where no folder can be made at all", async () => {
    await expect(makeFolder("/proc/islet/out")).rejects.toMatchObject({
      name: "DeviceError",
      message: expect.stringMatching(/cannot be written/),
    });
    await expect(writeAtomic("/proc/islet.csv", "")).rejects.toMatchObject({ name: "DeviceError" });
  });
});
