import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { islet } from "../helpers/cli.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "islet-demo-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const generate = (name: string, ...more: string[]) =>
  islet(["demo", "generate", "-o", join(folder, name), "--patients", "8", "--json", ...more]);

/** Every file of a folder, by its path. */
async function filesOf(name: string): Promise<Record<string, string>> {
  const entries = await readdir(join(folder, name), { recursive: true, withFileTypes: true });
  const files = entries.filter((e) => e.isFile()).map((e) => join(e.parentPath, e.name));
  return Object.fromEntries(
    await Promise.all(
      files.sort().map(async (file) => [file.slice(join(folder, name).length), (await readFile(file)).toString("base64")] as const),
    ),
  );
}

describe("islet demo generate", () => {
  it("writes a cohort that says SYNTHETIC and that a study accepts, and completes one that lacks a patient to the same bytes", async () => {
    const first = await generate("cohort", "--workers", "2");
    expect(first.code).toBe(0);
    expect(JSON.parse(first.stdout)).toMatchObject({ synthetic: true, patients: 8, made: 8 });
    const before = await filesOf("cohort");
    expect(await readFile(join(folder, "cohort", "README.txt"), "utf8")).toContain("SYNTHETIC");
    expect(await readFile(join(folder, "cohort", "cohort.csv"), "utf8")).toMatch(/^SYNTHETIC-I-01,internal,[01],/m);
    const validated = await islet(["study", "validate", join(folder, "cohort", "study.yaml"), "--json"]);
    expect(JSON.parse(validated.stdout)).toMatchObject({ internal: { n: 6 }, external: { n: 2 }, missing: [] });

    await rm(join(folder, "cohort", "patients", "SYNTHETIC-I-02"), { recursive: true });
    const again = await generate("cohort", "--workers", "1");
    expect(JSON.parse(again.stdout)).toMatchObject({ patients: 8, made: 1 });
    const after = await filesOf("cohort");
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(Object.keys(after).filter((path) => after[path] !== before[path])).toEqual([]);
  });

  it("leaves a study file that its user has changed as it is, and says so", async () => {
    const study = join(folder, "cohort", "study.yaml");
    const own = await readFile(study, "utf8");
    await writeFile(study, own.replace("inputSize: 256", "inputSize: 128"));
    const again = await generate("cohort");
    expect(again).toMatchObject({ code: 0, stderr: expect.stringContaining("was changed since it was written and stays") });
    expect(await readFile(study, "utf8")).toContain("inputSize: 128");
    await rm(study);
    expect((await generate("cohort")).stderr).not.toContain("was changed");
    expect(await readFile(study, "utf8")).toBe(own);
  });

  it("ends with 2 and leaves the folder alone where another cohort or other files are in it, or the cohort would be too small", async () => {
    expect(await generate("cohort", "--seed", "2")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("holds another demo cohort"),
    });
    await writeFile(join(folder, "file.txt"), "");
    expect(await generate(".")).toMatchObject({ code: 2, stderr: expect.stringContaining("holds other files") });
    expect(await generate("small", "--patients", "7")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("expected 8 patients or more"),
    });
    expect((await readdir(folder)).toSorted()).toEqual(["cohort", "file.txt"]);
  });
});
