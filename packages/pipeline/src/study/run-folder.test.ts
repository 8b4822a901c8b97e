import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { TABLE_STUDY, tableStudyTables } from "../../../../test/helpers/table-study.ts";
import { checkRunFolder } from "./run-folder.node.ts";
import { loadStudy, runStudyFile } from "./run.node.ts";

let folder: string;
const at = (...parts: string[]) => join(folder, ...parts);
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-run-folder-"));
  await mkdir(at("out", "features"), { recursive: true });
  for (const [name, text] of Object.entries(tableStudyTables())) await writeFile(at(name), text);
  await writeFile(at("out", "features", "radiomics.ct.csv"), tableStudyTables()["arterial.csv"]!);
  await symlink("out", at("shortcut"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the folder of a run", () => {
  it("is refused before any work where a table that the study reads lies among the run's own, whatever either is called", async () => {
    const table = "out/features/radiomics.ct.csv";
    await writeFile(at("again.yaml"), TABLE_STUDY.replace("arterial.csv", table));
    const before = await readFile(at(table), "utf8");
    for (const out of ["out", "shortcut"]) {
      await expect(runStudyFile(at("again.yaml"), at(out), {}, () => {})).rejects.toMatchObject({
        name: "ConfigError",
        message: `${at(out)}: ${at(table)} lies where a run writes its own (features), and could be lost; choose another output folder`,
      });
    }
    expect(await readFile(at(table), "utf8")).toBe(before);
  });

  it("may hold the study and its tables beside what the run writes, and may be new", async () => {
    await writeFile(at("study.yaml"), TABLE_STUDY);
    const loaded = await loadStudy(at("study.yaml"));
    await expect(checkRunFolder(folder, at("study.yaml"), loaded)).resolves.toBeUndefined();
    await expect(checkRunFolder(at("new"), at("study.yaml"), loaded)).resolves.toBeUndefined();
  });
});
