// What a command may write over, and what it may not.
import { link, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkFileOutput } from "./output.node.ts";

let folder: string;
const at = (name: string) => join(folder, name);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-output-"));
  await writeFile(at("cohort.csv"), "patient_id\nP1\n");
  await writeFile(at("old.csv"), "patient_id\n");
  await symlink("cohort.csv", at("shortcut.csv"));
  await link(at("cohort.csv"), at("twin.csv"));
  await mkdir(at("scan"));
  await writeFile(at("scan/1.dcm"), "a slice");
  await symlink("scan", at("scan-shortcut"));
  await symlink("scan/1.dcm", at("slice.dcm"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("an output file", () => {
  it("is never one that the command reads, whatever it is called", async () => {
    for (const name of ["cohort.csv", "shortcut.csv", "twin.csv", "new/../cohort.csv"]) {
      await expect(checkFileOutput(at(name), [at("old.csv"), at("cohort.csv")])).rejects.toMatchObject({
        name: "ConfigError",
        message: `${at(name)}: is a file that this command reads, and would be lost; choose another output`,
      });
    }
    expect(await readFile(at("cohort.csv"), "utf8")).toBe("patient_id\nP1\n");
  });

  it("is never one of a folder that the command reads, whatever either is called; a file beside them may be", async () => {
    for (const [out, read] of [
      ["scan/1.dcm", "scan"],
      ["scan/1.dcm", "scan-shortcut/"],
      ["scan-shortcut/1.dcm", "scan"],
      ["slice.dcm", "scan"],
    ] as const) {
      await expect(checkFileOutput(at(out), [undefined, at(read)])).rejects.toMatchObject({
        name: "ConfigError",
        message: `${at(out)}: is a file of ${at(read)}, a folder that this command reads, and would be lost; choose another output`,
      });
    }
    await expect(checkFileOutput(at("scan/heat.nii.gz"), [at("scan")])).resolves.toBeUndefined();
    await expect(checkFileOutput(at("cohort.csv"), [at("scan")])).resolves.toBeUndefined();
  });

  it("may be new, or one of an earlier run", async () => {
    await expect(checkFileOutput(at("scores.csv"), [at("cohort.csv")])).resolves.toBeUndefined();
    await expect(checkFileOutput(at("old.csv"), [at("cohort.csv"), at("absent.csv")])).resolves.toBeUndefined();
  });

  it("is no folder", async () => {
    await expect(checkFileOutput(folder, [])).rejects.toThrow(/is a folder, expected a file to write/);
  });
});
